using System.Collections.Generic;

namespace AotServe.Net;

/// <summary>
/// All watched sockets by slot. Any thread may call. A slot is reused after <see cref="Remove"/>: an event that was
/// under way for the one before then reaches the one after, which finds nothing to do.
/// </summary>
internal sealed class WatchTable
{
    private readonly object _lock = new();
    private readonly Stack<int> _free = new();
    private volatile Watched?[] _slots = new Watched?[64];
    private volatile int _used;

    /// <summary>The one in a slot, or null where it has gone.</summary>
    public Watched? this[int slot] => _slots[slot];

    /// <summary>One more than the highest slot ever used; for walking over all of them.</summary>
    public int Extent => _used;

    /// <summary>Gives it a slot.</summary>
    public void Add(Watched watched)
    {
        lock (_lock)
        {
            if (!_free.TryPop(out int slot))
            {
                slot = _used;
                if (slot == _slots.Length)
                {
                    var larger = new Watched?[slot * 2];
                    _slots.CopyTo(larger, 0);
                    _slots = larger;
                }

                _used++;
            }

            watched.Slot = slot;
            _slots[slot] = watched;
        }
    }

    /// <summary>Takes it out. Called by its owner, once.</summary>
    public void Remove(Watched watched)
    {
        lock (_lock)
        {
            _slots[watched.Slot] = null;
            _free.Push(watched.Slot);
        }
    }
}
