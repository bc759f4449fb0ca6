using System;
using System.Collections.Generic;
using System.Threading;

namespace AotServe.Workers;

/// <summary>
/// What comes from elsewhere or is handed over, and the workers that sleep: one lock, one <see cref="Queue{T}"/>, <see cref="Monitor.Wait(object)"/>
/// and <see cref="Monitor.Pulse(object)"/>. The rules that it follows stand at <see cref="WorkScheduler"/>, whose part it is.
/// </summary>
internal sealed class WorkQueue
{
    /// <summary>How often somebody has to <see cref="Look"/> while there is work, ms. Own choice: an item takes some µs.</summary>
    public const int LookInterval = 5;

    private readonly object _lock = new();
    private readonly Queue<IThreadPoolWorkItem> _items = new();
    private readonly IWorkSource? _source;
    private readonly Action? _watchNeeded;
    private readonly List<WorkerState> _stuck = [];
    private readonly ActiveWorkers _active;
    private readonly WakeUps _wakeUps;

    private int _queued; // These are written under the lock only, and read without it.
    private bool _isClosed;
    private bool _isWatched = true;

    /// <param name="source">Where workers wait; not owned; null: they only sleep.</param>
    /// <param name="mostActive">How many workers may be active.</param>
    /// <param name="watchNeeded">Called when somebody has to <see cref="Look"/> again. Must not throw or wait.</param>
    public WorkQueue(IWorkSource? source, int mostActive, Action? watchNeeded)
    {
        _watchNeeded = watchNeeded;
        _source = source;
        _active = new ActiveWorkers(mostActive);
        _wakeUps = new WakeUps(_lock, source, _active, Workers);
    }

#if TEST_HOOKS
    /// <summary>How often the locks of all queues of the process were taken.</summary>
    public static long LockAcquisitions => Volatile.Read(ref _acquisitions);

    private static long _acquisitions;
#endif

    private object CountedLock
    {
        get
        {
#if TEST_HOOKS
            Interlocked.Increment(ref _acquisitions);
#endif
            return _lock;
        }
    }

    /// <summary>Whether all workers may wait in the source.</summary>
    public bool AllMayWait => _source?.MostWaiting == int.MaxValue;

    /// <summary>How many items there are. Any thread may read it.</summary>
    public int Count => Volatile.Read(ref _queued);

    /// <summary>Whether no further items are taken. Any thread may read it.</summary>
    public bool IsClosed => Volatile.Read(ref _isClosed);

    /// <summary>Whether somebody is to <see cref="Look"/>. Any thread may read it.</summary>
    public bool IsWatched => Volatile.Read(ref _isWatched);

    /// <summary>All workers. Any thread may ask what they do.</summary>
    public KnownWorkers Workers { get; } = new();

    /// <summary>Makes a worker known. It is not active yet.</summary>
    public void AddWorker(WorkerState worker)
    {
        lock (CountedLock)
        {
            worker.IsRecalled = true;
            Workers.Add(worker);
        }
    }

    /// <summary>Adds an item at the end, and wakes a worker for it. False: the queue is closed, and does not take it. Any thread may call it.</summary>
    public bool Add(IThreadPoolWorkItem item)
    {
        bool wakes;
        lock (CountedLock)
        {
            if (_isClosed)
            {
                return false;
            }

            Enqueue(item);
            wakes = _wakeUps.WakeIfNeeded(_items.Count);
        }

        Complete(wakes);
        return true;
    }

    /// <summary>Adds several, closed or not. Called by a worker.</summary>
    public void AddAll(ReadOnlySpan<IThreadPoolWorkItem> items)
    {
        bool wakes;
        lock (CountedLock)
        {
            foreach (IThreadPoolWorkItem item in items)
            {
                Enqueue(item);
            }

            wakes = _wakeUps.WakeIfNeeded(_items.Count);
        }

        Complete(wakes);
    }

    /// <summary>Hands over what the worker has, since it is slow and another waits. Called by the worker.</summary>
    public void Share(WorkerState worker)
    {
        bool wakes;
        lock (CountedLock)
        {
            wakes = HandOver(worker);
        }

        Complete(wakes);
    }

    /// <summary>Takes a queued item, or says what else to do; sleeps as long as there is nothing to do. Called by the worker.</summary>
    public QueueAnswer Ask(WorkerState worker, out IThreadPoolWorkItem? item)
    {
        bool wakes = false;
        QueueAnswer answer;
        lock (CountedLock)
        {
            while ((answer = AskOnce(worker, out item)) == QueueAnswer.AskAgain)
            {
                wakes = HandOver(worker);
                if (wakes)
                {
                    break; // The lock has to be released for it.
                }

                _wakeUps.Sleep(worker);
            }

            if (answer == QueueAnswer.Item)
            {
                worker.Begin();
                wakes = _wakeUps.WakeIfNeeded(_items.Count);
            }
            else if (answer == QueueAnswer.End)
            {
                _active.Leave(worker);
                worker.Phase = WorkerPhase.Ended;
                wakes = Workers.IsAnyWaiting(); // Rule 7.
            }
        }

        Complete(wakes);
        return answer;
    }

