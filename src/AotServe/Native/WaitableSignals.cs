using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Threading;

namespace AotServe.Native;

/// <summary>
/// Signals that the process's first thread waits for (sigwaitinfo(2)) instead of having them handled: the platform's
/// <see cref="PosixSignalRegistration"/> starts its thread pool for every signal but SIGINT, SIGQUIT and SIGTERM. A
/// signal sent to the process goes to its first thread before any other, if that one takes it (signal(7)); where another
/// comes first all the same, as when the kernel sends SIGCONT right behind it, the registration that there is too gets it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe partial class WaitableSignals
{
    private const int SetSize = 128; // sigset_t, in glibc and musl
    private const int Block = 0;
    private const nint Ignore = 1;
    private const int ChildEnded = 17;

    private readonly int[] _signals;
    private readonly nint _thread;
    private int _woken;

    /// <summary>
    /// Blocks the signals, one or more, on the calling thread, which has to be the process's first, and is the one to
    /// call <see cref="Wait"/>: so that none is handled on it in between.
    /// </summary>
    public WaitableSignals(params ReadOnlySpan<int> signals)
    {
        _signals = signals.ToArray();
        _thread = pthread_self();
        byte* set = stackalloc byte[SetSize];
        Fill(set);
        sigaddset(set, ChildEnded); // Another thread's, lest it interrupt the wait: what comes meanwhile goes elsewhere.
        pthread_sigmask(Block, set, null);
    }

    /// <summary>Whether the process was started with the signal ignored, as by nohup(1), which is to be respected.</summary>
    public static bool IsIgnored(int signal)
    {
        nint disposition = exchange(signal, Ignore);
        if (disposition != Ignore)
            exchange(signal, disposition);
        return disposition == Ignore;
    }

    /// <summary>
    /// Returns the number of a signal that has come. 0 or below: after <see cref="Wake"/>, or for nothing (EINTR).
    /// </summary>
    public int Wait()
    {
        byte* set = stackalloc byte[SetSize];
        Fill(set);
        int signal = sigwaitinfo(set, null);

        // A real one beside it stays pending (one is the thread's, the other the process's) and comes next.
        return signal > 0 && Interlocked.Exchange(ref _woken, 0) != 0 ? 0 : signal;
    }

    /// <summary>Ends a <see cref="Wait"/> that is under way, or else the next one. Called by any thread.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _woken, 1) == 0)
            pthread_kill(_thread, _signals[0]);
    }

    private void Fill(byte* set)
    {
        sigemptyset(set);
        foreach (int signal in _signals)
            sigaddset(set, signal);
    }

    [LibraryImport("libc")]
    private static partial nint pthread_self();

    [LibraryImport("libc")]
    private static partial int pthread_kill(nint thread, int signal);

    [LibraryImport("libc")]
    private static partial int pthread_sigmask(int how, byte* set, byte* old);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint exchange(int signal, nint disposition);

    [LibraryImport("libc")]
    private static partial int sigemptyset(byte* set);

    [LibraryImport("libc")]
    private static partial int sigaddset(byte* set, int signal);

    [LibraryImport("libc")]
    private static partial int sigwaitinfo(byte* set, byte* info);
}
