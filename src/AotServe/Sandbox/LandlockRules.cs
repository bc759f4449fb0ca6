using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Text;
using AotServe.Native;

namespace AotServe.Sandbox;

/// <summary>
/// The server's Landlock ruleset. It allows what this class names, and nothing else. A rule belongs to a folder, not to its
/// path: a folder that is renamed stays readable, and another one that takes its path is readable only where it lies in one of
/// <see cref="DeployFolders"/>.
/// </summary>
/// <remarks>
/// A replacement of the server (SIGUSR2) starts within this sandbox, and enters its own inside of it. So the ruleset also
/// allows what the start of a program needs: to run files beside the current binary, because a new binary is a new file,
/// and to read what the runtime and the C library read. Signals are not refused (version 6): the server must be able to
/// kill a replacement that hangs, and the runtime sends signals between its own threads.
/// </remarks>
[SupportedOSPlatform("linux")]
internal static unsafe class LandlockRules
{
    private const LandlockUses Read = LandlockUses.ReadFile | LandlockUses.ReadFolder;

    private static readonly (string Path, LandlockUses Uses)[] SystemPaths =
    [
        // Shows of other processes what ps(1) shows. More would take root, or a process within the same sandbox.
        ("/proc", LandlockUses.ReadFile), // The place of the stack, memory, limits. /proc/self would not serve a replacement.
        ("/sys/fs/cgroup", LandlockUses.ReadFile), // The garbage collector reads how much memory is left.
        ("/sys/devices/system", Read), // Processors and their caches.
        ("/dev/null", LandlockUses.ReadFile | LandlockUses.WriteFile),
        ("/dev/urandom", LandlockUses.ReadFile),
        ("/dev/tty", LandlockUses.ReadFile), // Whether there is a terminal decides what SIGHUP means.
    ];

    /// <summary>What the dynamic loader reads, for a binary that is not static.</summary>
    private static readonly (string Path, LandlockUses Uses)[] LoaderPaths =
    [
        ("/etc/ld.so.cache", LandlockUses.ReadFile),
        ("/lib", Read | LandlockUses.Execute),
        ("/lib64", Read | LandlockUses.Execute),
        ("/usr/lib", Read | LandlockUses.Execute),
        ("/usr/lib64", Read | LandlockUses.Execute),
        ("/usr/local/lib", Read | LandlockUses.Execute),
    ];

    /// <summary>
    /// Creates the ruleset. Succeeds without one where the kernel has no Landlock, and where this is not the native binary,
    /// whose runtime would go on to open files of its own.
    /// </summary>
    /// <param name="options">What is left to the process.</param>
    /// <param name="servedFolders">Descriptors of the served folders.</param>
    /// <param name="ruleset">The ruleset, owned by the caller and in force for no thread yet; may be null.</param>
    /// <param name="status">What the ruleset refuses, or why there is none: for the report.</param>
    /// <param name="error">The kernel's error.</param>
    /// <exception cref="Win32Exception">The process has no descriptor left.</exception>
    public static bool TryCreate(
        SandboxOptions options,
        List<int> servedFolders,
        out LandlockRuleset? ruleset,
        [NotNullWhen(true)] out string? status,
        [NotNullWhen(false)] out string? error)
    {
        ruleset = null;
        error = null;
        if (RuntimeFeature.IsDynamicCodeCompiled)
        {
            status = "off: this is not the native binary";
            return true;
        }

        int version = LandlockRuleset.Version();
        if (version <= 0)
        {
            status = version == -Errno.NotPermitted
                ? "off: a filter refuses its system calls (EPERM); with systemd, SystemCallFilter= has to name "u8.Text()
                    + "landlock_create_ruleset, landlock_add_rule and landlock_restrict_self"u8.Text()
                : $"off: the kernel has none ({Errno.Describe(-version)})";
            return true;
        }

        // systemd may listen for sd_notify(3) on an abstract Unix socket, which must stay reachable.
        bool abstractNotify = Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is ['@', ..];
        int result = LandlockRuleset.Create(version, !abstractNotify, out ruleset);
        if (result == 0)
        {
            result = AllowAll(ruleset!, options, servedFolders);
        }

        if (result != 0)
        {
            ruleset?.Dispose();
            ruleset = null;
            status = null;
            if (result == -Errno.ProcessFilesExhausted)
            {
                throw new Win32Exception(Errno.ProcessFilesExhausted); // That is no matter of the sandbox.
            }

            error = Errno.Describe(-result);
            return false;
        }

        status = Describe(version, options, abstractNotify);
        return true;
    }

