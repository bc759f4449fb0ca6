namespace AotServe.Cli;

/// <summary>What the command line asks for: one of the records in here, and nothing else.</summary>
internal abstract record ParsedCommand
{
    private ParsedCommand()
    {
    }

    /// <summary>Serve until a stop is asked for.</summary>
    internal sealed record Serve(ServerOptions Options) : ParsedCommand;

    /// <summary><c>check</c>: open and read what a start would, print what would be served, and do not listen.</summary>
    internal sealed record Check(ServerOptions Options) : ParsedCommand;

    /// <summary><c>hash-password</c>: make a password's hash for an auth file.</summary>
    /// <param name="User">The user's name to put before the hash, as it was typed; null: none.</param>
    internal sealed record HashPassword(string? User) : ParsedCommand;

    /// <summary><c>--help</c> or <c>--version</c>: print a text on stdout.</summary>
    internal sealed record Print(string Text) : ParsedCommand;

    /// <summary>The command line or the environment is wrong: print one line on stderr and exit with code 2.</summary>
    /// <param name="Error">What is wrong and what would be right, without "aotserve: ".</param>
    internal sealed record Invalid(string Error) : ParsedCommand;
}
