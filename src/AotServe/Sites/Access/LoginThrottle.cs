using System;
using System.Threading;
using AotServe.Http;

namespace AotServe.Sites.Access;

/// <summary>
/// Limits the rate of failed logins by address, as a token bucket: an address has a number of tries, and gets one back every
/// few seconds. Nothing waits here; a throttled client is told when to come again. Addresses are numbers, see
/// <see cref="IClient.Network"/>. The table has a fixed size; when a set of it is full, the address that is nearest to having
/// all its tries again is evicted. Any thread may call.
/// </summary>
internal sealed class LoginThrottle
{
    /// <summary>How many tries may fail in a row.</summary>
    public const int Allowed = 10;

    /// <summary>After how long one more try is allowed, milliseconds.</summary>
    public const long Interval = 6_000;

    /// <summary>What of <see cref="Interval"/> a try counts that was not hashed. Own choice: a third.</summary>
    private const long BusyCost = Interval / 3;

    private const int Ways = 8;
    private const int Sets = 512;
    private const ulong Mix = 0x9E3779B97F4A7C15;

    private readonly object _lock = new();
    private readonly ulong[] _keys = new ulong[Sets * Ways];

    // When the address will have all its tries again, milliseconds.
    private readonly long[] _fullAt = new long[Sets * Ways];
    private readonly ulong _seed = BitConverter.ToUInt64(Guid.NewGuid().ToByteArray());
    private long _noneExhaustedAt = long.MinValue;

    /// <summary>Whether any address may be out of tries. Without a lock; may be true when none is.</summary>
    public bool IsAnyExhausted(long now) => Volatile.Read(ref _noneExhaustedAt) > now;

    /// <summary>Takes a try. False if none is left for another <paramref name="wait"/> milliseconds.</summary>
    public bool TryTake(ulong key, long now, out long wait)
    {
        lock (_lock)
        {
            int slot = Find(key, now);
            wait = WaitOf(slot, now);
            if (wait > 0)
            {
                return false;
            }

            if (slot < 0)
            {
                slot = MakeRoom(key, now);
            }

            _fullAt[slot] += Interval;
            if (WaitOf(slot, now) > 0)
            {
                Volatile.Write(ref _noneExhaustedAt, Math.Max(_noneExhaustedAt, _fullAt[slot]));
            }

            return true;
        }
    }

    /// <summary>Whether a try is left. It is not taken.</summary>
    public bool HasTry(ulong key, long now, out long wait)
    {
        lock (_lock)
        {
            wait = WaitOf(Find(key, now), now);
            return wait == 0;
        }
    }

    /// <summary>Returns a try that did not fail.</summary>
    public void GiveBack(ulong key, long now) => GiveBackTime(key, now, Interval);

    /// <summary>
    /// Returns part of a try that was not hashed because the server was busy. The rest counts, or a client that guesses could
    /// keep the server busy at no cost.
    /// </summary>
    public void GiveBackPart(ulong key, long now) => GiveBackTime(key, now, Interval - BusyCost);

    private void GiveBackTime(ulong key, long now, long milliseconds)
    {
        lock (_lock)
        {
            if (Find(key, now) is >= 0 and int slot)
            {
                _fullAt[slot] -= milliseconds;
            }
        }
    }

    private long WaitOf(int slot, long now) =>
        slot < 0 ? 0 : Math.Max(0, _fullAt[slot] - now - ((Allowed - 1) * Interval));

    /// <summary>The first of the slots that an address may have.</summary>
    private int FirstSlot(ulong key) => (int)(((key ^ _seed) * Mix) >> 55) * Ways;

    /// <summary>The slot of an address; −1 if it has all its tries.</summary>
    private int Find(ulong key, long now)
    {
        int first = FirstSlot(key);
        for (int slot = first; slot < first + Ways; slot++)
        {
            if (_keys[slot] == key && _fullAt[slot] > now)
            {
                return slot;
            }
        }

        return -1;
    }

    private int MakeRoom(ulong key, long now)
    {
        int best = FirstSlot(key);
        for (int slot = best + 1; slot % Ways != 0; slot++)
        {
            best = _fullAt[slot] < _fullAt[best] ? slot : best;
        }

        _keys[best] = key;
        _fullAt[best] = now;
        return best;
    }
}
