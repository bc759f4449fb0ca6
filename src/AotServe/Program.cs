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
        NativeStart.Begin();
        if (!OperatingSystem.IsWindows())
        {
            FileDescriptor.OpenMissingStandardStreams();
            SignalDisposition.IgnoreUser1();
        }

        if (OperatingSystem.IsLinux() && Environment.ProcessId == 1)
        {
            SignalDisposition.ReapChildren();
        }

        long started = StartClock.Now;
        InheritedDescriptors.CloseOthers(arguments);
        try
        {
            return Run(arguments, started);
        }
        catch (Exception e)
        {
            StandardStreams.WriteError(StartFailure.Describe(e));
            return ExitCode.Failure;
        }
    }

    private static int Run(string[] arguments, long started)
    {
        switch (CommandLine.Parse(arguments, HasVariables ? Environment.GetEnvironmentVariable : null))
        {
            case ParsedCommand.Serve serve:
                Warn(serve.Options);
                return ServeCommand.Run(serve.Options, started);
            case ParsedCommand.Check check:
                Warn(check.Options);
                return CheckCommand.Run(check.Options);
            case ParsedCommand.HealthCheck health:
                return HealthCheckCommand.Run(health.Url);
            case ParsedCommand.HashPassword hash:
                return HashPasswordCommand.Run(hash.User);
            case ParsedCommand.PrintText text:
                return PrintCommand.Run(text);
            case ParsedCommand.Print print:
                StandardStreams.Print(print.Text);
                return ExitCode.Success;
            case ParsedCommand.Invalid invalid:
                StandardStreams.WriteError(invalid.Error);
                return ExitCode.UsageError;
            default:
                throw new InvalidOperationException("The command line asks for something that is no command."u8.Text());
        }
    }

    /// <summary>Whether a variable may set an option. Mostly none does, and then none of a hundred names has to be looked up.</summary>
    private static bool HasVariables => OperatingSystem.IsWindows() || EnvironmentNames.BeginningWith(ForeignVariables.Prefix).Count > 0;

    /// <summary>Says what is odd in the environment.</summary>
    private static void Warn(ServerOptions options)
    {
        foreach (string line in options.Warnings)
        {
            StandardStreams.WriteError(line);
        }

        if (OperatingSystem.IsWindows() || EnvironmentNames.BeginningWith(ForeignVariables.Prefix) is not { Count: > 0 } names)
        {
            return;
        }

        foreach (string line in ForeignVariables.Describe(names, [PassedSockets.PredecessorVariable, SandboxSetup.UserHandedOver]))
        {
            StandardStreams.WriteError(line);
        }
    }
}
