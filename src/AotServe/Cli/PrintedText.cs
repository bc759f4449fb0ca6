namespace AotServe.Cli;

/// <summary>What <c>print</c> prints.</summary>
internal enum PrintedText
{
    /// <summary>The manual page, as man(7) source.</summary>
    ManPage,

    /// <summary>Completions for bash.</summary>
    BashCompletions,

    /// <summary>Completions for zsh.</summary>
    ZshCompletions,

    /// <summary>Completions for fish.</summary>
    FishCompletions,

    /// <summary>A service unit for systemd, which starts the server with the options given.</summary>
    ServiceUnit,

    /// <summary>A socket unit for systemd, which listens where the options say.</summary>
    SocketUnit,

    /// <summary>A Dockerfile for an image that starts the server with the options given.</summary>
    Dockerfile,
}
