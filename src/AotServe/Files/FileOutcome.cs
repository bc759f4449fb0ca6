namespace AotServe.Files;

/// <summary>The result of finding or opening a file beneath a root.</summary>
internal enum FileOutcome
{
    /// <summary>It is there.</summary>
    Found,

    /// <summary>
    /// There is no file, or its path leads out of the root, which clients cannot tell apart: 404.
    /// </summary>
    NotFound,

    /// <summary>This process has no permission to read it: 403.</summary>
    Forbidden,

    /// <summary>
    /// The system is short of file descriptors or memory, or the path keeps changing: 503, try again.
    /// </summary>
    Unavailable,

    /// <summary>Something else is wrong, with the disk for example: 500.</summary>
    Failed,
}
