using System;
using System.Threading;

namespace AotServe.Net;

/// <summary>
/// How long a connection may stay in the phase that it is in: one deadline, set by each phase. All times are
/// <see cref="Environment.TickCount64"/>, ms. A field of its connection, for the connection's owner unless said otherwise.
/// </summary>
internal struct Deadlines
{
    /// <summary>Bytes per second below which a client does not count as going on. Own choice: no line is that slow.</summary>
    private const int LeastRate = 1024;

    private long _due;
    private long _since;
    private Transfer _transfer;

    /// <summary>
    /// When the current phase times out. Any thread may read it; a stale value only causes a check too many.
    /// </summary>
    public readonly long Due => Volatile.Read(in _due);

    /// <summary>
    /// Since when the connection waits for its client: between requests since the last one; in a head since its first byte; in a
    /// body or a response since the client last went on, unless it goes on more slowly than <see cref="LeastRate"/>. Any thread
    /// may read it; with a stale value, another connection may be evicted.
    /// </summary>
    public readonly long WaitingSince => Volatile.Read(in _since);

    /// <summary>Begins to wait for a request, for <paramref name="timeout"/> ms.</summary>
    public void StartIdle(long now, long timeout)
    {
        Volatile.Write(ref _since, now);
        Volatile.Write(ref _due, now + timeout);
    }

    /// <summary>
    /// Whether an idle connection may wait for another request during a stop, which began at <paramref name="stopTime"/>: only
    /// if it was active just before, and only for a moment.
    /// </summary>
    /// <param name="stopTime">When the stop began.</param>
    /// <param name="isSecure">Whether it may have been in a TLS handshake since then, which a client does in order to send a request.</param>
    public bool MayStayIdle(long stopTime, bool isSecure)
    {
        long from = isSecure ? Math.Max(stopTime, _since) : stopTime;
        Volatile.Write(ref _due, Math.Min(_due, from + ConnectionLimits.LastRequest));
        return stopTime - _since <= ConnectionLimits.RecentlyActive;
    }

    /// <summary>Sets the deadline of a connection that waits for bytes, if it has entered another phase or has read some.</summary>
    /// <param name="phase">The phase in which it waits.</param>
    /// <param name="isNew">Whether it was in another phase before.</param>
    /// <param name="bytesRead">How many bytes the turn has read.</param>
    /// <param name="now">As <see cref="Environment.TickCount64"/>.</param>
    /// <param name="limits">How long each phase may last.</param>
    /// <param name="isSurplus">Whether the client has too many connections, of which this one is kept only to say so.</param>
    public void StartReading(ConnectionPhase phase, bool isNew, long bytesRead, long now, ConnectionLimits limits, bool isSurplus)
    {
        switch (phase)
        {
            case ConnectionPhase.Idle when isNew || bytesRead > 0:
                StartIdle(now, isSurplus ? ConnectionLimits.Surplus : limits.IdleTimeout);
                break;
            case ConnectionPhase.Handshaking or ConnectionPhase.ReadingHead when isNew:
                // Counted from its first byte: more bytes do not extend it.
                Volatile.Write(ref _since, now);
                Volatile.Write(ref _due, now + limits.HeadTimeout);
                break;
            case ConnectionPhase.ReadingBody:
                MoveTransfer(isNew, bytesRead, now, limits);
                break;
        }
    }

    /// <summary>The connection has to wait for the client to take more of a response.</summary>
    /// <param name="isNew">Whether it is the first wait for this response.</param>
    /// <param name="bytesSent">How many bytes were sent.</param>
    /// <param name="now">As <see cref="Environment.TickCount64"/>.</param>
    /// <param name="limits">How long a response may stall, and its least rate.</param>
    public void StartSending(bool isNew, long bytesSent, long now, ConnectionLimits limits) =>
        MoveTransfer(isNew, bytesSent, now, limits);

    /// <summary>Begins to wait for the server's own work, which takes as long as it takes.</summary>
    public void StartDeferred() => Volatile.Write(ref _due, long.MaxValue);

    /// <summary>Begins to wait for the client to close its side.</summary>
    public void StartLinger(long now)
    {
        Volatile.Write(ref _since, now);
        Volatile.Write(ref _due, now + ConnectionLimits.Linger);
    }

    private void MoveTransfer(bool isNew, long bytes, long now, ConnectionLimits limits)
    {
        if (isNew)
        {
            _transfer.Start(now);
        }

        _transfer.Add(bytes);
        if (isNew || (bytes > 0 && _transfer.IsAtLeast(LeastRate, now)))
        {
            Volatile.Write(ref _since, now);
        }

        if (isNew || bytes > 0)
        {
            Volatile.Write(ref _due, _transfer.Due(now, limits));
        }
    }
}
