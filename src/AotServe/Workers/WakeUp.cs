namespace AotServe.Workers;

/// <summary>Whom to wake when the lock is released.</summary>
internal enum WakeUp
{
    None,

    /// <summary>One that waits in the source.</summary>
    Source,

    /// <summary>One that is not started yet.</summary>
    Another,
}
