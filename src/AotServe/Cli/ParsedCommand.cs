namespace AotServe.Cli;

/// <summary>
/// What the command line asks for: one of the classes in here, and nothing else. They are no records, because nobody compares
/// or prints them, and the code for that would be in the executable.
/// </summary>
internal abstract class ParsedCommand
{
    private ParsedCommand()
    {
    }

    /// <summary>Serve until a stop is asked for.</summary>
    internal sealed class Serve(ServerOptions options) : ParsedCommand
    {
        /// <summary>What to serve, and how.</summary>
        public ServerOptions Options => options;
    }

    /// <summary><c>check</c>: open and read what a start would, print what would be served, and do not listen.</summary>
    internal sealed class Check(ServerOptions options) : ParsedCommand
    {
        /// <summary>What would be served, and how.</summary>
        public ServerOptions Options => options;
    }

    /// <summary><c>hash-password</c>: make a password's hash for an auth file.</summary>
    internal sealed class HashPassword(string? user) : ParsedCommand
    {
        /// <summary>The user's name to put before the hash, as it was typed; null: none.</summary>
        public string? User => user;
    }

    /// <summary><c>healthcheck</c>: ask a server whether it is well.</summary>
    internal sealed class HealthCheck(HealthCheckUrl url) : ParsedCommand
    {
        /// <summary>What to ask for.</summary>
        public HealthCheckUrl Url => url;
    }

    /// <summary><c>print</c>: print what belongs to an installed program.</summary>
    internal sealed class PrintText(PrintedText what, ServerOptions options, GivenOption[] given) : ParsedCommand
    {
        /// <summary>What to print.</summary>
        public PrintedText What => what;

        /// <summary>What is to be served, and how; only the defaults where the text does not depend on it.</summary>
        public ServerOptions Options => options;

        /// <summary>The options of the command line that made <see cref="Options"/>, in their order, without the argument ROOT.</summary>
        public GivenOption[] Given => given;
    }

    /// <summary><c>--help</c> or <c>--version</c>: print a text on stdout.</summary>
    internal sealed class Print(string text) : ParsedCommand
    {
        /// <summary>What to print, with its last newline.</summary>
        public string Text => text;
    }

    /// <summary>The command line or the environment is wrong: print one line on stderr and exit with code 2.</summary>
    internal sealed class Invalid(string error) : ParsedCommand
    {
        /// <summary>What is wrong and what would be right, without "aotserve: ".</summary>
        public string Error => error;
    }
}
