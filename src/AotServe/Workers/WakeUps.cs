using System.Threading;

namespace AotServe.Workers;

/// <summary>
/// The workers that sleep on the lock of a <see cref="WorkQueue"/>, and who is woken for an item: the rules 1, 3, 4 and 8 of
/// <see cref="WorkScheduler"/>. All of it is used under the lock.
/// </summary>
/// <param name="queueLock">The lock.</param>
/// <param name="source">Where other workers wait; null: nowhere.</param>
/// <param name="active">Which workers are active.</param>
/// <param name="workers">All workers.</param>
internal sealed class WakeUps(object queueLock, IWorkSource? source, ActiveWorkers active, KnownWorkers workers)
{
    private bool _isWakingWaiting;
    private bool _isWakingSleeping;

    /// <summary>How many workers sleep.</summary>
    public int Sleeping { get; private set; }

    /// <summary>Sleeps until another worker is needed. Called by the worker.</summary>
    public void Sleep(WorkerState worker)
    {
        active.Leave(worker);
        worker.Phase = WorkerPhase.Sleeping;
        Sleeping++;
        Monitor.Wait(queueLock);
        Sleeping--;
        _isWakingSleeping = false;
        worker.Phase = WorkerPhase.Running;
    }

    /// <summary>Wakes one worker if it is needed.</summary>
    /// <param name="items">The number of queued items.</param>
    /// <returns>Whether the caller has to wake one in the source when it has released the lock.</returns>
    public bool WakeIfNeeded(int items)
    {
        Interlocked.MemoryBarrier(); // Rule 3: first the item was counted, and now it is seen who waits.
        bool isNeeded = items > 0
            || (source is not null && (source.MostWaiting == int.MaxValue ? active.HasRoom : !workers.IsAnyWaiting()));
        if (!isNeeded)
        {
            return false;
        }

        if (Sleeping > 0 && active.HasRoom)
        {
            if (!_isWakingSleeping)
            {
                _isWakingSleeping = true;
                Monitor.Pulse(queueLock);
            }

            return false;
        }

        if (items > 0 && !_isWakingWaiting && workers.IsAnyWaiting())
        {
            return _isWakingWaiting = true;
        }

        return false;
    }

    /// <summary>A worker looks at the queue: if it is the one that was woken in the source, it is there.</summary>
    public void NoteLook() => _isWakingWaiting = false;

    /// <summary>A worker does not get on, which may be one that was woken: whoever else is needed is woken all the same.</summary>
    public void Forget() => _isWakingWaiting = _isWakingSleeping = false;
}
