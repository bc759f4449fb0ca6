using System;
using System.Collections.Generic;

namespace AotServe.Net;

/// <summary>
/// Which connections are closed where there is no room for one more: of those that wait for their client, the ones of the
/// address that has most, and among these the ones that have waited longest. A client that goes on with what it does is never
/// among them. For one thread at a time.
/// </summary>
/// <param name="table">All sockets.</param>
/// <param name="places">How many connections there may be.</param>
internal sealed class Eviction(SocketTable table, long places)
{
    /// <summary>How many are evicted at a time.</summary>
    public const int MostEvicted = 64;

    /// <summary>A connection that waited for less than this, ms, is left alone.</summary>
    private const int LeastWait = 100;

    /// <summary>The same where its address has no large part of the places. Own choice: more than most round trips.</summary>
    private const int UsualLeastWait = 250;

    /// <summary>The same where its client takes a response, but nothing of it for so long.</summary>
    private const int LeastStall = 1_000;

    /// <summary>The same for a client whose address has no large part of the places.</summary>
    private const int UsualLeastStall = 5_000;

    /// <summary>An address has a large part of the places if it has more than one in so many.</summary>
    private const int LargePart = 8;

    private readonly Dictionary<ulong, int> _counts = [];

    /// <summary>None until somebody has to go.</summary>
    private Candidate[] _worst = [];

    /// <summary>Whether a connection has waited for its client for long enough to be evicted at all.</summary>
    public static bool IsWaiting(Connection connection, long now) => WaitingSince(connection) <= now - LeastWait;

    /// <summary>Finds those to evict.</summary>
    /// <param name="now">The time, as <see cref="Environment.TickCount64"/>.</param>
    /// <param name="slots">Where their slots go; room for <see cref="MostEvicted"/>.</param>
    /// <returns>How many there are.</returns>
    public int Find(long now, Span<int> slots)
    {
        _counts.Clear();
        _worst = _worst.Length > 0 ? _worst : new Candidate[MostEvicted];
        for (int slot = 0; slot < table.Extent; slot++)
        {
            if (table[slot] is Connection { Origin: { IsProxy: false, Address: not null } } connection)
            {
                _counts[connection.Origin.Network] = _counts.GetValueOrDefault(connection.Origin.Network) + 1;
            }
        }

        int found = 0;
        for (int slot = 0; slot < table.Extent; slot++)
        {
            if (table[slot] is Connection connection)
            {
                Consider(connection, slot, now, ref found);
            }
        }

        for (int i = 0; i < found; i++)
        {
            slots[i] = _worst[i].Slot;
        }

        return found;
    }

    /// <summary>The largest value where it does not wait for its client, but for this server.</summary>
    private static long WaitingSince(Connection connection) =>
        connection.Phase is ConnectionPhase.Responding or ConnectionPhase.Responded or ConnectionPhase.Deferred
            ? long.MaxValue
            : connection.WaitingSince;

    private void Consider(Connection connection, int slot, long now, ref int found)
    {
        int count = _counts.GetValueOrDefault(connection.Origin.Network);
        bool isHeavy = count > Math.Max(1, places / LargePart);
        bool isSending = connection.Phase == ConnectionPhase.Sending;
        long since = WaitingSince(connection);
        int least = isSending ? (isHeavy ? LeastStall : UsualLeastStall) : isHeavy ? LeastWait : UsualLeastWait;
        if (since > now - least)
        {
            return;
        }

        // Kept sorted, the worst first; most connections are no worse than the last one.
        var candidate = new Candidate(slot, count, isSending, since);
        int at = found;
        while (at > 0 && candidate.IsWorseThan(_worst[at - 1]))
        {
            at--;
        }

        if (at == MostEvicted)
        {
            return;
        }

        found = Math.Min(found + 1, MostEvicted);
        Array.Copy(_worst, at, _worst, at + 1, found - at - 1);
        _worst[at] = candidate;
    }

    private readonly struct Candidate(int slot, int count, bool isSending, long since)
    {
        public int Slot => slot;

        private int Count => count;

        private bool IsSending => isSending;

        private long Since => since;

        public bool IsWorseThan(in Candidate other) => count != other.Count ? count > other.Count
            : isSending != other.IsSending ? other.IsSending
            : since < other.Since;
    }
}
