namespace AotServe.Cli;

/// <summary>What the program is asked to do. All but serving is asked for by the first argument.</summary>
internal enum Command
{
    /// <summary>Serve.</summary>
    Serve,

    /// <summary><c>check</c>: do everything that a start would, but listen, and say what would be served.</summary>
    Check,

    /// <summary><c>hash-password</c>: make a line, or a hash, for an auth file.</summary>
    HashPassword,
}
