using System.Collections.Generic;

namespace AotServe.Cli;

/// <summary>Reads what follows <c>print</c>.</summary>
internal static class PrintArguments
{
    private static string What => "man, completions bash|zsh|fish, unit, socket or dockerfile"u8.Text();
    private static string Shells => "bash, zsh or fish"u8.Text();

    /// <summary>Reads all arguments; the first is <c>print</c>.</summary>
    public static ParsedCommand Parse(string[] args)
    {
        string what = args.Length > 1 ? args[1] : "";
        switch (what)
        {
            case "man":
                return ParseAlone(PrintedText.ManPage, args, 2);
            case "completions":
                return ParseCompletions(args);
            case "unit":
                return ParseOptions(PrintedText.ServiceUnit, args);
            case "socket":
                return ParseOptions(PrintedText.SocketUnit, args);
            case "dockerfile":
                return ParseOptions(PrintedText.Dockerfile, args);
            case "":
                return new ParsedCommand.Invalid($"print needs to be told what: {What}" + "; a folder of that name is served as ./print"u8.Text());
            default:
                return new ParsedCommand.Invalid($"print: {Quoted.Text(what)} cannot be printed; give {What}");
        }
    }

    private static ParsedCommand ParseCompletions(string[] args)
    {
        string shell = args.Length > 2 ? args[2] : "";
        return shell switch
        {
            "bash" => ParseAlone(PrintedText.BashCompletions, args, 3),
            "zsh" => ParseAlone(PrintedText.ZshCompletions, args, 3),
            "fish" => ParseAlone(PrintedText.FishCompletions, args, 3),
            "" => new ParsedCommand.Invalid("print completions needs a shell: "u8.Text() + Shells),
            _ => new ParsedCommand.Invalid($"print completions: {Quoted.Text(shell)}" + " is no shell that there are any for; give "u8.Text() + Shells),
        };
    }

    /// <summary>A text that no option changes.</summary>
    private static ParsedCommand ParseAlone(PrintedText what, string[] args, int used) => args.Length == used
        ? new ParsedCommand.PrintText(what, new ServerOptions(), [])
        : new ParsedCommand.Invalid($"print {args[1]} takes no {Quoted.Text(args[used])}" + "; options are for unit, socket and dockerfile"u8.Text());

    /// <summary>A text that starts a server, whose options are checked as at a start.</summary>
    private static ParsedCommand ParseOptions(PrintedText what, string[] args)
    {
        var given = new List<GivenOption>();
        var options = new ServerOptions { ServiceMakesFolders = what != PrintedText.Dockerfile };
        return CommandLine.TryReadGiven(args, 2, ref options, given, out string? error)
            ? new ParsedCommand.PrintText(what, options, [.. given])
            : new ParsedCommand.Invalid(error);
    }
}
