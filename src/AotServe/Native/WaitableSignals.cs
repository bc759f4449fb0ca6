using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>
/// Signals that the main thread waits for (sigwaitinfo(2)) instead of handling them. The reason: for every signal except
/// SIGINT, SIGQUIT and SIGTERM, <see cref="PosixSignalRegistration"/> starts the runtime's thread pool. All threads block
/// these signals, so one that comes while no thread waits stays pending until the next <see cref="Wait"/>.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe partial class WaitableSignals
{
    private const nint Ignore = 1; // SIG_IGN

    private readonly int[] _signals;
    private readonly nint _thread;

    /// <summary>
    /// Blocks the signals on the calling thread and on all threads that it starts from now on. The calling thread must be
    /// the main thread, which is also the only one that may call <see cref="Wait"/>.
    /// </summary>
    public WaitableSignals(params int[] signals)
    {
        _signals = signals;
        _thread = pthread_self();
        foreach (int signal in signals)
        {
            _ = exchange(signal, Ignore); // Until all threads block it, it must not end the process.
        }

        Block();
    }

    /// <summary>
    /// Blocks the signals on the calling thread. To be called on the threads that are older than this object: until all
    /// block the signals, one that comes while no thread waits may be lost.
    /// </summary>
    public void Block() => SignalMask.Block(_signals);

    /// <summary>Whether the process was started with a signal ignored, as nohup(1) does; that must be kept.</summary>
    public static bool IsIgnored(int signal)
    {
        nint disposition = exchange(signal, Ignore);
        if (disposition != Ignore)
        {
            _ = exchange(signal, disposition);
        }

        return disposition == Ignore;
    }

    /// <summary>
    /// Waits for one of the signals; <see cref="Wake"/> sends one too. EINTR is not retried: the caller looks whether it
    /// is still to wait, and calls again.
    /// </summary>
    /// <returns>The signal's number, or −errno: −EINTR where another signal was handled meanwhile.</returns>
    public int Wait()
    {
        var set = SignalSet.Of(_signals);
        return Errno.Result(sigwaitinfo(&set, null));
    }

    /// <summary>Ends a <see cref="Wait"/> in progress, or else the next one. Any thread may call.</summary>
    public void Wake() => _ = pthread_kill(_thread, _signals[0]);

    /// <summary>Unblocks the signals on the calling thread, which then handles them as others do.</summary>
    public void Release() => SignalMask.Unblock(_signals);

    [LibraryImport("libc")]
    private static partial nint pthread_self();

    [LibraryImport("libc")]
    private static partial int pthread_kill(nint thread, int signal);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint exchange(int signal, nint disposition);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sigwaitinfo(SignalSet* set, byte* info);
}