    private QueueAnswer AskOnce(WorkerState worker, out IThreadPoolWorkItem? item)
    {
        item = null;
        worker.IsRecalled = !_active.TryEnter(worker, _isClosed);
        if (worker.IsRecalled)
        {
            return QueueAnswer.AskAgain;
        }

        if (TryDequeue(out item))
        {
            return QueueAnswer.Item;
        }

        if (worker.OwnCount > 0 || (AllMayWait && !_isClosed))
        {
            return QueueAnswer.Own;
        }

        if (_isClosed)
        {
            return QueueAnswer.End;
        }

        if (Workers.CountIn(WorkerPhase.Waiting) >= (_source?.MostWaiting ?? 0))
        {
            return QueueAnswer.AskAgain;
        }

        worker.Phase = WorkerPhase.Waiting;
        return QueueAnswer.Wait;
    }

    /// <summary>The worker is going to wait for something else than work: it hands over what it has, and another one is active in its place.</summary>
    public void BeginBlocking(WorkerState worker)
    {
        worker.Phase = WorkerPhase.Blocking;
        bool wakes;
        lock (CountedLock)
        {
            wakes = Replace(worker);
        }

        Complete(wakes);
    }

    /// <summary>That is over.</summary>
    public void EndBlocking(WorkerState worker)
    {
        worker.Phase = WorkerPhase.Running;
        lock (CountedLock)
        {
            _active.Enter(worker);
            worker.IsRecalled = _active.AreTooMany;
        }
    }

    /// <summary>
    /// Finds the workers that have run one item since the last look, because it waits for a disk, say, and has others work in their place. To be
    /// called every <see cref="LookInterval"/> ms while it returns true, and again after <see cref="WorkerPoolOptions.WatchNeeded"/>; by one other thread.
    /// </summary>
    public bool Look()
    {
        bool goesOn;
        bool wakes = false;
        lock (CountedLock)
        {
            goesOn = Workers.Look(_stuck);
            foreach (WorkerState worker in _stuck)
            {
                _wakeUps.Forget();
                wakes |= Replace(worker);
            }

            _stuck.Clear();
            if (!goesOn)
            {
                Volatile.Write(ref _isWatched, false);
                Interlocked.MemoryBarrier(); // First this, then a last look: a worker that begins now sees it, or is seen.
                goesOn = _isWatched = Workers.IsAnyRunning();
            }
        }

        Complete(wakes);
        return goesOn;
    }

    /// <summary>Refuses further items and wakes all workers, which run what there is, and end. What the source still holds is not waited for.</summary>
    public void Close()
    {
        lock (CountedLock)
        {
            Volatile.Write(ref _isClosed, true);
            Interlocked.MemoryBarrier();
            Monitor.PulseAll(_lock);
        }

        _source?.Wake();
    }

    /// <summary>Has another worker be active in the place of one. The caller holds the lock; see <see cref="WakeUps.WakeIfNeeded"/>.</summary>
    private bool Replace(WorkerState worker)
    {
        worker.IsRecalled = true;
        _active.Leave(worker);
        return HandOver(worker);
    }

    /// <summary>Moves a worker's own items to the queue, before what is there, which may block, too. The caller holds the lock.</summary>
    private bool HandOver(WorkerState worker)
    {
        bool hasMoved = false;
        int before = _items.Count;
        for (int place = 0; worker.TryTakeAway(ref place) is { } item; hasMoved = true)
        {
            Enqueue(item);
        }

        for (; hasMoved && before > 0; before--)
        {
            _items.Enqueue(_items.Dequeue());
        }

        return (hasMoved || _active.HasRoom) && _wakeUps.WakeIfNeeded(_items.Count);
    }

    /// <summary>Work begins, and nobody looks. Called by a worker.</summary>
    public void AskForWatch()
    {
        lock (CountedLock)
        {
            if (_isWatched)
            {
                return;
            }

            _isWatched = true;
            Workers.LookAgain();
        }

        _watchNeeded?.Invoke();
    }

    private void Enqueue(IThreadPoolWorkItem item)
    {
        _items.Enqueue(item);
        Volatile.Write(ref _queued, _items.Count);
    }

    private bool TryDequeue(out IThreadPoolWorkItem? item)
    {
        _wakeUps.NoteLook();
        bool isTaken = _items.TryDequeue(out item);
        Volatile.Write(ref _queued, _items.Count);
        return isTaken;
    }

    /// <summary>Wakes one that waits in the source, which takes too long under the lock: the caller has released it.</summary>
    private void Complete(bool wakesSource)
    {
        if (wakesSource)
        {
            _source!.Wake();
        }
    }
}
