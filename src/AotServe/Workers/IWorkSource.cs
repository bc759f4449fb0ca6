using System.Threading;

namespace AotServe.Workers;

/// <summary>
/// A second source of work beside <see cref="WorkerPool.Execute"/>: something that idle workers can wait in, such as a
/// poller that waits for sockets to become readable.
/// </summary>
internal interface IWorkSource
{
    /// <summary>How many workers may wait in it at once, at least 1. Does not change.</summary>
    int MostWaiting { get; }

    /// <summary>
    /// Waits for work. Returns when there is some, after <see cref="Wake"/>, or whenever the source has a reason of its
    /// own. Called by up to <see cref="MostWaiting"/> workers at once. Must not throw.
    /// </summary>
    /// <param name="ready">Receives the work items, from index 0 on.</param>
    /// <param name="mayWait">False: only what is there now. Then it does not count as one of those that wait.</param>
    /// <returns>The number of work items, 0 or more.</returns>
    int WaitForWork(IThreadPoolWorkItem[] ready, bool mayWait);

    /// <summary>
    /// Makes one running <see cref="WaitForWork"/> return soon; if none is running, the next one. Any thread may call it.
    /// </summary>
    void Wake();
}
