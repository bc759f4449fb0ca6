using System;
using System.Threading;
using AotServe.Workers;

namespace AotServe.Tests.Workers;

/// <summary>Looks after the workers of a pool as the main thread of the server does.</summary>
internal sealed class Watch : IDisposable
{
    private readonly WorkerPool _pool;
    private readonly AutoResetEvent _needed;
    private readonly Thread _thread;
    private volatile bool _isDisposed;

    /// <param name="pool">The pool.</param>
    /// <param name="needed">What <see cref="WorkerPoolOptions.WatchNeeded"/> of the pool sets.</param>
    public Watch(WorkerPool pool, AutoResetEvent needed)
    {
        _pool = pool;
        _needed = needed;
        _thread = new Thread(Run);
        _thread.Start();
    }

    public void Dispose()
    {
        _isDisposed = true;
        _needed.Set();
        _thread.Join();
    }

    private void Run()
    {
        while (!_isDisposed)
        {
            _needed.WaitOne(_pool.Look() ? WorkQueue.LookInterval : Timeout.Infinite);
        }
    }
}
