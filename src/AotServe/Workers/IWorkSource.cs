using System.Threading;

namespace AotServe.Workers;

/// <summary>
/// Where work comes from that is not queued by <see cref="WorkerPool.Execute"/>: something that can be waited for, such
/// as sockets that become readable. An idle worker waits in it on behalf of the whole pool (leader/followers).
/// </summary>
internal interface IWorkSource
{
    /// <summary>
    /// Waits until there is work, until <see cref="Wake"/>, or until the source has its own reason to return. Called by
    /// one worker at a time, never by two. Must not throw.
    /// </summary>
    /// <param name="ready">Where the work items go, from index 0 on.</param>
    /// <returns>How many there are; 0 is fine.</returns>
    int WaitForWork(IThreadPoolWorkItem[] ready);

    /// <summary>
    /// Makes a <see cref="WaitForWork"/> that is under way, or else the next one, return soon. Called by any thread.
    /// </summary>
    void Wake();
}
