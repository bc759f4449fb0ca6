namespace AotServe.Sandbox;

/// <summary>What <see cref="ProcessSandbox"/> leaves to the process.</summary>
internal sealed class SandboxOptions
{
    /// <summary>The full paths of the served folders. They and everything beneath them stay readable.</summary>
    public required string[] ServedFolders { get; init; }

    /// <summary>
    /// The full paths of folders that hold files which are read again from time to time. All files in them stay readable: a file
    /// that is replaced is another file, and a Landlock rule needs a file that exists.
    /// </summary>
    public string[] RereadFolders { get; init; } = [];

    /// <summary>The full paths of folders from which a Unix socket is removed at the stop.</summary>
    public string[] SocketFolders { get; init; } = [];

    /// <summary>The full path of the folder in which the access log is made, and made anew; null: there is none.</summary>
    public string? LogFolder { get; init; }

    /// <summary>Whether all files stay readable, because symbolic links in the served folders may lead anywhere.</summary>
    public bool ReadsAnywhere { get; init; }

    /// <summary>Whether a Landlock ruleset refuses everything else.</summary>
    public bool UsesLandlock { get; init; } = true;

    /// <summary>The user to become; null: the process stays the user that started it.</summary>
    public UserAccount? Account { get; init; }
}
