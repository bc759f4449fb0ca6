namespace AotServe.Commands;

/// <summary>The exit codes of the process. After a second signal the code is 128 plus the signal's number.</summary>
internal static class ExitCode
{
    /// <summary>Success. A server has answered every request that it accepted.</summary>
    public const int Success = 0;

    /// <summary>The server could not listen or switch to its user, or a stop cut requests off.</summary>
    public const int Failure = 1;

    /// <summary>The command line, the environment or a file that it names is wrong. The server did not listen.</summary>
    public const int UsageError = 2;
}
