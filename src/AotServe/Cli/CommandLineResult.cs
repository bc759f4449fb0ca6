namespace AotServe.Cli;

/// <summary>
/// What the command line asks for: exactly one of <see cref="Options"/> (serve, or check), <see cref="Output"/> (print
/// this on stdout and exit 0: help, version) and <see cref="Error"/> (one line for stderr without "aotserve: ", exit
/// code 2); or none of them, for <see cref="Command.HashPassword"/>.
/// </summary>
internal readonly record struct CommandLineResult(ServerOptions? Options, string? Output, string? Error)
{
    /// <summary>What is to be done.</summary>
    public Command Command { get; init; }

    /// <summary>Whose password is hashed, as it was typed; null: nobody's in particular.</summary>
    public string? User { get; init; }
}
