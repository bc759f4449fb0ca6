using System;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AotServe.Native;

/// <summary>
/// The part of the program that runs before the runtime (<c>start.c</c>): it says why the runtime could not start, and keeps the runtime's
/// own thread until it is to start. Only the native binary has it.
/// </summary>
internal static partial class NativeStart
{
    private static bool IsLinked => !OperatingSystem.IsWindows() && !RuntimeFeature.IsDynamicCodeSupported;

    /// <summary>Tells it that the runtime has started. Called once, first of all.</summary>
    public static void Begin()
    {
        if (IsLinked)
        {
            aotserve_begin();
        }
    }

    /// <summary>
    /// Starts the thread of the runtime that runs finalizers. Until then none runs. On Linux it has from now on what the calling
    /// thread has: its signal mask, its capabilities, its Landlock rules; so this is called when all of them are set. Where the system
    /// refuses to start a thread, the process ends with a line that says so, and exit code 1.
    /// </summary>
    public static void StartRuntimeThread()
    {
        if (IsLinked)
        {
            aotserve_start_runtime_thread();
        }
    }

    /// <summary>
    /// Gives the threads that are started from now on so many heaps of the C library in place of one, whose lock they would wait for: where
    /// a library allocates with each request. Called by the main thread before it starts others.
    /// </summary>
    public static void AllowHeaps(int count)
    {
        if (IsLinked)
        {
            aotserve_allow_heaps(count);
        }
    }

    /// <summary>
    /// Makes OpenSSL ready to be called, where it does not come ready (late-openssl.c). Called by one thread, before anything of OpenSSL is;
    /// calling it again does nothing.
    /// </summary>
    /// <exception cref="Win32Exception">The system refuses to make its constants read-only; with the errno.</exception>
    public static void PrepareOpenSsl()
    {
        int error = IsLinked ? aotserve_prepare_openssl() : 0;
        if (error != 0)
        {
            throw new Win32Exception(error);
        }
    }

    [LibraryImport("aotserve_start")]
    private static partial void aotserve_begin();

    [LibraryImport("aotserve_start")]
    private static partial int aotserve_prepare_openssl();

    [LibraryImport("aotserve_start")]
    private static partial void aotserve_allow_heaps(int count);

    [LibraryImport("aotserve_start")]
    private static partial void aotserve_start_runtime_thread();
}
