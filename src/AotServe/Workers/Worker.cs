using System;
using System.Globalization;
using System.Threading;

namespace AotServe.Workers;

/// <summary>One dedicated thread of a <see cref="WorkerPool"/>. Takes items and runs them until the queue returns null.</summary>
internal sealed class Worker
{
    /// <summary>
    /// The number of usual items, about 0.4 ms of work, after which the worker yields its processor. Without this, other
    /// processes on the same processor (clients, a proxy, the program that writes the files) wait for the kernel's next
    /// timer tick: 4 ms at 250 ticks a second.
    /// </summary>
    private const int ItemsBetweenYields = 64;

    [ThreadStatic]
    private static Worker? _current;

    private readonly Thread _thread;
    private readonly WorkScheduler _work;
    private readonly Action<Exception> _reportFault;
    private readonly Func<string, bool>? _threadStarted;
    private readonly object _endLock = new();
    private readonly WorkerState _state;
    private int _itemsSinceYield;
    private bool _hasEnded;
    private bool _isAbandoned;

    /// <summary>Starts the thread.</summary>
    /// <param name="id">The index within its pool, from 0.</param>
    /// <param name="work">Where the pool's work comes from.</param>
    /// <param name="reportFault">Receives each exception that a work item threw; must not throw.</param>
    /// <param name="threadStarted">See <see cref="WorkerPoolOptions.ThreadStarted"/>.</param>
    public Worker(int id, WorkScheduler work, Action<Exception> reportFault, Func<string, bool>? threadStarted)
    {
        // Put together on the stack; else it would take an array from the shared pool.
        Name = string.Create(CultureInfo.InvariantCulture, stackalloc char[16], $"worker {id}");
        _work = work;
        _state = work.AddWorker();
        _reportFault = reportFault;
        _threadStarted = threadStarted;

        // A background thread: the pool's disposal joins it, and a worker that is stuck cannot keep the process alive.
        _thread = new Thread(Run) { Name = Name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>The worker that runs on the calling thread; null on any other thread.</summary>
    public static Worker? Current => _current;

    /// <summary>The name of its thread.</summary>
    public string Name { get; }

    /// <summary>
    /// Counts the running item as <paramref name="items"/> further usual ones, so that the worker yields sooner. Called on
    /// the worker's own thread.
    /// </summary>
    public void Charge(int items)
    {
        _itemsSinceYield += items;
        _state.Charged += items;
    }

    /// <summary>Queues an item for this worker itself; false: the pool has ended. Called on the worker's own thread.</summary>
    public bool ExecuteNext(IThreadPoolWorkItem item) => _work.AddOwn(_state, item);

    /// <summary>See <see cref="WorkerPool.BeginBlocking"/>. Called on the worker's own thread.</summary>
    public void BeginBlocking() => _work.Queue.BeginBlocking(_state);

    /// <summary>See <see cref="WorkerPool.EndBlocking"/>. Called on the worker's own thread.</summary>
    public void EndBlocking() => _work.EndBlocking(_state);

    /// <summary>Waits until the thread has ended, or until <see cref="Abandon"/>.</summary>
    public void Join()
    {
        lock (_endLock)
        {
            while (!_hasEnded)
            {
                Monitor.Wait(_endLock);
            }
        }

        if (!_isAbandoned)
        {
            _thread.Join();
        }
    }

    /// <summary>
    /// Counts the worker as ended although its thread runs on, inside <see cref="Environment.Exit"/>, from which it does
    /// not return. <see cref="Join"/> then does not wait for the thread. Called on the worker's own thread.
    /// </summary>
    public void Abandon()
    {
        _isAbandoned = true;
        BeginBlocking(); // Another one works in its place.
        End();
    }

    private void Run()
    {
        _current = this;
        bool yields = _threadStarted?.Invoke(_thread.Name!) ?? false;
        while (_work.Take(_state) is { } item)
        {
            try
            {
                item.Execute();
            }
            catch (Exception e)
            {
                _reportFault(e);
            }

            if (++_itemsSinceYield >= ItemsBetweenYields)
            {
                _itemsSinceYield = 0;
                if (yields)
                {
                    Thread.Yield();
                }
            }
        }

        End();
    }

    private void End()
    {
        lock (_endLock)
        {
            _hasEnded = true;
            Monitor.PulseAll(_endLock);
        }
    }
}
