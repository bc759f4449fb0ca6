using System;
using System.Threading;
using AotServe.Http;

namespace AotServe.Sites.Access;

/// <summary>
/// Slows guessing down: an address has so many tries, and gets another one back every few seconds. Nobody waits for it in
/// here; who has none left is told when to come again. An address is a number here, see <see cref="IClient.Network"/>.
/// Bounded: where there is no room, the address that is nearest to having all its tries again is forgotten. Any thread
/// may call.
/// </summary>
internal sealed class LoginThrottle
{
    /// <summary>How many tries may fail in a row.</summary>
    public const int Allowed = 10;

    /// <summary>After how long one more is allowed, milliseconds.</summary>
    public const long Interval = 6_000;

    private const int Ways = 8;
    private const int Sets = 512;
    private const ulong Mix = 0x9E3779B97F4A7C15;

    private readonly object _lock = new();
    private readonly ulong[] _keys = new ulong[Sets * Ways];

    // When the address will have all its tries again.
    private readonly long[] _clearAt = new long[Sets * Ways];
    private readonly ulong _seed = BitConverter.ToUInt64(Guid.NewGuid().ToByteArray());
    private long _quietAt = long.MinValue;

    /// <summary>Whether any address at all could be out of tries. One look at the memory; true may be too careful.</summary>
    public bool IsAnyExhausted(long now) => Volatile.Read(ref _quietAt) > now;

    /// <summary>Takes a try. False: there is none left, come again after <paramref name="wait"/> milliseconds.</summary>
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

            _clearAt[slot] += Interval;
            if (WaitOf(slot, now) > 0)
            {
                Volatile.Write(ref _quietAt, Math.Max(_quietAt, _clearAt[slot]));
            }

            return true;
        }
    }

    /// <summary>Whether there is a try to take, without taking it.</summary>
    public bool HasTry(ulong key, long now, out long wait)
    {
        lock (_lock)
        {
            wait = WaitOf(Find(key, now), now);
            return wait == 0;
        }
    }

    /// <summary>Gives a try back that did not fail.</summary>
    public void GiveBack(ulong key, long now)
    {
        lock (_lock)
        {
            if (Find(key, now) is >= 0 and int slot)
            {
                _clearAt[slot] -= Interval;
            }
        }
    }

    private long WaitOf(int slot, long now) =>
        slot < 0 ? 0 : Math.Max(0, _clearAt[slot] - now - ((Allowed - 1) * Interval));

    /// <summary>The first of the slots that an address may have.</summary>
    private int FirstSlot(ulong key) => (int)(((key ^ _seed) * Mix) >> 55) * Ways;

    /// <summary>The slot of an address; −1: it has all its tries.</summary>
    private int Find(ulong key, long now)
    {
        int first = FirstSlot(key);
        for (int slot = first; slot < first + Ways; slot++)
        {
            if (_keys[slot] == key && _clearAt[slot] > now)
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
            best = _clearAt[slot] < _clearAt[best] ? slot : best;
        }

        _keys[best] = key;
        _clearAt[best] = now;
        return best;
    }
}
