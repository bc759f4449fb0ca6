using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using AotServe.Files;
using AotServe.Net;
using AotServe.Tls;

namespace AotServe.Cli;

/// <summary>Which options go together.</summary>
internal static class OptionCombination
{
    /// <summary>Whether options that are each right can be used together, and on this system.</summary>
    public static bool TryCheck(ServerOptions options, [NotNullWhen(false)] out string? error)
    {
        bool hasHosts = options.VirtualHosts.Length > 0;
        error = options.StrictHost && !hasHosts ? "--strict-host refuses all hosts that no --vhost names; give a --vhost"u8.Text()
            : options.AuthFile is not null && options.Root is null && !hasHosts
                ? "--auth-file is for folders; give ROOT or a --vhost, for the built-in site asks for no password"u8.Text()
            : options.Listen.ReusePort && !OperatingSystem.IsLinux()
                ? "--reuse-port: this system does not spread connections over the servers of a port; leave it out"u8.Text()
            : LogInServedFolder(options) is { } served
                ? $"--access-log: the file lies in {served}" + ", which is served; put it elsewhere, for it says who asked for what"u8.Text()
            : options.AccessLog is { File: null, IsFormatGiven: true } or { File: null, Skip.Length: > 0 } && !options.Dev
                ? "--log-format and --log-skip are for the access log; give --access-log FILE"u8.Text()
            : SamePaths(options) is { } path ? "--health, --metrics and --status: two of them are "u8.Text() + path + "; give each a path of its own"u8.Text()
            : options.AdminAllow.Length > 0 && options is { Metrics: null, Status: null } ? "--admin-allow says who may see --metrics and --status; give one of them"u8.Text()
            : options.Limits.UsesProxyProtocol && options.Limits.TrustedProxies.Length == 0 && !options.Limits.TrustsUnix
                ? "--proxy-protocol takes the word of proxies that are trusted; name them with --trusted-proxy"u8.Text()
            : options.UsesPortablePoller && options.Limits.Connections > SelectPoller.MostConnections && options.Limits.Connections < int.MaxValue
                ? $"--max-connections: {options.Limits.Connections}" + " is more than can be watched where there is no epoll; give "u8.Text() + SelectPoller.MostConnections + " or less"
            : TlsCombination.FindFault(options, TlsSupport.IsBuiltIn);
        return error is null;
    }

    /// <summary>The served folder that the access log lies in; null: none.</summary>
    private static string? LogInServedFolder(ServerOptions options)
    {
        if (options.AccessLog.File is not (['/', ..] or [_, ':', ..]) || options.AccessLog.File is not { } file)
        {
            return null;
        }

        file = RealPath.Of(file);
        foreach (VirtualHost host in options.VirtualHosts)
        {
            if (IsBeneath(file, RealPath.Of(host.Folder)))
            {
                return host.Folder;
            }
        }

        return options.Root is { } root && IsBeneath(file, RealPath.Of(root)) ? root : null;
    }

    /// <summary>The path of two pages; null: each has its own. Those that <c>--admin</c> brings with it count.</summary>
    private static string? SamePaths(ServerOptions options)
    {
        bool hasAll = options.Listen.HasAdmin;
        string? health = options.Health ?? (hasAll ? OperatorPaths.DefaultHealth : null);
        string? metrics = options.Metrics ?? (hasAll ? OperatorPaths.DefaultMetrics : null);
        string? status = options.Status ?? (hasAll ? OperatorPaths.DefaultStatus : null);
        return health is not null && (health == metrics || health == status) ? health
            : metrics is not null && metrics == status ? metrics
            : null;
    }

    private static bool IsBeneath(string file, string folder) =>
        file.StartsWith(folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
