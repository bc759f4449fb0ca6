namespace AotServe.Cli;

/// <summary>Whether the value of an option holds a path, and where. Completions offer files by it; a printed unit has full paths.</summary>
internal enum PathForm
{
    /// <summary>It holds none.</summary>
    None,

    /// <summary>It is a folder.</summary>
    Folder,

    /// <summary>It is a file, or <c>-</c> for stdout.</summary>
    File,

    /// <summary>It is something, an equals sign, and a folder.</summary>
    FolderBehindEquals,

    /// <summary>It is a Unix socket if it begins with <see cref="UnixPath.Prefix"/>.</summary>
    UnixSocket,
}
