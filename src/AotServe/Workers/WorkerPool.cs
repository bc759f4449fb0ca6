using System;
using System.Threading;

namespace AotServe.Workers;

/// <summary>
/// A fixed number of dedicated threads that run work items. Knows nothing of what the items do. Its disposal is its
/// shutdown: what is queued is run to its end and every thread is joined.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    private readonly WorkQueue _queue;
    private readonly Worker[] _workers;
    private readonly Action<string>? _report;
    private readonly Action<Exception>? _fault;
    private readonly Func<string, bool>? _threadStarted;
    private readonly object _disposal = new();
    private long _faults;
    private int _started;
    private bool _disposed;

    /// <summary>Starts the workers, or the first of them.</summary>
    /// <param name="threads">How many, 1 or more.</param>
    /// <param name="source">Where work comes from besides <see cref="Execute"/>; not owned; may be null.</param>
    /// <param name="report">Is told, a line at a time, of workers shutting down (by whoever disposes).</param>
    /// <param name="fault">Is told of exceptions that work items threw, on the worker's thread.</param>
    /// <param name="started">
    /// Is called first on each worker's thread, with its name, and says whether that gives way to other threads of the
    /// machine now and then, which is good where that costs it nothing of its share; null: none does.
    /// </param>
    /// <param name="startNow">How many workers are started here; the others by <see cref="Start"/>.</param>
    public WorkerPool(
        int threads,
        IWorkSource? source,
        Action<string>? report = null,
        Action<Exception>? fault = null,
        Func<string, bool>? started = null,
        int startNow = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _queue = new WorkQueue(source);
        _report = report;
        _fault = fault;
        _threadStarted = started;
        _workers = new Worker[threads];
        StartUpTo(Math.Min(startNow, threads));
    }

    /// <summary>How many work items have thrown.</summary>
    public long Faults => Interlocked.Read(ref _faults);

    /// <summary>
    /// Starts workers, until there are <paramref name="count"/> or as many as there can be. It takes the runtime longer to start
    /// a thread than a worker to answer a request, so the first may be started before the others. Called by whoever made the
    /// pool.
    /// </summary>
    public void Start(int count = int.MaxValue) => StartUpTo(Math.Min(count, _workers.Length));

    /// <summary>Queues an item. Any thread may call it, workers included.</summary>
    /// <exception cref="ObjectDisposedException">The pool is being disposed; the item will not run.</exception>
    public void Execute(IThreadPoolWorkItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        ObjectDisposedException.ThrowIf(!_queue.Add(item), this);
    }

    /// <summary>
    /// Queues an item at the end of another, which is running and about to return: if nobody else comes for it, the same
    /// worker takes it, and none is woken. On a thread that is no worker, the same as <see cref="Execute"/>.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The pool is being disposed; the item will not run.</exception>
    public void ExecuteNext(IThreadPoolWorkItem item) =>
        ObjectDisposedException.ThrowIf(!_queue.Add(item, wake: Worker.Current is null), this);

    /// <summary>
    /// Says that the item that is running is as much work as so many more of the usual ones. On a thread that is no worker
    /// this does nothing.
    /// </summary>
    public static void Charge(int items) => Worker.Current?.Charge(items);

    /// <summary>
    /// Called on a thread that is about to leave for good inside <see cref="Environment.Exit"/>: if it is a worker,
    /// disposal does not wait for it. On any other thread this does nothing.
    /// </summary>
    public static void AbandonCurrentWorker() => Worker.Current?.Abandon();

    /// <summary>
    /// Takes no more work, lets the workers finish what is queued, and joins them in order, reporting
    /// <c>Shutting down worker N</c> before each. May be called again, and by several threads at once: each returns only
    /// when all workers have ended.
    /// </summary>
    /// <exception cref="InvalidOperationException">Called by one of the pool's own workers, which would wait for itself.</exception>
    public void Dispose()
    {
        if (Worker.Current is { } current && Array.IndexOf(_workers, current, 0, _started) >= 0)
        {
            throw new InvalidOperationException("A worker cannot dispose its own pool: it would wait for itself.");
        }

        lock (_disposal)
        {
            if (_disposed)
            {
                return;
            }

            _queue.Close();
            foreach (Worker worker in _workers.AsSpan(0, _started))
            {
                _report?.Invoke($"Shutting down worker {worker.Id}");
                worker.Join();
            }

            _disposed = true;
        }
    }

    private void StartUpTo(int count)
    {
        for (; _started < count; _started++)
        {
            _workers[_started] = new Worker(_started, _queue, OnFault, _threadStarted);
        }
    }

    private void OnFault(Exception e)
    {
        Interlocked.Increment(ref _faults);
        try
        {
            _fault?.Invoke(e);
        }
        catch (Exception)
        {
            // The report of a failure failed; the failure is counted, and the worker must live on.
        }
    }
}
