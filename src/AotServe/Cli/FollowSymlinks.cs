namespace AotServe.Cli;

/// <summary>Which symbolic links in a served folder are followed.</summary>
internal enum FollowSymlinks
{
    /// <summary>Those that stay beneath the folder.</summary>
    Beneath,

    /// <summary>None.</summary>
    Never,

    /// <summary>All, wherever they lead.</summary>
    Always,
}
