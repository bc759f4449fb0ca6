using System;
using System.Diagnostics;
using System.Threading;

namespace AotServe.Net;

/// <summary>
/// Gives the processor to whoever else is ready to run, before a worker would fall asleep. A client on the same processor then sends its next
/// request to a worker that is awake: to be woken, maybe on another processor that sleeps itself, takes longer than a request. Where
/// others keep the processor for long, that is not done for a while, since the kernel gives it back to a sleeper sooner.
/// </summary>
internal static class Yielding
{
    /// <summary>How long others may keep the processor, ms. A client needs some hundredths of that; who computes keeps it for a time slice.</summary>
    private const double Longest = 0.5;

    /// <summary>How long it is not done where they have kept it for longer, ms.</summary>
    private const double Pause = 1_000;

    [ThreadStatic]
    private static long _notBefore;

    /// <summary>Does so, on the calling thread, unless others have kept its processor.</summary>
    public static void BeforeSleep()
    {
        long began = Stopwatch.GetTimestamp();
        if (began >= _notBefore)
        {
            Thread.Yield();
            _notBefore = NotBefore(began, Stopwatch.GetTimestamp());
        }
    }

    /// <summary>The time from which on it may be done again.</summary>
    /// <param name="began">When others got the processor, as <see cref="Stopwatch.GetTimestamp"/>.</param>
    /// <param name="ended">When it was given back.</param>
    internal static long NotBefore(long began, long ended) =>
        ended - began > (long)(Longest / 1_000 * Stopwatch.Frequency) ? ended + (long)(Pause / 1_000 * Stopwatch.Frequency) : ended;
}
