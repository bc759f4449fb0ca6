using AotServe.Cli;

namespace AotServe.Tests.Cli;

/// <summary>The parts of a <see cref="ParsedCommand"/>, null where it is another one.</summary>
internal static class ParsedCommandParts
{
    extension(ParsedCommand command)
    {
        public ServerOptions? Options => command switch
        {
            ParsedCommand.Serve serve => serve.Options,
            ParsedCommand.Check check => check.Options,
            ParsedCommand.PrintText text => text.Options,
            _ => null,
        };

        public string? Output => (command as ParsedCommand.Print)?.Text;

        public string? Error => (command as ParsedCommand.Invalid)?.Error;
    }
}
