using System;
using System.Collections.Generic;
using System.Numerics;
using System.Threading;

namespace AotServe.Buffers;

/// <summary>
/// Makes the <see cref="SharedBytes"/> of a cache, and uses the memory of those that the cache has given up for the next ones, so that a cache
/// that is larger than its room does not leave one array after the other to the collector. Any thread may call.
/// </summary>
/// <remarks>
/// Who reads them within a turn does not say so. Therefore what was given up is first gathered, then waits until all turns of that moment are
/// over (<see cref="IReaders"/>), and is free after that. What a response still keeps then is left to the collector, and so is what would
/// become too much, since one turn takes long or since files of other lengths are asked for now.
/// </remarks>
/// <param name="buffers">What bytes are charged to while responses keep them.</param>
internal sealed class SharedBytesPool(BufferBudget buffers)
{
    /// <summary>How many bytes are gathered before their wait begins: enough to make its price small.</summary>
    private const int LeastGathered = 128 * 1024;

    /// <summary>The most bytes that are gathered, and that are free: beyond that they are left to the collector.</summary>
    private const int MostIdle = 1024 * 1024;

    /// <summary>The difference of neighbouring lengths is an eighth of them at most, and at least this, bytes.</summary>
    private const int LeastStep = 64;

    /// <summary>Up to so many bytes are allocated with everything else: the first requests touch no other part of the heap.</summary>
    private const int MostAmongOthers = 64 * 1024;

    private readonly object _lock = new();
    private readonly Dictionary<int, Stack<SharedBytes>> _free = [];
    private readonly List<SharedBytes> _gathered = [];
    private readonly List<SharedBytes> _waiting = [];
    private int[] _turns = [];
    private long _gatheredBytes;
    private long _freeBytes;
    private long _left;
    private long _made;

    /// <summary>Who reads. Null: nobody can say, and nothing is used again.</summary>
    public IReaders? Readers { get; set; }

    /// <summary>How many bytes content of a length takes, the rest of its room included.</summary>
    public static int RoomFor(int length)
    {
        int step = Math.Max(LeastStep, (int)(BitOperations.RoundUpToPowerOf2((uint)length) / 16));
        return (length + step - 1) / step * step;
    }

    /// <summary>Makes a copy of bytes that never change.</summary>
    public SharedBytes Share(ReadOnlySpan<byte> bytes)
    {
        int room = RoomFor(bytes.Length);
        SharedBytes shared = TryReuse(room) ?? Make(room);
        bytes.CopyTo(shared.Room);
        shared.Refill(bytes.Length);
        return shared;
    }

    /// <summary>Takes back what nobody finds any more. Called once for each.</summary>
    public void GiveUp(SharedBytes bytes)
    {
        lock (_lock)
        {
            if (Readers is null || _gatheredBytes > MostIdle)
            {
                _left += bytes.Room.Length;
                return;
            }

            _gathered.Add(bytes);
            _gatheredBytes += bytes.Room.Length;
        }
    }

    /// <summary>How many bytes were left to the collector since this was last asked.</summary>
    public long TakeLeft()
    {
        lock (_lock)
        {
            long left = _left;
            _left = 0;
            return left;
        }
    }

    /// <summary>Where arrays are pinned, the collector has no reason to move them: they lie side by side.</summary>
    private SharedBytes Make(int room) => SharedBytes.OfRoom(
        GC.AllocateUninitializedArray<byte>(room, pinned: Interlocked.Add(ref _made, room) > MostAmongOthers), buffers);

    private SharedBytes? TryReuse(int room)
    {
        lock (_lock)
        {
            if (Readers is null)
            {
                return null;
            }

            if (TakeFree(room) is { } reused)
            {
                return reused;
            }

            Advance(Readers);
            return TakeFree(room);
        }
    }

    private SharedBytes? TakeFree(int room)
    {
        if (!_free.TryGetValue(room, out Stack<SharedBytes>? free) || !free.TryPop(out SharedBytes? taken))
        {
            return null;
        }

        _freeBytes -= room;
        return taken;
    }

    /// <summary>Frees what has waited long enough, and begins the wait of what was gathered. The caller holds the lock.</summary>
    private void Advance(IReaders readers)
    {
        if (_waiting.Count > 0)
        {
            if (!readers.AreOver(_turns))
            {
                return;
            }

            _waiting.ForEach(Free);
            _waiting.Clear();
        }

        if (_gatheredBytes >= LeastGathered)
        {
            _waiting.AddRange(_gathered);
            _gathered.Clear();
            _gatheredBytes = 0;
            readers.Note(ref _turns);
        }
    }

    private void Free(SharedBytes bytes)
    {
        int room = bytes.Room.Length;
        if (!bytes.IsReusable)
        {
            _left += room;
            return;
        }

        if (_freeBytes + room > MostIdle)
        {
            _left += _freeBytes; // Of lengths that are not asked for any more, mostly.
            _freeBytes = 0;
            _free.Clear();
        }

        if (!_free.TryGetValue(room, out Stack<SharedBytes>? free))
        {
            _free.Add(room, free = new Stack<SharedBytes>());
        }

        free.Push(bytes);
        _freeBytes += room;
    }
}
