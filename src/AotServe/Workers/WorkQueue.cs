using System;
using System.Collections.Generic;
using System.Threading;

namespace AotServe.Workers;

/// <summary>
/// The queue of a <see cref="WorkerPool"/>: one lock, one <see cref="Queue{T}"/>, and
/// <see cref="Monitor.Wait(object)"/>/<see cref="Monitor.Pulse(object)"/>. No more workers are active than there are processors: they run items, or
/// wait in the <see cref="IWorkSource"/>. All others sleep here, on the lock, until one that is active does not get on.
/// </summary>
/// <remarks>
/// The rules that keep work from being left while a worker could run it:
/// <list type="number">
/// <item>A worker is active if fewer than the most are. An active worker that finds no item waits in the source if fewer than
/// <see cref="IWorkSource.MostWaiting"/> workers do. Every other worker sleeps, and is not active.</item>
/// <item>Another worker is needed if items are queued, or if no worker waits in the source.</item>
/// <item>A worker that leaves <see cref="Take"/> with an item checks rule 2, and wakes one worker if it is needed: a
/// sleeping one, where one more may be active, else one that waits in the source. So does a thread that adds an item.</item>
/// <item>At most one wake-up of each kind (sleeping, waiting) is on its way at any time. More are not needed: the woken
/// worker takes an item and then, by rule 3, wakes the next one.</item>
/// <item>No wake-up is lost. All counts and flags change under the lock, and a worker is counted as waiting before it
/// releases the lock. A <see cref="IWorkSource.Wake"/> that comes before the wait has begun ends that wait at once. Any
/// worker that returns from the source or from sleep takes the wake-up as its own, because it looks at the queue next.</item>
/// <item><see cref="IWorkSource.Wake"/> is a system call, so it is called after the lock is released.</item>
/// <item>On <see cref="Close"/> all sleeping workers and one that waits in the source are woken. Each worker that ends
/// then wakes the next one in the source.</item>
/// <item>A worker that says that it is going to wait for something else (<see cref="BeginBlocking"/>) is not active until that is over. While
/// workers are active, a sleeping one watches (<see cref="StuckWorkers"/>), and those that have run one item for some ms do not count
/// either. Whoever comes back is active again; where that is one too many, it sleeps when it has no item.</item>
/// <item>A worker that finds items in the queue again and again looks into the source from time to time, so that a queue that is never
/// empty does not keep it from what has come there.</item>
/// </list>
/// </remarks>
internal sealed class WorkQueue(IWorkSource? source, int mostActive = int.MaxValue)
{
    /// <summary>The largest number of items that one wait in the source may return.</summary>
    public const int BatchSize = 256;

    /// <summary>How many items a worker takes from the queue before it looks into the source.</summary>
    private const int ItemsBetweenLooks = 64;

    private readonly object _lock = new();
    private readonly Queue<IThreadPoolWorkItem> _items = new();
    private readonly int _mostWaiting = source?.MostWaiting ?? 0;
    private readonly ActiveWorkers _active = new(mostActive);
    private readonly StuckWorkers _stuck = new();

    // All of these are used under the lock only: workers by kind, and whether one of each idle kind is being woken.
    private int _waiting;
    private int _sleeping;
    private bool _isWakingWaiting;
    private bool _isWakingSleeping;
    private bool _isWatched;
    private bool _isClosed;

    /// <summary>How many workers wait in the source, how many sleep, and how many items are queued, at one moment.</summary>
    public (int Waiting, int Sleeping, int Queued) Count()
    {
        lock (_lock)
        {
            return (_waiting, _sleeping, _items.Count);
        }
    }

    /// <summary>Adds an item at the end. Once the queue is closed, returns false and does not take the item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="wake">
    /// Whether to wake a worker for it. A worker that is about to call <see cref="Take"/> passes false: it takes the item
    /// itself, or wakes another worker then.
    /// </param>
    public bool Add(IThreadPoolWorkItem item, bool wake = true)
    {
        bool wakesSource;
        lock (_lock)
        {
            if (_isClosed)
            {
                return false;
            }

            _items.Enqueue(item);
            wakesSource = wake && WakeIfNeeded();
        }

        if (wakesSource)
        {
            source!.Wake();
        }

        return true;
    }

