using System.Threading;

namespace AotServe.Workers;

/// <summary>
/// Where work comes from that is not queued by <see cref="WorkerPool.Execute"/>: something that can be waited for, such
/// as sockets that become readable. Idle workers wait in it.
/// </summary>
internal interface IWorkSource
{
    /// <summary>How many workers may wait in it at once, at least 1.</summary>
    int MostWaiting { get; }

    /// <summary>
    /// Waits until there is work, until <see cref="Wake"/>, or until the source has its own reason to return. Called by
    /// several workers at once, but no more than <see cref="MostWaiting"/>. Must not throw.
    /// </summary>
    /// <param name="ready">Where the work items go, from index 0 on.</param>
    /// <returns>How many there are; 0 is fine.</returns>
    int WaitForWork(IThreadPoolWorkItem[] ready);

    /// <summary>
    /// Makes one <see cref="WaitForWork"/> that is under way, or else the next one, return soon. Called by any thread.
    /// </summary>
    void Wake();
}
