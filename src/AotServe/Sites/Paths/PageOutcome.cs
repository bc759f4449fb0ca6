namespace AotServe.Sites.Paths;

/// <summary>What a path leads to (see <see cref="PageLookup"/>).</summary>
internal enum PageOutcome
{
    /// <summary>Nothing that may be served. The path is unchanged.</summary>
    Missing,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A folder without an index page, requested with a slash at the end. The path is unchanged.</summary>
    Folder,

    /// <summary>The same, requested without the slash, which the path now has.</summary>
    FolderMoved,

    /// <summary>Something whose canonical address is another one: a page without its extension, or a folder with its slash.</summary>
    Moved,
}
