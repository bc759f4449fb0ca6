using System;
using System.Threading;

namespace AotServe.Workers;

/// <summary>
/// Finds out how long an item waits in the queue of a pool: it is queued itself, and sees when its turn comes. Any thread may read it.
/// </summary>
internal sealed class QueueProbe : IThreadPoolWorkItem
{
    private long _queuedAt;
    private long _lastWait;

    /// <summary>How long the last one waited, or the one that waits now, if that is longer; ms.</summary>
    public long Wait
    {
        get
        {
            long queuedAt = Interlocked.Read(ref _queuedAt);
            long last = Interlocked.Read(ref _lastWait);
            return queuedAt == 0 ? last : Math.Max(last, Environment.TickCount64 - queuedAt);
        }
    }

    /// <summary>Queues it, unless it is queued already. Called about once a second.</summary>
    public void Start(WorkerPool pool)
    {
        if (Interlocked.CompareExchange(ref _queuedAt, Environment.TickCount64, 0) == 0)
        {
            try
            {
                pool.Execute(this);
            }
            catch (ObjectDisposedException)
            {
                // The pool has ended.
            }
        }
    }

    /// <inheritdoc/>
    public void Execute()
    {
        Interlocked.Exchange(ref _lastWait, Environment.TickCount64 - Interlocked.Read(ref _queuedAt));
        Interlocked.Exchange(ref _queuedAt, 0);
    }
}
