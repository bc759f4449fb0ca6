using System;
using System.Globalization;
using System.Runtime.CompilerServices;
using AotServe.Native;

namespace AotServe.Handover;

/// <summary>
/// Descriptors that this process was started with: those of listening sockets that were passed on purpose, and others that the
/// parent forgot to close, which could keep files, locks and connections alive for as long as the server runs.
/// </summary>
internal static class InheritedDescriptors
{
    private const string NamedDescriptor = "/fd/";

    /// <summary>
    /// Closes all but the standard streams, the passed sockets, the channel to a predecessor, and what an argument names, as a
    /// shell's <c>&lt;(command)</c> does (<c>/dev/fd/63</c>). Called before anything else: the runtime opens files of its own later,
    /// and where it compiles at run time has some already. Nothing is closed then.
    /// </summary>
    public static void CloseOthers(string[] arguments)
    {
        if (OperatingSystem.IsWindows() || RuntimeFeature.IsDynamicCodeSupported)
        {
            return;
        }

        PassedSockets? passed = null;
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable(PassedSockets.CountVariable) is not null)
        {
            // An error is told where the sockets are adopted.
            _ = PassedSockets.TryRead(
                Environment.GetEnvironmentVariable, Environment.ProcessId, LinuxProcess.ParentId, out passed, out _);
        }

        int first = passed?.FirstOther ?? PassedSockets.FirstDescriptor;
        for (int next = NextNamed(arguments, first); next < int.MaxValue; next = NextNamed(arguments, first))
        {
            if (next > first)
            {
                FileDescriptor.CloseRange(first, next - 1);
            }

            first = next + 1;
        }

        FileDescriptor.CloseRange(first, int.MaxValue);
    }

    /// <summary>The least descriptor from <paramref name="least"/> on that an argument names; the largest value: none does.</summary>
    private static int NextNamed(string[] arguments, int least)
    {
        int next = int.MaxValue;
        foreach (string argument in arguments)
        {
            int at = argument.IndexOf(NamedDescriptor, StringComparison.Ordinal);
            if (at >= 0
                && int.TryParse(argument.AsSpan(at + NamedDescriptor.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int named)
                && named >= least)
            {
                next = Math.Min(next, named);
            }
        }

        return next;
    }
}
