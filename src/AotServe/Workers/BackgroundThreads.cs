using System;
using System.Collections.Generic;
using System.Threading;

namespace AotServe.Workers;

/// <summary>
/// Threads for work that takes too long for a worker. They take one item after the other from their owner, who decides on the
/// order, and start when there is something to take. Disposing cancels what is in progress and joins them.
/// </summary>
internal sealed class BackgroundThreads : IDisposable
{
    private readonly string _name;
    private readonly int _most;
    private readonly object _lock;
    private readonly Func<IThreadPoolWorkItem?> _take;
    private readonly BackgroundThreadOptions _options;
    private readonly int _idleTime;
    private readonly CancellationTokenSource _closing = new();
    private readonly List<Thread> _threads = [];
    private int _waiting;

    /// <summary>Starts nothing yet.</summary>
    /// <param name="name">The name of each thread.</param>
    /// <param name="most">How many threads there may be, at least one.</param>
    /// <param name="ownersLock">The owner's lock, which protects what <paramref name="take"/> reads.</param>
    /// <param name="take">
    /// Takes the next item; null: there is none. Called under the lock, by one of the threads, on which the item then runs.
    /// </param>
    /// <param name="options">What all such threads have in common.</param>
    /// <param name="idleTime">After how long without work a thread ends, ms; −1: never. The next item starts another.</param>
    public BackgroundThreads(
        string name,
        int most,
        object ownersLock,
        Func<IThreadPoolWorkItem?> take,
        BackgroundThreadOptions options,
        int idleTime = Timeout.Infinite)
    {
        _idleTime = idleTime;
        _name = name;
        _most = most;
        _lock = ownersLock;
        _take = take;
        _options = options;
    }

    /// <summary>Cancelled when an item in progress is to end early.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <summary>Says that there is one more item to take. Called under the owner's lock, by any thread.</summary>
    public void Wake()
    {
        if (_waiting > 0)
        {
            Monitor.Pulse(_lock);
        }
        else if (_threads.Count < _most && !_closing.IsCancellationRequested)
        {
            var thread = new Thread(Run) { Name = _name, IsBackground = true };
            _threads.Add(thread);
            thread.Start();
        }
    }

    /// <summary>Cancels the items in progress and waits for the threads to end. Items that were not taken never run.</summary>
    public void Dispose()
    {
        Thread[] threads;
        lock (_lock)
        {
            _closing.Cancel();
            Monitor.PulseAll(_lock);
            threads = [.. _threads];
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        _closing.Dispose();
    }

    private void Run()
    {
        _options.ThreadStarted?.Invoke(_name);
        while (Take() is { } item)
        {
            try
            {
                item.Execute();
            }
            catch (Exception e)
            {
                _options.ReportFault?.Invoke(e);
            }
        }
    }

    private IThreadPoolWorkItem? Take()
    {
        lock (_lock)
        {
            for (bool isIdle = false; !_closing.IsCancellationRequested;)
            {
                // Asked once more after the time is over: who added an item meanwhile has pulsed this thread, and started no other.
                if (_take() is { } item)
                {
                    return item;
                }

                if (isIdle)
                {
                    _threads.Remove(Thread.CurrentThread);
                    return null;
                }

                _waiting++;
                isIdle = !Monitor.Wait(_lock, _idleTime);
                _waiting--;
            }

            return null;
        }
    }
}
