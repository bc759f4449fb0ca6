using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using AotServe.Cli;
using AotServe.Files;
using AotServe.Lifetime;
using AotServe.Observation;
using AotServe.Sandbox;

namespace AotServe.Commands;

/// <summary>Derives from the options what the process must keep, and has it give up everything else.</summary>
internal static class SandboxSetup
{
    /// <summary>The variable that gives a successor the numbers of --user, which it may no longer be able to look up.</summary>
    public const string UserHandedOver = "AOTSERVE_USER_NUMBERS";

    /// <summary>
    /// Looks up the user and group of <c>--user</c>; null where the option is not given. Whether the process may switch to them
    /// is only known when it tries.
    /// </summary>
    public static bool TryResolveUser(
        ServerOptions options, out UserAccount? account, [NotNullWhen(false)] out string? error)
    {
        account = null;
        error = null;
        if (options.User is not { } user)
        {
            return true;
        }

        if (!OperatingSystem.IsLinux())
        {
            error = "--user works on Linux only; start the server as the user that it is to be"u8.Text();
            return false;
        }

        string? handedOver = Environment.GetEnvironmentVariable(UserHandedOver);
        if (!UserAccount.TryResolve(user, handedOver, "/etc/passwd", "/etc/group", out UserAccount found, out error))
        {
            error = $"--user: {Quoted.Text(user)} {error}";
            return false;
        }

        Environment.SetEnvironmentVariable(UserHandedOver, found.ToHandoverText(user));
        account = found;
        return true;
    }

    /// <summary>
    /// Restricts the process, for good. Call it when what is served is open and the sockets listen, and before any thread is
    /// started: a thread inherits the restrictions of the thread that starts it.
    /// </summary>
    /// <param name="options">Which restrictions are wanted.</param>
    /// <param name="account">The user to switch to; null: none.</param>
    /// <param name="site">What is served.</param>
    /// <param name="operators">Is told of each restriction; may be null.</param>
    /// <param name="error">Why the process must not serve: one line.</param>
    public static bool TryRestrict(
        ServerOptions options,
        UserAccount? account,
        ServedSite site,
        OperatorReport? operators,
        [NotNullWhen(false)] out string? error)
    {
        error = null;
        Action<string>? report = options.Verbose ? StandardStreams.Report : null;
        if (operators is not null)
        {
            report += operators.AddWall;
        }

        if (report is not null)
        {
            foreach ((string folder, string guard) in site.Guards)
            {
                report($"Wall: files of {folder}: {guard}");
            }
        }

        if (OperatingSystem.IsLinux())
        {
            return ProcessSandbox.TryEnter(OptionsFor(options, account), report, out error);
        }

        report?.Invoke("Wall: sandbox: off: only Linux has what it is made of"u8.Text());
        return true;
    }

    private static SandboxOptions OptionsFor(ServerOptions options, UserAccount? account)
    {
        var served = new List<string>();
        if (options.Root is not null)
        {
            served.Add(options.Root);
        }

        foreach (VirtualHost host in options.VirtualHosts)
        {
            served.Add(host.Folder);
        }

        var sockets = new List<string>();
        foreach (string path in options.Listen.UnixPaths)
        {
            sockets.Add(Path.GetDirectoryName(path)!);
        }

        if (options.Listen.AdminPath is { } admin)
        {
            sockets.Add(Path.GetDirectoryName(admin)!);
        }

        var reread = new List<string>(SecureSockets.Folders(options.Tls));
        if (options.AuthFile is { } file && Path.GetDirectoryName(file) is { } folder && !reread.Contains(folder))
        {
            reread.Add(folder);
        }

        return new SandboxOptions
        {
            ServedFolders = [.. served],
            RereadFolders = [.. reread],
            SocketFolders = [.. sockets],
            LogFolder = options.AccessLog.File is { } log and not AccessLogOptions.StandardOutput ? Path.GetDirectoryName(log) : null,
            ReadsAnywhere = options.SymbolicLinks == SymbolicLinks.Always && served.Count > 0,
            UsesLandlock = !options.NoSandbox,
            Account = account,
        };
    }
}
