namespace AotServe.Workers;

/// <summary>Which workers of a pool run or wait in the source, and how many may. All of it is used under the lock of the queue.</summary>
/// <param name="most">The most of them.</param>
internal sealed class ActiveWorkers(int most)
{
    private int _count;

    /// <summary>Whether one more may be.</summary>
    public bool HasRoom => _count < most;

    /// <summary>Whether there are more than may be, because some came back that had been replaced.</summary>
    public bool AreTooMany => _count > most;

    /// <summary>Whether a worker is one of them now: it becomes one where there is room, and is none any more where there are too many.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="isClosing">Whether there is room for all, since the pool ends.</param>
    public bool TryEnter(WorkerState worker, bool isClosing)
    {
        if (worker.IsActive && AreTooMany && !isClosing)
        {
            Leave(worker);
            return false;
        }

        if (HasRoom || isClosing)
        {
            Enter(worker);
        }

        return worker.IsActive;
    }

    /// <summary>A worker becomes one of them, room or not.</summary>
    public void Enter(WorkerState worker)
    {
        if (!worker.IsActive)
        {
            worker.IsActive = true;
            _count++;
        }
    }

    /// <summary>A worker is none of them any more.</summary>
    public void Leave(WorkerState worker)
    {
        if (worker.IsActive)
        {
            worker.IsActive = false;
            _count--;
        }
    }
}
