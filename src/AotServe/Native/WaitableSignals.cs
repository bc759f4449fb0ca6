using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>
/// Signals that the process's first thread waits for (sigwaitinfo(2)) instead of having them handled: the platform's
/// <see cref="PosixSignalRegistration"/> starts its thread pool for every signal but SIGINT, SIGQUIT and SIGTERM. All
/// threads block them, so one that comes while nobody waits is kept for the next <see cref="Wait"/>.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe partial class WaitableSignals
{
    private const nint Ignore = 1;

    private readonly int[] _signals;
    private readonly nint _thread;

    /// <summary>
    /// Blocks the signals on the calling thread, which has to be the process's first and the one to call
    /// <see cref="Wait"/>, and so on all threads that it starts from here on.
    /// </summary>
    public WaitableSignals(params int[] signals)
    {
        _signals = signals;
        _thread = pthread_self();
        foreach (int signal in signals)
        {
            exchange(signal, Ignore); // Until all threads block it, it must not end the process.
        }

        Block();
    }

    /// <summary>
    /// Blocks the signals on the calling thread, for those that are older than this. Until all do, a signal that comes while
    /// nobody waits may be lost.
    /// </summary>
    public void Block() => SignalMask.Block(_signals);

    /// <summary>Whether the process was started with a signal ignored, as by nohup(1), which is to be respected.</summary>
    public static bool IsIgnored(int signal)
    {
        nint disposition = exchange(signal, Ignore);
        if (disposition != Ignore)
        {
            exchange(signal, disposition);
        }

        return disposition == Ignore;
    }

    /// <summary>Waits for one of the signals, which <see cref="Wake"/> sends too; 0: it came back for nothing (EINTR).</summary>
    public int Wait()
    {
        byte* set = stackalloc byte[SignalMask.SetSize];
        SignalMask.Fill(set, _signals);
        return Math.Max(0, sigwaitinfo(set, null));
    }

    /// <summary>Ends a <see cref="Wait"/> that is under way, or else the next one. Called by any thread.</summary>
    public void Wake() => pthread_kill(_thread, _signals[0]);

    /// <summary>Has the calling thread take the signals as they are handled otherwise.</summary>
    public void Release() => SignalMask.Unblock(_signals);

    [LibraryImport("libc")]
    private static partial nint pthread_self();

    [LibraryImport("libc")]
    private static partial int pthread_kill(nint thread, int signal);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint exchange(int signal, nint disposition);

    [LibraryImport("libc")]
    private static partial int sigwaitinfo(byte* set, byte* info);
}
