using System;
using System.Threading;

namespace AotServe.Workers;

/// <summary>
/// The workers that sleep on the lock of a <see cref="WorkQueue"/>, and who is woken for an item: the rules 1, 3, 4 and 8 of
/// <see cref="WorkScheduler"/>. All but <see cref="Complete"/> is used under the lock.
/// </summary>
/// <param name="queueLock">The lock.</param>
/// <param name="source">Where other workers wait; null: nowhere.</param>
/// <param name="active">Which workers are active.</param>
/// <param name="workers">All workers.</param>
/// <param name="workerNeeded">Starts another worker, if there is one more.</param>
internal sealed class WakeUps(object queueLock, IWorkSource? source, ActiveWorkers active, KnownWorkers workers, Action workerNeeded)
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
    /// <returns>What the caller passes to <see cref="Complete"/> when it has released the lock.</returns>
    public WakeUp WakeIfNeeded(int items)
    {
        Interlocked.MemoryBarrier(); // Rule 3: first the item was counted, and now it is seen who waits.
        bool isNeeded = items > 0
            || (source is not null && (source.MostWaiting == int.MaxValue ? active.HasRoom : !workers.IsAnyWaiting()));
        if (!isNeeded)
        {
            return WakeUp.None;
        }

        if (Sleeping > 0 && active.HasRoom)
        {
            if (!_isWakingSleeping)
            {
                _isWakingSleeping = true;
                Monitor.Pulse(queueLock);
            }

            return WakeUp.None;
        }

        if (items > 0 && !_isWakingWaiting && workers.IsAnyWaiting())
        {
            _isWakingWaiting = true;
            return WakeUp.Source;
        }

        return active.HasRoom ? WakeUp.Another : WakeUp.None;
    }

    /// <summary>A worker looks at the queue: if it is the one that was woken in the source, it is there.</summary>
    public void NoteLook() => _isWakingWaiting = false;

    /// <summary>A worker does not get on, which may be one that was woken: whoever else is needed is woken all the same.</summary>
    public void Forget() => _isWakingWaiting = _isWakingSleeping = false;

    /// <summary>Does what takes too long under the lock, which the caller has released. Any thread may call it.</summary>
    /// <param name="wake">What <see cref="WakeIfNeeded"/> returned.</param>
    /// <param name="mayStart">Whether another worker may be started.</param>
    public void Complete(WakeUp wake, bool mayStart)
    {
        if (wake == WakeUp.Source)
        {
            source!.Wake();
        }
        else if (wake == WakeUp.Another && mayStart)
        {
            workerNeeded();
        }
    }
}
