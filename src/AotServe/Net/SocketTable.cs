using System.Collections.Generic;

namespace AotServe.Net;

/// <summary>
/// All polled sockets, by slot. Any thread may call. A slot is reused after <see cref="Remove"/>. A late event of the old
/// socket then reaches the new one, which finds nothing to do.
/// </summary>
internal sealed class SocketTable
{
    private readonly object _lock = new();
    private readonly Stack<int> _free = new();
    private volatile PolledSocket?[] _slots = new PolledSocket?[64];
    private volatile int _used;

    /// <summary>The socket in a slot; null: the slot is free.</summary>
    public PolledSocket? this[int slot] => _slots[slot];

    /// <summary>One more than the highest slot ever used; for walking over all of them.</summary>
    public int Extent => _used;

    /// <summary>Gives a socket a slot.</summary>
    public void Add(PolledSocket polled)
    {
        lock (_lock)
        {
            if (!_free.TryPop(out int slot))
            {
                slot = _used;
                if (slot == _slots.Length)
                {
                    var larger = new PolledSocket?[slot * 2];
                    _slots.CopyTo(larger, 0);
                    _slots = larger;
                }

                _used++;
            }

            polled.Slot = slot;
            _slots[slot] = polled;
        }
    }

    /// <summary>Frees a socket's slot. Called once, by its owner.</summary>
    public void Remove(PolledSocket polled)
    {
        lock (_lock)
        {
            _slots[polled.Slot] = null;
            _free.Push(polled.Slot);
        }
    }
}
