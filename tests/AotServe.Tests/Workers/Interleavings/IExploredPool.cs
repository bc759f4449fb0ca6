using System;
using System.Threading;

namespace AotServe.Tests.Workers.Interleavings;

/// <summary>A <c>WorkerPool</c> of the explored assembly, of which the tests know no type.</summary>
internal interface IExploredPool : IDisposable
{
    void Execute(IThreadPoolWorkItem item);

    void ExecuteNext(IThreadPoolWorkItem item);

    void BeginBlocking();

    void EndBlocking();

    /// <summary>The running item takes long.</summary>
    void ChargeLongItem();

    bool Look();

    /// <summary>How many wait in the source, how many sleep, and how many items are queued.</summary>
    (int Waiting, int Sleeping, int Queued) Count();

    /// <summary>Notes which items run just now.</summary>
    void NoteTurns(ref int[] turns);

    /// <summary>Whether none of them does any more.</summary>
    bool AreTurnsOver(int[] turns);

    /// <summary>The worker that runs on the calling thread.</summary>
    object CurrentWorker { get; }

    /// <summary>Whether a worker has been recalled. No point of the schedule.</summary>
    bool IsRecalled(object worker);

    /// <summary>How many wait in the source that a look has recalled while they went there: they ask when they come back.</summary>
    int CountLateRecalls();
}
