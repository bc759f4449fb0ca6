namespace AotServe.Sites.Paths;

/// <summary>What an address leads to (see <see cref="PageLookup"/>).</summary>
internal enum PageOutcome
{
    /// <summary>Nothing that may be served.</summary>
    Missing,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A folder, asked for as one, that has no page of its own.</summary>
    Folder,

    /// <summary>Something whose one address is another: its path, as a file's.</summary>
    Moved,

    /// <summary>A folder whose one address ends in a slash.</summary>
    MovedToFolder,
}
