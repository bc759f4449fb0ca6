using System;
using System.Threading;

namespace AotServe.Workers;

/// <summary>
/// Who of a <see cref="WorkerPool"/> runs what. A worker runs what its own wait in the <see cref="IWorkSource"/> brought, without a lock and
/// without a write that another worker reads (<see cref="WorkerState"/>). What comes from elsewhere, and what is handed over, goes through
/// the <see cref="WorkQueue"/> and its one lock. No more workers are active than there are processors: they run items, or wait in the source.
/// All others sleep in the queue.
/// </summary>
/// <remarks>
/// The rules that keep work from being left while a worker could run it:
/// <list type="number">
/// <item>As many workers are active as may be. Who leaves the active ones wakes a sleeping worker.</item>
/// <item>An active worker takes its own items, then queued ones, and waits in the source when there are neither. What goes on is its own only
/// while nothing is queued, so its own come to an end. Before it waits it says
/// so (<see cref="WorkerPhase.Waiting"/>), and only then looks at the queue for the last time.</item>
/// <item>Who adds an item to the queue counts it first, and only then looks who waits. Between both of these stands a whole barrier, so one
/// of the two sees the other: the worker the item, or the adder the worker, which it wakes.</item>
/// <item>At most one wake-up of each kind (sleeping, waiting) is on its way at any time. More are not needed: the woken worker looks at the
/// queue first, takes an item, and wakes the next one if there are more.</item>
/// <item>A worker that has just run what takes long hands over its own items while another waits.</item>
/// <item>A worker that says that it is going to wait for something else (<see cref="WorkQueue.BeginBlocking"/>) is not active until that is over, and
/// hands over all its items. One that does not get on without a word is found by <see cref="WorkQueue.Look"/>: it is recalled, which is to say the
/// same happens to it from outside. Whoever comes back from either asks first (under the lock) whether there is room, and sleeps where
/// there is none, handing over what it has. The looks may have ended meanwhile: where it goes on, it has them begin again.</item>
/// <item>On <see cref="WorkQueue.Close"/> all sleeping workers and one that waits in the source are woken. Each worker that ends then wakes the next
/// one in the source.</item>
/// <item><see cref="IWorkSource.Wake"/> is a system call, so it is called after the lock is released. One that comes before the wait has
/// begun ends that wait at once.</item>
/// <item>Where the source lets in fewer than all (<see cref="IWorkSource.MostWaiting"/>), a worker asks under the lock before it waits, sleeps
/// if there is no room, and what it brings goes to the queue.</item>
/// <item>A worker that always finds items looks into the source from time to time, so that they do not keep it from what has come there. One
/// that is recalled passes on the wake-up that it may have got so.</item>
/// </list>
/// </remarks>
/// <param name="source">Where workers wait; not owned; null: they only sleep.</param>
/// <param name="mostActive">How many workers may be active.</param>
/// <param name="watchNeeded">See <see cref="WorkerPoolOptions.WatchNeeded"/>.</param>
internal sealed class WorkScheduler(IWorkSource? source, int mostActive, Action? watchNeeded)
{
    /// <summary>The largest number of items that one wait in the source may return.</summary>
    public const int BatchSize = 256;

    /// <summary>
    /// How many items a worker takes at once that keeps them for itself: the last one waits for the others, about 0.1 ms. What it leaves
    /// wakes another worker in the source.
    /// </summary>
    private const int OwnBatchSize = 16;

    /// <summary>From how many usual items on one takes long: some 50 µs, which is more than a wake-up takes.</summary>
    private const int LongItem = 8;

    /// <summary>How many items a worker takes before it looks into the source.</summary>
    private const int ItemsBetweenLooks = 64;

    private readonly WorkQueue _queue = new(source, mostActive, watchNeeded);

    /// <summary>The items that come from elsewhere, and the workers that sleep.</summary>
    public WorkQueue Queue => _queue;

    /// <summary>Whether all workers may wait in the source, and keep for themselves what they get there.</summary>
    private bool AllMayWait => _queue.AllMayWait;

    /// <summary>Makes a worker known, which calls <see cref="Take"/> from then on. Called on its thread.</summary>
    public WorkerState AddWorker()
    {
        var worker = new WorkerState(AllMayWait ? OwnBatchSize : source is null ? 0 : BatchSize);
        _queue.AddWorker(worker);
        return worker;
    }

