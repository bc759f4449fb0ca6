using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using AotServe.Cli;
using AotServe.Handover;
using AotServe.Lifetime;
using AotServe.Native;
using AotServe.Printing;

namespace AotServe.Commands;

/// <summary>
/// <c>aotserve print</c>: prints what belongs to an installed program, made of the tables that the help is made of, so that it fits
/// this very binary.
/// </summary>
internal static class PrintCommand
{
    /// <summary>Prints, and returns the exit code.</summary>
    public static int Run(ParsedCommand.PrintText asked)
    {
        var notes = new List<string>();
        if (!TryMake(asked, notes, out string? text, out string? error))
        {
            StandardStreams.WriteError(error);
            return ExitCode.UsageError;
        }

        foreach (string note in notes)
        {
            StandardStreams.WriteError(note);
        }

        StandardStreams.Print(text);
        return ExitCode.Success;
    }

    private static bool TryMake(
        ParsedCommand.PrintText asked, List<string> notes, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? error)
    {
        error = null;
        switch (asked.What)
        {
            case PrintedText.ServiceUnit:
                return ServiceUnit.TryMake(OwnPath(), asked.Options, asked.Given, notes, out text, out error);
            case PrintedText.SocketUnit:
                return SocketUnit.TryMake(asked.Options, out text, out error);
            case PrintedText.Dockerfile:
                return Dockerfile.TryMake(asked.Options, asked.Given, Environment.CurrentDirectory, out text, out error);
        }

        text = asked.What switch
        {
            PrintedText.ManPage => ManPage.Make(),
            PrintedText.BashCompletions => BashCompletions.Make(),
            PrintedText.ZshCompletions => ZshCompletions.Make(),
            _ => FishCompletions.Make(),
        };
        return true;
    }

    /// <summary>Where the program was started from: a link stays one, so that it can be switched to the next version.</summary>
    private static string OwnPath() => OperatingSystem.IsLinux()
        ? Path.GetFullPath(Replacement.ProgramPath(LinuxProcess.ExecutedPath, Environment.ProcessPath ?? ""))
        : Environment.ProcessPath ?? "aotserve";
}
