namespace AotServe.Workers;

/// <summary>What a <see cref="WorkQueue"/> knows of one worker. All but <see cref="ItemsSinceLook"/> is used under the lock of the queue.</summary>
internal sealed class WorkerState
{
    /// <summary>Whether it is one of those that run or wait in the source.</summary>
    public bool IsActive { get; set; }

    /// <summary>Whether <see cref="StuckWorkers"/> knows it.</summary>
    public bool IsKnown { get; set; }

    /// <summary>Whether it runs an item.</summary>
    public bool IsRunning { get; set; }

    /// <summary>Whether it has been seen with the item that it runs.</summary>
    public bool IsSeen { get; set; }

    /// <summary>How many items it took from the queue since it looked into the source. The worker's own.</summary>
    public int ItemsSinceLook { get; set; }
}
