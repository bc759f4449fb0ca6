namespace AotServe.Files;

/// <summary>What came of looking for a file beneath a root, or of opening it.</summary>
internal enum FileOutcome
{
    /// <summary>It is there.</summary>
    Found,

    /// <summary>
    /// There is none, or the way to it leads out of the root, which a client is told no differently: 404.
    /// </summary>
    NotFound,

    /// <summary>The file system's permissions keep it from this process: 403.</summary>
    Forbidden,

    /// <summary>
    /// The system is short of file descriptors or memory, or the path keeps changing: 503, try again.
    /// </summary>
    Unavailable,

    /// <summary>Something else is wrong, with the disk for example: 500.</summary>
    Failed,
}
