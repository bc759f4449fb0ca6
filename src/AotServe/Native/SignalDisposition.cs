using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>What signals do before anybody handles them (signal(2)).</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class SignalDisposition
{
    private const nint Ignore = 1; // SIG_IGN
    private const int Child = 17; // SIGCHLD on Linux

    /// <summary>
    /// SIGUSR1 never ends the process: log rotation sends it, in the habit of other servers. Its default would.
    /// </summary>
    public static void IgnoreUser1() => _ = exchange(OperatingSystem.IsLinux() ? 10 : 30, Ignore);

    /// <summary>
    /// The kernel reaps all children that end: for process 1, to which the orphans of its container belong, and which starts none itself.
    /// </summary>
    [SupportedOSPlatform("linux")]
    public static void ReapChildren() => _ = exchange(Child, Ignore);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint exchange(int signal, nint disposition);
}
