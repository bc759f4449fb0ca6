namespace AotServe.Workers;

/// <summary>What a worker that asked is to do.</summary>
internal enum QueueAnswer
{
    /// <summary>Run the queued item.</summary>
    Item,

    /// <summary>Run one of its own, or wait.</summary>
    Own,

    /// <summary>Wait in the source, where it counts as one that waits already.</summary>
    Wait,

    /// <summary>Ask again.</summary>
    AskAgain,

    /// <summary>End.</summary>
    End,
}
