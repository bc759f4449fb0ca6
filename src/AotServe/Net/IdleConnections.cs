using System;

namespace AotServe.Net;

/// <summary>Which connections are to be closed where there is no room for one more: those that have been idle longest.</summary>
internal static class IdleConnections
{
    /// <summary>How many are evicted at a time.</summary>
    public const int MostEvicted = 32;

    /// <summary>One that was idle for less than this, ms, is left alone.</summary>
    private const int LeastIdle = 1_000;

    /// <summary>Finds those that have been idle longest. Any thread may call.</summary>
    /// <param name="table">All sockets.</param>
    /// <param name="now">The time, as <see cref="Environment.TickCount64"/>.</param>
    /// <param name="slots">Where their slots go, in no order; room for <see cref="MostEvicted"/>.</param>
    /// <returns>How many there are.</returns>
    public static int FindOldest(SocketTable table, long now, Span<int> slots)
    {
        Span<long> since = stackalloc long[MostEvicted];
        int count = 0;
        int youngest = 0; // The index, among those that were found, of the one that has been idle for the shortest time.
        for (int slot = 0; slot < table.Extent; slot++)
        {
            if (table[slot] is not Connection { IdleSince: long idleSince } || idleSince > now - LeastIdle)
            {
                continue;
            }

            if (count < MostEvicted)
            {
                youngest = count++;
            }
            else if (idleSince >= since[youngest])
            {
                continue;
            }

            since[youngest] = idleSince;
            slots[youngest] = slot;
            for (int i = 0; i < count; i++)
            {
                youngest = since[i] > since[youngest] ? i : youngest;
            }
        }

        return count;
    }
}
