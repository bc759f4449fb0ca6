using System.Diagnostics;
using System.Threading;

namespace AotServe.Net;

/// <summary>
/// What a worker does before it falls asleep: it gives the processor to whoever else is ready to run, and where events come one by one and
/// soon, it looks for them again for a while. A client on the same processor then sends its next request to a worker that is awake: to be
/// woken, maybe on another processor that sleeps itself, takes longer than a request. Where others keep the processor for long, none of that is
/// done for a while, since the kernel gives it back to a sleeper sooner. One for each thread; times are those of
/// <see cref="Stopwatch.GetTimestamp"/>.
/// </summary>
internal struct BusyPolling
{
    /// <summary>How long others may keep the processor, µs. A client needs some tens of them; who computes keeps it for a time slice.</summary>
    private const int LongestYield = 500;

    /// <summary>For how many times as long nothing is done where they have kept it for longer: a thousandth of the time is lost at most.</summary>
    private const int Pause = 1_000;

    /// <summary>The same where events come one by one: it is worth more there.</summary>
    private const int ShortPause = 100;

    /// <summary>How long a worker looks again before it sleeps, µs: about what it takes to be woken on a processor that sleeps.</summary>
    private const int Longest = 20;

    /// <summary>
    /// A wait that was no longer than this is short, µs: the next one is likely to end soon. So a worker looks again only where it would be
    /// woken ten thousand times a second or more: it takes a fifth of a processor more then, and from fifty thousand on it does not sleep.
    /// </summary>
    private const int ShortWait = 100;

    /// <summary>Events come one by one where a wait brings no more than so many on average. Where more come, sleep gathers them.</summary>
    private const int Few = 2;

    /// <summary>How many waits the average is over.</summary>
    private const int Averaged = 8;

    private long _began;
    private long _notBefore;
    private int _events;

    /// <summary>Whether events come one by one, which a new thread takes for granted.</summary>
    internal readonly bool AreFew => _events / Averaged <= Few;

    /// <summary>Whether the last wait was short.</summary>
    internal bool WasShort { get; private set; }

    /// <summary>The worker is about to wait. Gives the processor away once.</summary>
    /// <returns>Whether to look for events without sleeping.</returns>
    public bool Begin()
    {
        _began = Stopwatch.GetTimestamp();
        return Yield(_began) && WasShort && AreFew;
    }

    /// <summary>The worker has found nothing. Gives the processor away again.</summary>
    /// <returns>Whether to look once more without sleeping.</returns>
    public bool GoOn()
    {
        long now = Stopwatch.GetTimestamp();
        return now - _began <= Ticks(Longest) && Yield(now);
    }

    /// <summary>The wait is over, whether the worker has slept or not, and has brought so many events.</summary>
    public void End(int count) => End(_began, Stopwatch.GetTimestamp(), count);

    /// <summary>A wait from one time to another is over.</summary>
    internal void End(long began, long ended, int count)
    {
        _events += count - (_events / Averaged);
        WasShort = ended - began <= Ticks(ShortWait);
    }

    /// <summary>The time from which on the processor may be given away again.</summary>
    /// <param name="began">When others got it.</param>
    /// <param name="ended">When it was given back.</param>
    internal readonly long NotBefore(long began, long ended) =>
        ended - began > Ticks(LongestYield) ? ended + ((ended - began) * (AreFew ? ShortPause : Pause)) : ended;

    /// <returns>Whether others have given the processor back soon.</returns>
    private bool Yield(long now)
    {
        if (now < _notBefore)
        {
            return false;
        }

        Thread.Yield();
        long ended = Stopwatch.GetTimestamp();
        _notBefore = NotBefore(now, ended);
        return _notBefore == ended;
    }

    private static long Ticks(int microseconds) => microseconds * (Stopwatch.Frequency / 1_000_000);
}
