namespace AotServe.Files;

/// <summary>What of a <see cref="RootFolder"/> is found, and whether it is cached.</summary>
internal sealed record RootFolderOptions
{
    /// <summary>Which symbolic links in it are followed.</summary>
    public SymbolicLinks SymbolicLinks { get; init; }

    /// <summary>The names that are not there; null: all are.</summary>
    public HiddenNames? Hidden { get; init; }

    /// <summary>The path of a file that is never served, under whatever name it may be found; null: there is none.</summary>
    public string? Withheld { get; init; }

    /// <summary>Where what is found and read is remembered, for all folders together; null: nowhere.</summary>
    public FileCache? Cache { get; init; }
}
