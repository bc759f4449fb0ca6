using System;
using System.Collections.Generic;
using System.Threading;

namespace AotServe.Workers;

/// <summary>
/// The queue between those who have work and the workers: one lock, one <see cref="Queue{T}"/>, and
/// <see cref="Monitor.Wait(object)"/>/<see cref="Monitor.Pulse(object)"/>. Who comes for work and finds none waits in the
/// <see cref="IWorkSource"/>, as far as there is room for one more, and else sleeps here.
/// </summary>
/// <remarks>
/// What keeps work from lying about: whoever leaves <see cref="Take"/> with an item wakes somebody if there is more to do,
/// that is, if items are queued or nobody waits in the source. At most one wake-up of each kind is on its way at any time;
/// the one woken does the same in turn, so as many workers run as there is work for and no more are disturbed. Where all
/// idle workers may wait in the source, as with epoll(7), what arrives one by one wakes one of them and costs no hand-over.
/// </remarks>
internal sealed class WorkQueue(IWorkSource? source)
{
    /// <summary>How many items one wait in the source may bring.</summary>
    public const int Batch = 256;

    private readonly object _lock = new();
    private readonly Queue<IThreadPoolWorkItem> _items = new();
    private readonly int _mostWaiting = source?.MostWaiting ?? 0;

    // How many are in the source, and how many sleep here; and whether one of them is being woken.
    private int _waiting;
    private int _sleepers;
    private bool _wakingSource;
    private bool _wakingSleeper;
    private bool _closed;

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
            {
                return false;
            }

            _items.Enqueue(item);
            wakeSource = wake && PassOn();
        }

        if (wakeSource)
        {
            source!.Wake();
        }

        return true;
    }

    /// <summary>
    /// The next item to run: a queued one; else null once the queue is closed; else what the source brings; else sleeps
    /// until there is something of these.
    /// </summary>
    /// <param name="ready">The caller's own, of <see cref="Batch"/> items, for what the source brings.</param>
    public IThreadPoolWorkItem? Take(IThreadPoolWorkItem[] ready)
    {
        IThreadPoolWorkItem? item;
        while (!TryTake(out item))
        {
            int count = source!.WaitForWork(ready);
            bool wakeSource;
            lock (_lock)
            {
                _waiting--;
                _wakingSource = false;
                if (count == 0)
                {
                    continue;
                }

                for (int i = 1; i < count; i++)
                {
                    _items.Enqueue(ready[i]);
                }

                wakeSource = PassOn();
            }

            if (wakeSource)
            {
                source.Wake();
            }

            item = ready[0];
            Array.Clear(ready, 0, count); // What has ended need not be kept.
            return item;
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
    /// the source, and counts as one who does.
    /// </summary>
    private bool TryTake(out IThreadPoolWorkItem? item)
    {
        bool wakeSource;
        lock (_lock)
        {
            while (!_items.TryDequeue(out item) && !_closed)
            {
                if (_waiting < _mostWaiting)
                {
                    _waiting++;
                    return false;
                }

                _sleepers++;
                Monitor.Wait(_lock);
                _sleepers--;
                _wakingSleeper = false;
            }

            // Who leaves for good wakes the next one in the source, and that one the next.
            wakeSource = item is null ? _waiting > 0 : PassOn();
        }

        if (wakeSource)
        {
            source!.Wake();
        }

        return true;
    }

    /// <summary>
    /// Wakes a sleeper if there is something to do; the lock is held. True: there is none, but one who waits in the source
    /// is to be woken when the lock is not held any more, for that is a system call.
    /// </summary>
    private bool PassOn()
    {
        if (_items.Count == 0 && (source is null || _waiting > 0))
        {
            return false;
        }

        if (_sleepers > 0)
        {
            if (!_wakingSleeper)
            {
                _wakingSleeper = true;
                Monitor.Pulse(_lock);
            }

            return false;
        }

        if (_waiting == 0 || _wakingSource)
        {
            return false;
        }

        return _wakingSource = true;
    }
}
