using System;
using AotServe.Cli;
using AotServe.Commands;
using AotServe.Handover;
using AotServe.Lifetime;
using AotServe.Native;

namespace AotServe;

/// <summary>Reads the command line and runs what it asks for.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (!OperatingSystem.IsWindows())
        {
            FileDescriptor.OpenMissingStandardStreams();
        }

        InheritedDescriptors.CloseOthers(arguments);
        switch (CommandLine.Parse(arguments, Environment.GetEnvironmentVariable))
        {
            case ParsedCommand.Serve serve:
                return ServeCommand.Run(serve.Options);
            case ParsedCommand.Check check:
                return CheckCommand.Run(check.Options);
            case ParsedCommand.HashPassword hash:
                return HashPasswordCommand.Run(hash.User);
            case ParsedCommand.Print print:
                StandardStreams.Print(print.Text);
                return ExitCode.Success;
            case ParsedCommand.Invalid invalid:
                StandardStreams.WriteError(invalid.Error);
                return ExitCode.UsageError;
            default:
                throw new InvalidOperationException("The command line asks for something that is no command.");
        }
    }
}
