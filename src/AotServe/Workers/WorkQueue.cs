using System.Collections.Generic;
using System.Threading;

namespace AotServe.Workers;

/// <summary>
/// The queue between those who have work and the workers: one lock, one <see cref="Queue{T}"/>, and
/// <see cref="Monitor.Wait(object)"/>/<see cref="Monitor.Pulse(object)"/>. It also decides who waits in the
/// <see cref="IWorkSource"/>: whoever comes for work and finds none while nobody else is waiting there.
/// </summary>
/// <remarks>
/// What keeps work from lying about: whoever leaves <see cref="Take"/> with an item wakes a sleeper if there is more to
/// do, that is, if items are queued or nobody waits in the source. At most one wake-up is on its way at any time; the one
/// woken does the same in turn, so as many workers run as there is work for and no more are disturbed.
/// </remarks>
internal sealed class WorkQueue(IWorkSource? source)
{
    /// <summary>How many items one wait in the source may bring.</summary>
    private const int Batch = 256;

    private readonly object _lock = new();
    private readonly Queue<IThreadPoolWorkItem> _items = new();

    // Belongs to whoever is polling.
    private readonly IThreadPoolWorkItem[] _ready = source is null ? [] : new IThreadPoolWorkItem[Batch];

    private bool _polling;
    private bool _waking;
    private bool _closed;
    private int _sleepers;

    /// <summary>Adds an item at the end. False, and the item is not taken, once the queue is closed.</summary>
    /// <param name="item">The item.</param>
    /// <param name="wake">
    /// Whether to wake somebody for it; not where the caller is about to <see cref="Take"/>, and wakes others then.
    /// </param>
    public bool Add(IThreadPoolWorkItem item, bool wake = true)
    {
        bool wakeSource;
        lock (_lock)
        {
            if (_closed)
                return false;
            _items.Enqueue(item);
            wakeSource = wake && PassOn();
        }

        if (wakeSource)
            source!.Wake();
        return true;
    }

    /// <summary>
    /// The next item to run: a queued one; else null once the queue is closed; else what the source brings, if nobody
    /// waits there yet; else sleeps until there is something of these.
    /// </summary>
    public IThreadPoolWorkItem? Take()
    {
        IThreadPoolWorkItem? item;
        while (!TryTake(out item))
        {
            int count = source!.WaitForWork(_ready);
            lock (_lock)
            {
                _polling = false;
                if (count == 0)
                    continue;

                for (int i = 1; i < count; i++)
                    _items.Enqueue(_ready[i]);
                item = _ready[0];
                PassOn(); // Nobody is in the source to be woken.
                return item;
            }
        }

        return item;
    }

    /// <summary>
    /// Takes no more items and wakes everyone: <see cref="Take"/> hands out what is queued, then null. What the source
    /// still has is not waited for: who needs it drained does that before.
    /// </summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            Monitor.PulseAll(_lock);
        }

        source?.Wake();
    }

    /// <summary>
    /// A queued item, or null once the queue is closed; sleeps until there is one of these. False: the caller is to wait in
    /// the source, where nobody else does.
    /// </summary>
    private bool TryTake(out IThreadPoolWorkItem? item)
    {
        bool wakeSource;
        lock (_lock)
        {
            while (!_items.TryDequeue(out item))
            {
                if (_closed)
                    return true;
                if (source is not null && !_polling)
                {
                    _polling = true;
                    return false;
                }

                _sleepers++;
                Monitor.Wait(_lock);
                _sleepers--;
                _waking = false;
            }

            wakeSource = PassOn();
        }

        if (wakeSource)
            source!.Wake();
        return true;
    }

    /// <summary>
    /// Wakes a sleeper if there is something to do; the lock is held. True: there is none, but who waits in the source is
    /// to be woken when the lock is not held any more, for that is a system call.
    /// </summary>
    private bool PassOn()
    {
        if (_items.Count == 0 && (source is null || _polling))
            return false;
        if (_sleepers == 0)
            return _polling;
        if (!_waking)
        {
            _waking = true;
            Monitor.Pulse(_lock);
        }

        return false;
    }
}
