namespace AotServe.Files;

/// <summary>Which symbolic links in a root folder are followed. The root's own path may always lead through some.</summary>
internal enum SymbolicLinks
{
    /// <summary>Those that stay beneath the folder. An absolute link does not, wherever it leads.</summary>
    Beneath,

    /// <summary>None: a file behind a link is not found.</summary>
    Never,

    /// <summary>All but the magic links of <c>/proc</c>. The path of a request itself still stays beneath the folder.</summary>
    Always,
}
