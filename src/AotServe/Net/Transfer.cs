using System;

namespace AotServe.Net;

/// <summary>
/// How a body or an answer moves along, and until when it has to have moved on: each progress buys time, but on average
/// only as much as the least rate allows, so that a byte now and then does not hold a connection for ever.
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

    /// <summary>Counts what moved.</summary>
    public void Add(long bytes) => _bytes += bytes;

    /// <summary>When the next progress is due, given the last one at <paramref name="now"/>.</summary>
    public readonly long Due(long now, ConnectionLimits limits)
    {
        long due = now + limits.StallTimeout;
        return limits.LeastRate == 0
            ? due
            : Math.Min(due, _start + limits.StallTimeout + (_bytes * 1000 / limits.LeastRate));
    }
}
