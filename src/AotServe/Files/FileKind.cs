namespace AotServe.Files;

/// <summary>What a path in the file system names, symbolic links followed.</summary>
internal enum FileKind
{
    /// <summary>A FIFO, a socket, a device: never opened, since opening one can block or have effects.</summary>
    Other,

    /// <summary>A regular file.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,
}
