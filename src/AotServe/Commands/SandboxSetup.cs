using System;
using System.Collections.Generic;
using System.IO;
using AotServe.Cli;
using AotServe.Lifetime;
using AotServe.Sandbox;

namespace AotServe.Commands;

/// <summary>What the options, and what is served by them, leave to the process: everything else it gives up.</summary>
internal static class SandboxSetup
{
    /// <summary>The variable by which a server tells the one that replaces it what --user means.</summary>
    private const string UserHandedOver = "AOTSERVE_USER_NUMBERS";

    /// <summary>Says whom --user names; an error where it names nobody. Whether one can become that user is seen later.</summary>
    public static string? ResolveUser(ServerOptions options, out UserAccount? account)
    {
        account = null;
        if (options.User is not { } user)
        {
            return null;
        }

        if (!OperatingSystem.IsLinux())
        {
            return "--user works on Linux only; start the server as the user that it is to be";
        }

        string? handedOver = Environment.GetEnvironmentVariable(UserHandedOver);
        if (!UserAccount.TryResolve(user, handedOver, "/etc/passwd", "/etc/group", out UserAccount found, out string? error))
        {
            return $"--user: {Quoted.Text(user)} {error}";
        }

        Environment.SetEnvironmentVariable(UserHandedOver, found.ToHandoverText(user));
        account = found;
        return null;
    }

    /// <summary>
    /// Raises the walls, for good. When what is served is open and the sockets listen; before any thread is started, for a
    /// thread has the rights of the one that starts it.
    /// </summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="account">Whom to become; null: nobody else.</param>
    /// <param name="site">What is served.</param>
    /// <param name="remaining">What is left to do on the runtime's own thread, or null; the caller owns it.</param>
    /// <returns>Null, or why the process must not serve: one line.</returns>
    public static string? Raise(ServerOptions options, UserAccount? account, ServedSite site, out FinalizerThreadRestriction? remaining)
    {
        remaining = null;
        Action<string>? report = options.Verbose ? StandardStreams.Report : null;
        if (report is not null)
        {
            foreach ((string folder, string guard) in site.Guards)
            {
                report($"Wall: files of {folder}: {guard}");
            }
        }

        if (OperatingSystem.IsLinux())
        {
            return ProcessSandbox.TryEnter(OptionsFor(options, account), report, out remaining, out string? error) ? null : error;
        }

        report?.Invoke("Wall: sandbox: off: only Linux has what it is made of");
        return null;
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

        return new SandboxOptions
        {
            ServedFolders = served,
            RereadFolder = options.AuthFile is { } file ? Path.GetDirectoryName(file) : null,
            ReadsAnywhere = options.FollowSymlinks == FollowSymlinks.Always && served.Count > 0,
            UsesLandlock = !options.NoSandbox,
            Account = account,
        };
    }
}
