namespace AotServe.Files;

/// <summary>Which files of a <see cref="RootFolder"/> are found, and whether it is cached.</summary>
internal sealed class RootFolderOptions
{
    /// <summary>Which symbolic links in it are followed.</summary>
    public SymbolicLinks SymbolicLinks { get; init; }

    /// <summary>The names that are hidden; null: none.</summary>
    public HiddenNames? Hidden { get; init; }

    /// <summary>Whether the file system ignores case.</summary>
    public bool IgnoreCase { get; init; }

    /// <summary>The files that no root serves. All roots share it.</summary>
    public WithheldFiles Withheld { get; init; } = new();

    /// <summary>The cache, which all root folders share; null: nothing is cached.</summary>
    public FileCache? Cache { get; init; }
}