    /// <summary>
    /// Returns the next item to run, from the queue or else from the source. Blocks until there is one. Returns null once
    /// the queue is closed and empty. Called by workers only.
    /// </summary>
    /// <param name="worker">The calling worker's own.</param>
    /// <param name="ready">The worker's own array of <see cref="BatchSize"/> items, for what the source returns.</param>
    public IThreadPoolWorkItem? Take(WorkerState worker, IThreadPoolWorkItem[] ready)
    {
        if (source is not null && worker.ItemsSinceLook >= ItemsBetweenLooks)
        {
            worker.ItemsSinceLook = 0;
            AddReady(ready, source.WaitForWork(ready, mayWait: false));
        }

        IThreadPoolWorkItem? item;
        while (!TryTakeQueued(worker, out item))
        {
            int count = source!.WaitForWork(ready, mayWait: true);
            bool wakesSource;
            worker.ItemsSinceLook = 0;
            lock (_lock)
            {
                _waiting--;
                _isWakingWaiting = false;
                if (count == 0)
                {
                    continue;
                }

                for (int i = 1; i < count; i++)
                {
                    _items.Enqueue(ready[i]);
                }

                Begin(worker);
                wakesSource = WakeIfNeeded();
            }

            if (wakesSource)
            {
                source.Wake();
            }

            item = ready[0];
            Array.Clear(ready, 0, count); // Keeps no item reachable after it has run.
            return item;
        }

        return item;
    }

    /// <summary>The calling worker is going to wait for something else than work. Another one is active in its place.</summary>
    public void BeginBlocking(WorkerState worker)
    {
        bool wakesSource;
        lock (_lock)
        {
            _active.Leave(worker);
            wakesSource = WakeIfNeeded();
        }

        if (wakesSource)
        {
            source!.Wake();
        }
    }

    /// <summary>That is over.</summary>
    public void EndBlocking(WorkerState worker)
    {
        lock (_lock)
        {
            worker.IsSeen = false;
            _active.Enter(worker);
        }
    }

    /// <summary>
    /// Refuses further items and wakes all workers. <see cref="Take"/> returns the items that are queued, then null. Work
    /// that the source still holds is not waited for: the caller drains the source first if it must.
    /// </summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            Monitor.PulseAll(_lock);
        }

        source?.Wake();
    }

    private void AddReady(IThreadPoolWorkItem[] ready, int count)
    {
        if (count == 0)
        {
            return;
        }

        lock (_lock)
        {
            for (int i = 0; i < count; i++)
            {
                _items.Enqueue(ready[i]);
            }
        }

        Array.Clear(ready, 0, count);
    }

    /// <summary>
    /// Takes a queued item, or null once the queue is closed and empty; sleeps if there is neither. Returns false if the
    /// caller has to wait in the source; it is already counted as waiting there.
    /// </summary>
    private bool TryTakeQueued(WorkerState worker, out IThreadPoolWorkItem? item)
    {
        bool wakesSource;
        lock (_lock)
        {
            worker.IsRunning = false;
            for (item = null; ; Sleep(worker))
            {
                if (_active.TryEnter(worker, _isClosed))
                {
                    if (_items.TryDequeue(out item) || _isClosed)
                    {
                        break;
                    }

                    if (_waiting < _mostWaiting)
                    {
                        _waiting++;
                        return false;
                    }
                }
            }

            // Without an item the worker is about to end: rule 7.
            if (item is null)
            {
                _active.Leave(worker);
                wakesSource = _waiting > 0;
            }
            else
            {
                worker.ItemsSinceLook++;
                Begin(worker);
                wakesSource = WakeIfNeeded();
            }
        }

        if (wakesSource)
        {
            source!.Wake();
        }

        return true;
    }

    /// <summary>Sleeps until another worker is needed, and watches those that are active. The caller holds the lock.</summary>
    private void Sleep(WorkerState worker)
    {
        _active.Leave(worker);
        _sleeping++;
        if (_isWatched || !_stuck.IsWatchNeeded)
        {
            Monitor.Wait(_lock);
        }
        else
        {
            _isWatched = true;
            Monitor.Wait(_lock, StuckWorkers.Interval);
            _isWatched = false;
            _stuck.Find(_active);
        }

        _sleeping--;
        _isWakingSleeping = false;
    }

    /// <summary>The worker leaves with an item. The caller holds the lock.</summary>
    private void Begin(WorkerState worker)
    {
        if (_active.IsUnlimited)
        {
            return;
        }

        _stuck.Begin(worker);
        if (!_isWatched && _sleeping > 0 && !_isWakingSleeping)
        {
            _isWakingSleeping = true;
            Monitor.Pulse(_lock);
        }
    }

    /// <summary>
    /// Wakes one worker if it is needed (rules 2 to 4). The caller holds the lock. Returns true if the worker to wake waits
    /// in the source: the caller then calls <see cref="IWorkSource.Wake"/> after it has released the lock.
    /// </summary>
    private bool WakeIfNeeded()
    {
        if (_items.Count == 0 && (source is null || _waiting > 0))
        {
            return false;
        }

        if (_sleeping > 0 && _active.HasRoom)
        {
            if (!_isWakingSleeping)
            {
                _isWakingSleeping = true;
                Monitor.Pulse(_lock);
            }

            return false;
        }

        if (_waiting == 0 || _isWakingWaiting)
        {
            return false;
        }

        return _isWakingWaiting = true;
    }
}
