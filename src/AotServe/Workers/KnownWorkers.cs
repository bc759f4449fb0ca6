using System.Collections.Generic;
using System.Threading;

namespace AotServe.Workers;

/// <summary>The workers of a <see cref="WorkQueue"/>, and what they do just now. They are added one by one, and none is removed.</summary>
internal sealed class KnownWorkers
{
    /// <summary>After how many looks without anything new nobody looks any more: 0.1 s.</summary>
    private const int MostIdleLooks = 20;

    private WorkerState[] _all = [];
    private int _idleLooks;

    /// <summary>All of them. Any thread may read it.</summary>
    public WorkerState[] All => Volatile.Read(ref _all);

    /// <summary>Adds one. Called under the lock of the queue.</summary>
    public void Add(WorkerState worker) => Volatile.Write(ref _all, [.. _all, worker]);

    /// <summary>How many do that. Any thread may ask.</summary>
    public int CountIn(WorkerPhase phase)
    {
        int count = 0;
        foreach (WorkerState worker in All)
        {
            count += worker.Phase == phase ? 1 : 0;
        }

        return count;
    }

    /// <summary>Whether one waits in the source. Any thread may ask.</summary>
    public bool IsAnyWaiting() => CountIn(WorkerPhase.Waiting) > 0;

    /// <summary>Whether one runs that nobody works in place of. Any thread may ask.</summary>
    public bool IsAnyRunning()
    {
        foreach (WorkerState worker in All)
        {
            if (worker.Phase == WorkerPhase.Running && !worker.IsRecalled)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>There is work again: <see cref="Look"/> is called again. Called under the lock of the queue.</summary>
    public void LookAgain() => _idleLooks = 0;

    /// <summary>Looks at each worker. Called under the lock of the queue.</summary>
    /// <param name="stuck">Receives those that run the item that they ran at the last look, and that nobody works in place of yet.</param>
    /// <returns>Whether there was something new lately.</returns>
    public bool Look(List<WorkerState> stuck)
    {
        _idleLooks++;
        foreach (WorkerState worker in All)
        {
            int begun = worker.Begun;
            if (worker.Phase != WorkerPhase.Running)
            {
                worker.SeenBegun = -1;
            }
            else if (worker.SeenBegun != begun)
            {
                worker.SeenBegun = begun;
                _idleLooks = 0;
            }
            else if (!worker.IsRecalled)
            {
                stuck.Add(worker);
            }
        }

        return _idleLooks <= MostIdleLooks;
    }
}
