using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>
/// A signal that the process's first thread waits for (sigwaitinfo(2)) instead of having it handled: the platform's
/// <see cref="PosixSignalRegistration"/> starts its thread pool for every signal but SIGINT, SIGQUIT and SIGTERM. A
/// signal sent to the process goes to its first thread before any other, if that one takes it (signal(7)); where another
/// comes first all the same, as when the kernel sends SIGCONT right behind it, the registration that there is too gets it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe partial class WaitableSignal
{
    private const int SetSize = 128; // sigset_t, in glibc and musl
    private const int Block = 0;
    private const nint Ignore = 1;

    private readonly int _signal;
    private readonly nint _thread;

    /// <summary>
    /// Blocks the signal on the calling thread, which has to be the process's first, and is the one to call
    /// <see cref="Wait"/>: so that none is handled on it in between.
    /// </summary>
    public WaitableSignal(int signal)
    {
        _signal = signal;
        _thread = pthread_self();
        byte* set = stackalloc byte[SetSize];
        Fill(set);
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
    /// Returns when the signal has come, or after <see cref="Wake"/>. False: it came back for nothing (EINTR).
    /// </summary>
    public bool Wait()
    {
        byte* set = stackalloc byte[SetSize];
        Fill(set);
        return sigwaitinfo(set, null) == _signal;
    }

    /// <summary>Ends a <see cref="Wait"/> that is under way, or else the next one. Called by any thread.</summary>
    public void Wake() => pthread_kill(_thread, _signal);

    private void Fill(byte* set)
    {
        sigemptyset(set);
        sigaddset(set, _signal);
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
