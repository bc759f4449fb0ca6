using System;
using System.Runtime.CompilerServices;
using AotServe.Native;

namespace AotServe.Handover;

/// <summary>
/// Descriptors that this process was started with: those of listening sockets that were passed on purpose, and others that the
/// parent forgot to close, which could keep files, locks and connections alive for as long as the server runs.
/// </summary>
internal static class InheritedDescriptors
{
    /// <summary>
    /// Closes all but the standard streams, the passed sockets and the channel to a predecessor. Called before anything else is
    /// opened. Does nothing where the runtime compiles at run time: it has files of its own open by then.
    /// </summary>
    public static void CloseOthers()
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

        FileDescriptor.CloseFrom(passed?.FirstOther ?? PassedSockets.FirstDescriptor);
    }
}
