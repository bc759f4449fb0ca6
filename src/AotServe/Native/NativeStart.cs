using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AotServe.Native;

/// <summary>The part of the program that runs before the runtime (<c>start.c</c>): it says why the runtime could not start.</summary>
internal static partial class NativeStart
{
    /// <summary>Tells it that the runtime has started. Called once, first of all.</summary>
    public static void Begin()
    {
        // Only the native binary has it.
        if (!OperatingSystem.IsWindows() && !RuntimeFeature.IsDynamicCodeSupported)
        {
            aotserve_begin();
        }
    }

    [LibraryImport("aotserve_start")]
    private static partial void aotserve_begin();
}
