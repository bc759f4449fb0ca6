namespace AotServe.Workers;

/// <summary>What a worker does.</summary>
internal enum WorkerPhase
{
    /// <summary>It runs an item, or looks for one.</summary>
    Running,

    /// <summary>It waits in the source, or is about to.</summary>
    Waiting,

    /// <summary>It sleeps on the lock of the queue.</summary>
    Sleeping,

    /// <summary>It runs an item which has said that it waits for something else.</summary>
    Blocking,

    /// <summary>It has ended.</summary>
    Ended,
}
