namespace AotServe.Files;

/// <summary>Which symbolic links in a root folder are followed. The root's own path may always lead through some.</summary>
internal enum SymbolicLinks
{
    /// <summary>Those that stay beneath the folder; an absolute one does not, wherever it leads.</summary>
    Beneath,

    /// <summary>None: what is behind one is not found.</summary>
    Never,

    /// <summary>All, wherever they lead, but for the magic ones of <c>/proc</c>. A request itself stays beneath all the same.</summary>
    Always,
}
