using System;
using System.Threading;
using AotServe.Buffers;

namespace AotServe.Workers;

/// <summary>
/// A fixed number of dedicated threads that run work items. It knows nothing of what the items do. Its disposal is its
/// shutdown: queued items are run and every thread is joined.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    /// <summary>Up to so many workers, each is reported when it is joined.</summary>
    private const int MostReported = 8;

    private readonly WorkScheduler _work;
    private readonly WorkQueue _queue;
    private readonly Worker[] _workers;
    private readonly Action<string>? _report;
    private readonly Action<Exception>? _reportFault;
    private readonly Func<string, bool>? _threadStarted;
    private readonly object _disposal = new();
    private int _started;
    private bool _isDisposed;

    /// <summary>Starts the workers, or some of them: see <see cref="WorkerPoolOptions.InitialWorkers"/>.</summary>
    /// <param name="threads">The number of workers, at least 1.</param>
    /// <param name="source">Where idle workers wait for work besides the queue; not owned; may be null.</param>
    /// <param name="options">Null: the defaults.</param>
    public WorkerPool(int threads, IWorkSource? source, WorkerPoolOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _work = new WorkScheduler(source, options?.MostActive ?? int.MaxValue, options?.WatchNeeded);
        _queue = _work.Queue;
        _report = options?.Report;
        _reportFault = options?.ReportFault;
        _threadStarted = options?.ThreadStarted;
        _workers = new Worker[threads];
        Start(options?.InitialWorkers ?? threads);
    }

    /// <summary>How many workers there are.</summary>
    public int Started => _started;

    /// <summary>The workers as readers, whose turn is an item.</summary>
    public IReaders Readers => new RunningItems(_queue.Workers);

    /// <summary>How many workers wait in the source, how many sleep, and how many items are queued, about now.</summary>
    public (int Waiting, int Sleeping, int Queued) Count() =>
        (_queue.Workers.CountIn(WorkerPhase.Waiting), _queue.Workers.CountIn(WorkerPhase.Sleeping), _queue.Count);

    /// <summary>
    /// Starts workers until there are <paramref name="count"/>, or as many as there can be. Called by the thread that created
    /// the pool.
    /// </summary>
    public void Start(int count = int.MaxValue)
    {
        for (count = Math.Min(count, _workers.Length); _started < count; _started++)
        {
            _workers[_started] = new Worker(_started, _work, OnFault, _threadStarted);
        }
    }

    /// <inheritdoc cref="WorkQueue.IsWatched"/>
    public bool IsWatched => _queue.IsWatched;

    /// <inheritdoc cref="WorkQueue.Look"/>
    public bool Look() => _queue.Look();

    /// <summary>Queues an item. Any thread may call it, workers included.</summary>
    /// <exception cref="ObjectDisposedException">The pool is being disposed; the item will not run.</exception>
    public void Execute(IThreadPoolWorkItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        ObjectDisposedException.ThrowIf(!_queue.Add(item), this);
    }

    /// <summary>
    /// Queues an item from within a running one that is about to return. No worker is woken for it: the calling worker
    /// takes it soon, unless it does not get on. On a thread that is not a worker, the same as <see cref="Execute"/>.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The pool is being disposed; the item will not run.</exception>
    public void ExecuteNext(IThreadPoolWorkItem item) =>
        ObjectDisposedException.ThrowIf(!(Worker.Current is { } worker ? worker.ExecuteNext(item) : _queue.Add(item)), this);

    /// <summary>
    /// The calling thread is going to wait for something else than work, such as a time or a disk: if it is a worker, another one works in
    /// its place until <see cref="EndBlocking"/>. Does nothing on a thread that is not a worker.
    /// </summary>
    public static void BeginBlocking() => Worker.Current?.BeginBlocking();

    /// <summary>That is over. Called once for each <see cref="BeginBlocking"/>, on the same thread.</summary>
    public static void EndBlocking() => Worker.Current?.EndBlocking();

    /// <summary>
    /// Counts the running item as <paramref name="items"/> further usual ones, so that the worker yields its processor
    /// sooner. Does nothing on a thread that is not a worker.
    /// </summary>
    public static void Charge(int items) => Worker.Current?.Charge(items);

    /// <summary>
    /// Called on a thread that is about to enter <see cref="Environment.Exit"/> and will not return: if it is a worker,
    /// disposal does not wait for it. Does nothing on any other thread.
    /// </summary>
    public static void AbandonCurrentWorker() => Worker.Current?.Abandon();

    /// <summary>
    /// Refuses further items, lets the workers run those that are queued, and joins the workers in order. Reports
    /// <c>Shutting down worker N</c> before each, or one line for all where there are more than eight. May be called again, and by several threads at once: each call returns
    /// only when all workers have ended.
    /// </summary>
    /// <exception cref="InvalidOperationException">Called by one of its own workers, which would wait for itself.</exception>
    public void Dispose()
    {
        if (Worker.Current is { } current && Array.IndexOf(_workers, current, 0, _started) >= 0)
        {
            throw new InvalidOperationException("A worker cannot dispose its own pool: it would wait.");
        }

        lock (_disposal)
        {
            if (_isDisposed)
            {
                return;
            }

            _queue.Close();
            bool isEachReported = _started <= MostReported;
            if (!isEachReported)
            {
                _report?.Invoke($"Shutting down workers 0 to {_started - 1}");
            }

            foreach (Worker worker in _workers.AsSpan(0, _started))
            {
                if (isEachReported)
                {
                    _report?.Invoke("Shutting down " + worker.Name);
                }

                worker.Join();
            }

            _isDisposed = true;
        }
    }

    private void OnFault(Exception e)
    {
        try
        {
            _reportFault?.Invoke(e);
        }
        catch (Exception)
        {
            // Reporting the fault failed too. The worker must go on.
        }
    }
}