    /// <summary>Adds all rules. Returns 0, or −errno of the first that failed.</summary>
    private static int AllowAll(LandlockRuleset ruleset, SandboxOptions options, List<int> servedFolders)
    {
        int result = 0;
        for (int i = 0; result == 0 && i < servedFolders.Count; i++)
        {
            result = ruleset.Allow(servedFolders[i], Read);
        }

        if (!options.ReadsAnywhere)
        {
            foreach (string folder in options.ServedFolders)
            {
                result = result == 0 ? AllowEach(ruleset, DeployFolders.OfFolder(folder), Read) : result;
            }
        }

        foreach (string folder in options.RereadFolders)
        {
            result = result == 0 ? Allow(ruleset, folder, LandlockUses.ReadFile) : result;
        }

        foreach (string folder in options.SocketFolders)
        {
            result = result == 0 ? Allow(ruleset, folder, LandlockUses.RemoveFile) : result;
        }

        if (result == 0 && options.LogFolder is { } logFolder)
        {
            result = Allow(ruleset, logFolder, LandlockUses.WriteFile | LandlockUses.MakeFile);
        }

        if (result == 0 && options.ReadsAnywhere)
        {
            result = Allow(ruleset, "/", Read);
        }

        // The kernel gives a path without links (proc_pid_exe(5)); Environment.ProcessPath would look at each folder on it once more.
        if (result == 0 && Path.GetDirectoryName(DeployFolders.ReadLink("/proc/self/exe")) is { Length: > 0 } binaryFolder)
        {
            result = Allow(ruleset, binaryFolder, LandlockUses.ReadFile | LandlockUses.Execute);
        }

        if (result == 0 && LinuxProcess.ExecutedPath is { Length: > 0 } program)
        {
            result = AllowEach(ruleset, DeployFolders.OfProgram(program), LandlockUses.ReadFile | LandlockUses.Execute);
        }

        if (result == 0)
        {
            result = AllowEach(ruleset, SystemPaths);
        }

        return result == 0 && LinuxProcess.HasLoader ? AllowEach(ruleset, LoaderPaths) : result;
    }

    private static int AllowEach(LandlockRuleset ruleset, (string Path, LandlockUses Uses)[] rules)
    {
        int result = 0;
        for (int i = 0; result == 0 && i < rules.Length; i++)
        {
            result = Allow(ruleset, rules[i].Path, rules[i].Uses);
        }

        return result;
    }

    private static int AllowEach(LandlockRuleset ruleset, List<string> folders, LandlockUses uses)
    {
        int result = 0;
        for (int i = 0; result == 0 && i < folders.Count; i++)
        {
            result = Allow(ruleset, folders[i], uses);
        }

        return result;
    }

    /// <summary>
    /// Adds a rule for what is at a path; none if nothing is there, or if the process cannot reach it anyway. Returns 0 or
    /// −errno.
    /// </summary>
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
            return descriptor is -Errno.NotFound or -Errno.NotAFolder or -Errno.AccessDenied ? 0 : descriptor;
        }

        int result = ruleset.Allow(descriptor, uses);
        FileDescriptor.Close(descriptor);
        return result;
    }

    private static string Describe(int version, SandboxOptions options, bool abstractNotify)
    {
        int folders = options.ServedFolders.Length;
        string files = options.ReadsAnywhere ? "reads anywhere, for symbolic links may lead there"u8.Text()
            : folders == 0 ? "no files served"
            : string.Create(CultureInfo.InvariantCulture, stackalloc char[64], $"reads beneath {folders} folder{(folders == 1 ? "" : "s")}");
        foreach (string folder in options.RereadFolders)
        {
            files += $" and in {folder}";
        }

        string refused = version switch
        {
            < 4 => "; the kernel cannot refuse TCP (version 4), nor abstract Unix sockets (6)"u8.Text(),
            < 6 => "; refuses TCP bind and connect; the kernel cannot refuse abstract Unix sockets (version 6)"u8.Text(),
            _ when abstractNotify => "; refuses TCP bind and connect; abstract Unix sockets stay open, for NOTIFY_SOCKET is one"u8.Text(),
            _ => "; refuses TCP bind and connect, and abstract Unix sockets"u8.Text(),
        };
        return string.Create(CultureInfo.InvariantCulture, stackalloc char[512], $"Landlock version {version}, {files}{refused}");
    }
}
