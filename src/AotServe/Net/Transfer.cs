using System;

namespace AotServe.Net;

/// <summary>
/// The progress of a body or a response, and when the next progress is due. Progress extends the deadline, but on average
/// only as far as the least rate allows. So a client cannot hold a connection for ever by a byte now and then.
/// </summary>
internal struct Transfer
{
    private long _start;
    private long _bytes;

    /// <summary>Starts at <paramref name="now"/>, as <see cref="Environment.TickCount64"/>.</summary>
    public void Start(long now)
    {
        _start = now;
        _bytes = 0;
    }

    /// <summary>Counts bytes that were received or sent.</summary>
    public void Add(long bytes) => _bytes += bytes;

    /// <summary>Whether it was that fast on average, bytes per second. At its start it is.</summary>
    public readonly bool IsAtLeast(long rate, long now) => _bytes * 1000 >= rate * (now - _start);

    /// <summary>When the next progress is due, given the last one at <paramref name="now"/>.</summary>
    public readonly long Due(long now, ConnectionLimits limits)
    {
        long due = now + limits.StallTimeout;
        return limits.LeastRate == 0
            ? due
            : Math.Min(due, _start + limits.StallTimeout + (_bytes * 1000 / limits.LeastRate));
    }
}
