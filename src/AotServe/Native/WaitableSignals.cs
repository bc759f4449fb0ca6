using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>
/// Signals that the main thread waits for (sigtimedwait(2)) instead of handling them. The reason: for every signal except
/// SIGINT, SIGQUIT and SIGTERM, <see cref="PosixSignalRegistration"/> starts the runtime's thread pool. All threads block
/// these signals, so one that comes while no thread waits stays pending until the next <see cref="Wait"/>.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe partial class WaitableSignals
{
    private const nint Ignore = 1; // SIG_IGN

    private const int Urgent = 23; // SIGURG, which nobody else sends here and which does nothing where it is not waited for

    private readonly int[] _signals;
    private readonly nint _thread;

    /// <summary>
    /// Blocks the signals on the calling thread and on all threads that it starts from now on. The calling thread must be
    /// the main thread, which is also the only one that may call <see cref="Wait"/>.
    /// </summary>
    public WaitableSignals(params int[] signals)
    {
        _signals = [.. signals, Urgent];
        _thread = pthread_self();
        foreach (int signal in signals)
        {
            _ = exchange(signal, Ignore); // Until this thread waits for it, it must not end the process.
        }

        SignalMask.Block(_signals);
    }

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
    /// Waits for one of the signals, or for <see cref="Wake"/>. EINTR is not retried: the caller looks whether it is still to wait, and calls
    /// again.
    /// </summary>
    /// <param name="timeoutMs">How long at most, ms; −1: for ever.</param>
    /// <returns>The signal's number, which may be none of those that were given: then it was <see cref="Wake"/>; or −errno: −EINTR where
    /// another signal was handled meanwhile, −EAGAIN where the time is over.</returns>
    public int Wait(int timeoutMs)
    {
        var set = SignalSet.Of(_signals);
        TimeSpec time = new() { Seconds = timeoutMs / 1000, Nanoseconds = timeoutMs % 1000 * 1_000_000 };
        return Errno.Result(sigtimedwait(&set, null, timeoutMs < 0 ? null : &time));
    }

    /// <summary>Ends a <see cref="Wait"/> in progress, or else the next one. Any thread may call.</summary>
    public void Wake() => _ = pthread_kill(_thread, Urgent);

    /// <summary>Unblocks the signals on the calling thread, which then handles them as others do.</summary>
    public void Release() => SignalMask.Unblock(_signals);

    [LibraryImport("libc")]
    private static partial nint pthread_self();

    [LibraryImport("libc")]
    private static partial int pthread_kill(nint thread, int signal);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint exchange(int signal, nint disposition);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sigtimedwait(SignalSet* set, byte* info, TimeSpec* timeout);

    /// <summary><c>struct timespec</c> of 64-bit systems.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
