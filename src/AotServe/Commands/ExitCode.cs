namespace AotServe.Commands;

/// <summary>What the process ends with. After a second signal it is 128 and that signal's number.</summary>
internal static class ExitCode
{
    /// <summary>All went well; a server answered every request that it had taken.</summary>
    public const int Success = 0;

    /// <summary>It could not listen, could not become its user, or a stop had to cut requests off.</summary>
    public const int Failure = 1;

    /// <summary>The command line, the environment or a file that it names is wrong; nothing was opened.</summary>
    public const int UsageError = 2;
}
