using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Text;
using AotServe.Native;

namespace AotServe.Sandbox;

/// <summary>
/// What the server's Landlock ruleset allows, which is what this class names and nothing else. The rules follow folders,
/// not paths: a folder that is renamed stays readable, and one that takes its place is not.
/// </summary>
/// <remarks>
/// A replacement (SIGUSR2) is started within these walls, and raises its own inside of them. So they leave it what a
/// program needs to start: to run what lies beside the binary of now, for a new one is a new file, and to read what the
/// runtime and the C library look at. Signals are not refused (version 6): a replacement that hangs must be killed, and
/// the runtime sends them between its own threads.
/// </remarks>
[SupportedOSPlatform("linux")]
internal static unsafe class LandlockRules
{
    private const LandlockUses Read = LandlockUses.ReadFile | LandlockUses.ReadFolder;

    private static readonly (string Path, LandlockUses Uses)[] OfTheSystem =
    [
        // Of other processes this leaves what ps(1) shows: the rest takes a process within the same walls, or root.
        ("/proc", LandlockUses.ReadFile), // The stack's place, memory and its limits; a replacement's are not /proc/self's.
        ("/sys/fs/cgroup", LandlockUses.ReadFile), // The garbage collector asks how much memory is left.
        ("/sys/devices/system", Read), // Processors and their caches.
        ("/dev/null", LandlockUses.ReadFile | LandlockUses.WriteFile),
        ("/dev/urandom", LandlockUses.ReadFile),
        ("/dev/tty", LandlockUses.ReadFile), // Whether there is a terminal, and so what SIGHUP means.
    ];

    /// <summary>What a dynamically linked binary is started with.</summary>
    private static readonly (string Path, LandlockUses Uses)[] OfTheLoader =
    [
        ("/etc/ld.so.cache", LandlockUses.ReadFile),
        ("/lib", Read | LandlockUses.Execute),
        ("/lib64", Read | LandlockUses.Execute),
        ("/usr/lib", Read | LandlockUses.Execute),
        ("/usr/lib64", Read | LandlockUses.Execute),
        ("/usr/local/lib", Read | LandlockUses.Execute),
    ];

    /// <summary>
    /// Makes the ruleset. Where the kernel has no Landlock, or this is no native binary (whose runtime would go on opening
    /// files of its own), there is none, which is no error.
    /// </summary>
    /// <param name="options">What is left to the process.</param>
    /// <param name="served">Handles on the folders that are served.</param>
    /// <param name="ruleset">The ruleset, in force for nobody yet, which the caller owns; or null.</param>
    /// <param name="says">What there is to report.</param>
    /// <returns>Null, or why it could not be made.</returns>
    public static string? TryMake(
        SandboxOptions options, IReadOnlyList<int> served, out LandlockRuleset? ruleset, out string says)
    {
        ruleset = null;
        if (RuntimeFeature.IsDynamicCodeCompiled)
        {
            says = "off: this is not the native binary";
            return null;
        }

        int version = LandlockRuleset.Version();
        if (version <= 0)
        {
            says = $"off: the kernel has none ({Errno.Describe(-version)})";
            return null;
        }

        // Where systemd listens for sd_notify(3) by an abstract name, that must stay in reach.
        bool abstractNotify = Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is ['@', ..];
        int error = -LandlockRuleset.Create(version, !abstractNotify, out ruleset);
        for (int i = 0; error == 0 && i < served.Count; i++)
        {
            error = -ruleset!.Allow(served[i], Read);
        }

        if (error == 0 && options.Reread is { } reread)
        {
            error = Allow(ruleset!, reread, LandlockUses.ReadFile);
        }

        if (error == 0 && options.ReadsAnywhere)
        {
            error = Allow(ruleset!, "/", Read);
        }

        if (error == 0 && Path.GetDirectoryName(Environment.ProcessPath) is { Length: > 0 } folder)
        {
            error = Allow(ruleset!, folder, LandlockUses.ReadFile | LandlockUses.Execute);
        }

        error = AllowEach(ruleset!, OfTheSystem, error);
        if (LinuxProcess.HasLoader)
        {
            error = AllowEach(ruleset!, OfTheLoader, error);
        }

        says = Describe(version, options, abstractNotify);
        return error == 0 ? null : Errno.Describe(error);
    }

    private static int AllowEach(LandlockRuleset ruleset, (string Path, LandlockUses Uses)[] rules, int error)
    {
        for (int i = 0; error == 0 && i < rules.Length; i++)
        {
            error = Allow(ruleset, rules[i].Path, rules[i].Uses);
        }

        return error;
    }

    /// <summary>Allows uses of what is at a path; nothing, where nothing is there or it is out of reach anyway.</summary>
    private static int Allow(LandlockRuleset ruleset, string path, LandlockUses uses)
    {
        int descriptor;
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + "\0"))
        {
            descriptor = LinuxFiles.OpenAt(
                LinuxFiles.CurrentDirectory, bytes, LinuxFiles.PathOnly | LinuxFiles.CloseOnExec);
        }

        if (descriptor < 0)
        {
            return descriptor is -Errno.NotFound or -Errno.NotAFolder or -Errno.AccessDenied ? 0 : -descriptor;
        }

        int error = -ruleset.Allow(descriptor, uses);
        FileDescriptor.Close(descriptor);
        return error;
    }

    private static string Describe(int version, SandboxOptions options, bool abstractNotify)
    {
        int folders = options.Served.Count;
        string files = options.ReadsAnywhere ? "reads anywhere, for symbolic links may lead there"
            : folders == 0 ? "no files served"
            : $"reads beneath {folders} folder{(folders == 1 ? "" : "s")}";
        if (options.Reread is { } reread)
        {
            files += $" and in {reread}";
        }

        string lacks = version switch
        {
            < 4 => "; the kernel cannot refuse TCP (version 4), nor abstract Unix sockets (6)",
            < 6 => "; refuses TCP bind and connect; the kernel cannot refuse abstract Unix sockets (version 6)",
            _ when abstractNotify => "; refuses TCP bind and connect; abstract Unix sockets stay open, for NOTIFY_SOCKET is one",
            _ => "; refuses TCP bind and connect, and abstract Unix sockets",
        };
        return $"Landlock version {version}, {files}{lacks}";
    }
}
