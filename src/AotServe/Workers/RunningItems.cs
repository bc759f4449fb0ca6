using System;
using System.Threading;
using AotServe.Buffers;

namespace AotServe.Workers;

/// <summary>The items that workers run, as turns of <see cref="IReaders"/>. An item that waits for something (a disk, a time) goes on for as long.</summary>
/// <param name="workers">All of them. A worker that is added later sees what was written before.</param>
internal sealed class RunningItems(KnownWorkers workers) : IReaders
{
    /// <summary>A worker that ran nothing.</summary>
    private const int None = -1;

    /// <inheritdoc/>
    public void Note(ref int[] turns)
    {
        // Each processor has written what it had to write (membarrier(2)): so the number of a worker is that of the item in which it reads,
        // and whoever gets a higher one reads what the caller has written. The workers themselves need no barrier for that.
        Interlocked.MemoryBarrierProcessWide();
        WorkerState[] all = workers.All;
        if (turns.Length < all.Length)
        {
            turns = new int[all.Length];
        }

        Array.Fill(turns, None);
        for (int i = 0; i < all.Length; i++)
        {
            int begun = all[i].Begun;
            turns[i] = IsRunning(all[i]) ? begun : None;
        }
    }

    /// <inheritdoc/>
    public bool AreOver(int[] turns)
    {
        WorkerState[] all = workers.All;
        for (int i = 0; i < turns.Length && i < all.Length; i++)
        {
            if (turns[i] != None && all[i].Begun == turns[i] && IsRunning(all[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Or looks for an item: that is not told apart.</summary>
    private static bool IsRunning(WorkerState worker) => worker.Phase is WorkerPhase.Running or WorkerPhase.Blocking;
}
