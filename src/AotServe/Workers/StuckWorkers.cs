using System.Collections.Generic;

namespace AotServe.Workers;

/// <summary>
/// Finds workers that do not get on: that have run one item for some ms, because it waits for a disk, say. All of it is used under the
/// lock of the queue.
/// </summary>
internal sealed class StuckWorkers
{
    /// <summary>How often a sleeping worker looks, ms. Own choice: an item takes some µs.</summary>
    public const int Interval = 5;

    /// <summary>After how many looks without anything new nobody looks any more: a second.</summary>
    private const int MostIdleLooks = 200;

    private readonly List<WorkerState> _workers = [];
    private int _idleLooks = MostIdleLooks;

    /// <summary>Whether there was work lately.</summary>
    public bool IsWatchNeeded => _idleLooks < MostIdleLooks;

    /// <summary>A worker begins to run an item.</summary>
    public void Begin(WorkerState worker)
    {
        if (!worker.IsKnown)
        {
            worker.IsKnown = true;
            _workers.Add(worker);
        }

        worker.IsRunning = true;
        worker.IsSeen = false;
        _idleLooks = 0;
    }

    /// <summary>Looks at all workers. Those that were seen with the item that they still run are not active any more.</summary>
    public void Find(ActiveWorkers active)
    {
        _idleLooks++;
        foreach (WorkerState worker in _workers)
        {
            if (worker.IsRunning && worker.IsSeen)
            {
                active.Leave(worker);
            }

            worker.IsSeen = true;
        }
    }
}