    /// <summary>
    /// Adds an item to the worker's own, or to the queue where others are queued, from within a running one that is about to end. Once the queue is
    /// closed, returns false and does not take the item. Called by the worker.
    /// </summary>
    public bool AddOwn(WorkerState worker, IThreadPoolWorkItem item)
    {
        // Where some are queued, it has come after them.
        if (!AllMayWait || _queue.IsClosed || _queue.Count > 0 || !worker.TryAdd(item))
        {
            return _queue.Add(item);
        }

        worker.PreferOwn();
        return true;
    }

    /// <summary>
    /// Returns the next item to run. Blocks until there is one. Returns null once the queue is closed and there is none. Called by the worker.
    /// </summary>
    public IThreadPoolWorkItem? Take(WorkerState worker)
    {
        if (worker.SinceLook >= ItemsBetweenLooks && worker.OwnCount <= WorkerState.Capacity - OwnBatchSize)
        {
            worker.SinceLook = 0;
            if (source is not null)
            {
                Receive(worker, source.WaitForWork(worker.Ready, mayWait: false));
                if (worker.IsRecalled)
                {
                    source.Wake(); // It may have got a wake-up, and is not free to follow it.
                }
            }
        }

        if (worker.Charged >= LongItem && worker.OwnCount > 0 && _queue.Workers.IsAnyWaiting())
        {
            _queue.Share(worker);
        }

        worker.Charged = 0;
        while (true)
        {
            if (MustAsk(worker))
            {
                switch (_queue.Ask(worker, out IThreadPoolWorkItem? queued))
                {
                    case QueueAnswer.Item:
                        EnsureWatched();
                        return queued;
                    case QueueAnswer.Own when worker.OwnCount > 0:
                        EnsureWatched();
                        break;
                    case QueueAnswer.End:
                        return null;
                    case QueueAnswer.Wait:
                        Receive(worker, source!.WaitForWork(worker.Ready, mayWait: true));
                        continue;
                    case QueueAnswer.AskAgain:
                        continue;
                }
            }

            if (worker.TryTake() is { } item)
            {
                worker.Begin();
                return item;
            }

            if (AllMayWait)
            {
                worker.Phase = WorkerPhase.Waiting; // Rule 2: first this, then the last look.
                if (!worker.IsRecalled && !_queue.IsClosed && _queue.Count == 0)
                {
                    Receive(worker, source!.WaitForWork(worker.Ready, mayWait: true));
                }
                else
                {
                    worker.Phase = WorkerPhase.Running;
                }
            }
        }
    }

    /// <summary>See <see cref="WorkQueue.EndBlocking"/>. Called by the worker.</summary>
    public void EndBlocking(WorkerState worker)
    {
        _queue.EndBlocking(worker);
        EnsureWatched();
    }

    /// <summary>
    /// Has somebody look, if nobody does. Called by a worker that has work, after each moment at which nobody looked at it: it did not run,
    /// or another one worked in its place.
    /// </summary>
    private void EnsureWatched()
    {
        if (!_queue.IsWatched)
        {
            _queue.AskForWatch();
        }
    }

    /// <summary>Whether the worker has to take the lock before it does anything else.</summary>
    private bool MustAsk(WorkerState worker) =>
        worker.IsRecalled
        || _queue.IsClosed
        || (_queue.Count > 0 && worker.IsQueueNext())
        || (!AllMayWait && worker.OwnCount == 0);

    /// <summary>The worker has come back from the source with so many items.</summary>
    private void Receive(WorkerState worker, int count)
    {
        worker.Phase = WorkerPhase.Running;
        worker.SinceLook = 0;
        worker.PreferQueue(); // It may have been woken for what is there.
        if (count > 0)
        {
            EnsureWatched();
        }

        ReadOnlySpan<IThreadPoolWorkItem> ready = worker.Ready.AsSpan(0, count);
        if (AllMayWait)
        {
            foreach (IThreadPoolWorkItem item in ready)
            {
                _ = worker.TryAdd(item); // There is room: Take has made sure of it.
            }
        }
        else if (count > 0)
        {
            _queue.AddAll(ready);
        }

        Array.Clear(worker.Ready, 0, count); // Keeps no item reachable after it has run.
    }
}
