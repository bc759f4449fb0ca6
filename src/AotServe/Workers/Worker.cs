using System;
using System.Threading;

namespace AotServe.Workers;

/// <summary>One dedicated thread of a <see cref="WorkerPool"/>: takes items and runs them until the queue says null.</summary>
internal sealed class Worker
{
    /// <summary>
    /// After how many items it gives way, some 0.4 ms. Who is on the same processor would else wait until the kernel
    /// looks at the clock, which is every 4 ms where it does so 250 times a second: clients, a proxy in front, the program
    /// that stores the files.
    /// </summary>
    private const int ItemsBeforeGivingWay = 64;

    [ThreadStatic]
    private static Worker? _current;

    private readonly Thread _thread;
    private readonly WorkQueue _queue;
    private readonly Action<Exception> _fault;
    private readonly Func<string, bool>? _started;
    private readonly IThreadPoolWorkItem[] _ready = new IThreadPoolWorkItem[WorkQueue.Batch];
    private int _load;
    private bool _ended;
    private bool _abandoned;

    /// <summary>Starts the thread.</summary>
    /// <param name="id">0 and up, within its pool.</param>
    /// <param name="queue">Where its work comes from.</param>
    /// <param name="fault">Is told of an exception that a work item threw; must not throw.</param>
    /// <param name="started">
    /// Is called first on the thread, with its name, and says whether it gives way to other threads now and then; null: it
    /// does not.
    /// </param>
    public Worker(int id, WorkQueue queue, Action<Exception> fault, Func<string, bool>? started)
    {
        Id = id;
        _queue = queue;
        _fault = fault;
        _started = started;
        // A background thread: the process ends by disposing the pool, which joins, not by waiting for stray threads.
        _thread = new Thread(Run) { Name = $"worker {id}", IsBackground = true };
        _thread.Start();
    }

    /// <summary>The worker whose thread is running this, or null.</summary>
    public static Worker? Current => _current;

    public int Id { get; }

    /// <summary>
    /// Says that the item that is running is as much work as so many more of the usual ones. Called on the worker's own
    /// thread.
    /// </summary>
    public void Charge(int items) => _load += items;

    /// <summary>Waits until the thread has ended, or until <see cref="Abandon"/>.</summary>
    public void Join()
    {
        lock (_thread)
        {
            while (!_ended)
            {
                Monitor.Wait(_thread);
            }
        }

        if (!_abandoned)
        {
            _thread.Join();
        }
    }

    /// <summary>
    /// Says that this thread will not come back for more work although it has not ended, since it is inside
    /// <see cref="Environment.Exit"/>; nobody joins it then. Called on the worker's own thread.
    /// </summary>
    public void Abandon()
    {
        _abandoned = true;
        End();
    }

    private void Run()
    {
        _current = this;
        bool givesWay = _started?.Invoke(_thread.Name!) ?? false;
        while (_queue.Take(_ready) is { } item)
        {
            try
            {
                item.Execute();
            }
            catch (Exception e)
            {
                _fault(e);
            }

            if (++_load >= ItemsBeforeGivingWay)
            {
                _load = 0;
                if (givesWay)
                {
                    Thread.Yield();
                }
            }
        }

        End();
    }

    private void End()
    {
        lock (_thread)
        {
            _ended = true;
            Monitor.PulseAll(_thread);
        }
    }
}
