namespace AotServe.Cli;

/// <summary>What the command line asks for: one of the records in here, and nothing else.</summary>
internal abstract record ParsedCommand
{
    private ParsedCommand()
    {
    }

    /// <summary>Serve until a stop is asked for.</summary>
    internal sealed record Serve(ServerOptions Options) : ParsedCommand;

    /// <summary><c>check</c>: do everything that a start would, but listen, and say what would be served.</summary>
    internal sealed record Check(ServerOptions Options) : ParsedCommand;

    /// <summary><c>hash-password</c>: make a hash, or with a user's name a line, for an auth file.</summary>
    /// <param name="User">Whose password it is, as it was typed; null: nobody's in particular.</param>
    internal sealed record HashPassword(string? User) : ParsedCommand;

    /// <summary>Print a text on stdout, as for <c>--help</c> and <c>--version</c>.</summary>
    internal sealed record Print(string Text) : ParsedCommand;

    /// <summary>The command line or the environment is wrong: print one line on stderr, exit code 2.</summary>
    /// <param name="Error">What is wrong and what would be right, without "aotserve: ".</param>
    internal sealed record Invalid(string Error) : ParsedCommand;
}
