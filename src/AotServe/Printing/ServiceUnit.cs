using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO;
using System.Net;
using System.Text;
using AotServe.Cli;
using AotServe.Http;
using AotServe.Net;
using AotServe.Observation;

namespace AotServe.Printing;

/// <summary>Makes a service unit for systemd that starts the server with the options given (systemd.service(5), systemd.exec(5)).</summary>
internal static class ServiceUnit
{
    /// <summary>Ports below are for the privileged (ip(7)).</summary>
    private const int FirstUnprivilegedPort = 1024;

    private const int UsualDescriptors = 65_536;

    /// <summary>What a kernel grants by default (fs.nr_open); systemd would refuse to start a service with more.</summary>
    private const long MostDescriptors = 1_048_576;

    /// <summary>Descriptors that are no connections: files that are sent and kept, sockets, the process's own.</summary>
    private const long OtherDescriptors = 4_096;

    /// <summary>systemd's DefaultTimeoutStopSec=, in seconds.</summary>
    private const int UsualStopTimeout = 90;

    /// <summary>What a stop may take beyond the waiting that was asked for, in seconds; the same as the server tells systemd.</summary>
    private const int StopMargin = 5;

    /// <summary>Makes the unit.</summary>
    /// <param name="binary">The full path of the server.</param>
    /// <param name="options">What is served, and how.</param>
    /// <param name="given">The options that say so.</param>
    /// <param name="notes">Gets lines about what the service will not see.</param>
    /// <param name="text">The unit.</param>
    /// <param name="error">What is wrong and what would be right.</param>
    public static bool TryMake(
        string binary, ServerOptions options, GivenOption[] given, List<string> notes,
        [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? error)
    {
        text = null;
        error = null;
        ServiceUser user = default;
        if (options.User is { } named && !ServiceUser.TryParse(named, out user, out error))
        {
            return false;
        }

        StringBuilder unit = new StringBuilder().Append(
            """
            [Unit]
            Description=AotServe
            Wants=network-online.target
            After=network-online.target

            [Service]
            # Before systemd 253: Type=notify, and ExecReload=kill -HUP $MAINPID
            Type=notify-reload
            ExecStart=
            """u8).AppendUnitPath(binary);
        if (options.Root is { } root)
        {
            unit.Append(' ').AppendUnitArgument(root);
        }

        foreach (string argument in GivenArguments.Make(given, without: "user"))
        {
            unit.Append(' ').AppendUnitArgument(argument);
        }

        unit.Append('\n');
        AppendUser(unit, options.User is null ? null : user);
        unit.Append(ListensBelow(FirstUnprivilegedPort, options.Listen)
            ? "AmbientCapabilities=CAP_NET_BIND_SERVICE\nCapabilityBoundingSet=CAP_NET_BIND_SERVICE\n"u8
            : "CapabilityBoundingSet=\n"u8);
        AppendFolders(unit, binary, options, notes);
        long connections = options.Limits.Connections == new ConnectionLimits().Connections ? 0 : options.Limits.Connections;
        long descriptors = Math.Clamp(connections + OtherDescriptors, UsualDescriptors, MostDescriptors);
        unit.Append("LimitNOFILE="u8).Append(descriptors.ToString(CultureInfo.InvariantCulture)).Append('\n').Append(
            """
            SystemCallFilter=@system-service landlock_create_ruleset landlock_add_rule landlock_restrict_self
            WatchdogSec=30
            Restart=on-failure
            RestartPreventExitStatus=2

            """u8);
        long stop = ((options.DrainDelay + options.ShutdownTimeout).Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond + StopMargin;
        if (stop > UsualStopTimeout)
        {
            unit.Append("TimeoutStopSec="u8).Append(stop.ToString(CultureInfo.InvariantCulture)).Append('\n');
        }

        text = unit.Append("\n[Install]\nWantedBy=multi-user.target\n"u8).ToString();
        return true;
    }

    private static void AppendUser(StringBuilder unit, ServiceUser? user)
    {
        if (user is not { } given)
        {
            unit.Append("DynamicUser=yes\n"u8);
            return;
        }

        unit.Append("User="u8).Append(given.Name).Append('\n');
        if (given.Group is { } group)
        {
            unit.Append("Group="u8).Append(group).Append('\n');
        }

        // What DynamicUser= would imply.
        unit.Append("NoNewPrivileges=yes\nProtectSystem=strict\nPrivateTmp=yes\nRestrictSUIDSGID=yes\nRemoveIPC=yes\n"u8);
    }

    /// <summary>The folders that the service reads, has made for it, and writes to. Everything else is read-only for it.</summary>
    private static void AppendFolders(StringBuilder unit, string binary, ServerOptions options, List<string> notes)
    {
        string? log = options.AccessLog.File is { } file && file != AccessLogOptions.StandardOutput ? Path.GetDirectoryName(file) : null;
        List<string> read = [binary];
        Add(read, options.Root);
        Add(read, options.AuthFile);
        read.AddRange(options.Tls.Certificates);
        read.AddRange(options.Tls.Keys);
        foreach (VirtualHost host in options.VirtualHosts)
        {
            read.Add(host.Folder);
        }

        var written = new List<string>();
        var made = new List<string>();
        foreach (string socket in options.Listen.UnixPaths)
        {
            AddSocketFolder(socket, made, written);
        }

        if (options.Listen.AdminPath is { } admin)
        {
            AddSocketFolder(admin, made, written);
        }

        bool isHomeRead = false;
        foreach (string path in read)
        {
            isHomeRead |= IsBeneath(path, "/home/") || IsBeneath(path, "/root/") || IsBeneath(path, "/run/user/");
            if (IsBeneath(path, "/tmp/") || IsBeneath(path, "/var/tmp/"))
            {
                notes.Add($"the service does not see {path}" + ", for systemd gives it a /tmp and a /var/tmp of its own; move it elsewhere"u8.Text());
            }
        }

        unit.Append(isHomeRead ? "ProtectHome=read-only\n"u8 : "ProtectHome=yes\n"u8);
        if (ServiceFolder.TryName(log, ServiceFolder.Logs, out string? name))
        {
            unit.Append("LogsDirectory="u8).Append(name).Append('\n');
        }
        else if (log is not null && !written.Contains(log))
        {
            written.Add(log);
        }

        if (made.Count > 0)
        {
            // Kept at a stop, since a socket unit may have its sockets in there.
            unit.Append("RuntimeDirectory="u8).Append(string.Join(" ", made)).Append("\nRuntimeDirectoryPreserve=yes\n"u8);
        }

        foreach (string folder in written)
        {
            unit.Append("ReadWritePaths="u8).AppendUnitPath(folder).Append('\n');
        }
    }

    private static void AddSocketFolder(string socket, List<string> made, List<string> written)
    {
        string folder = Path.GetDirectoryName(socket)!;
        bool isMade = ServiceFolder.TryName(folder, ServiceFolder.Runtime, out string? name);
        List<string> folders = isMade ? made : written;
        if (!folders.Contains(name ?? folder))
        {
            folders.Add(name ?? folder);
        }
    }

    private static void Add(List<string> paths, string? path)
    {
        if (path is not null)
        {
            paths.Add(path);
        }
    }

    private static bool IsBeneath(string path, string folder) => (path + "/").StartsWith(folder, StringComparison.Ordinal);

    private static bool ListensBelow(int port, ListenOptions listen)
    {
        bool isTcp = listen.IsEverywhere || listen.Addresses.Length > 0;
        return (isTcp && listen.Port > 0 && listen.Port < port)
            || (listen.HttpPort is > 0 and var plain && plain < port)
            || (listen.AdminEndPoint is IPEndPoint admin && admin.Port > 0 && admin.Port < port);
    }
}
