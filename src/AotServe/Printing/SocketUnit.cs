using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AotServe.Cli;
using AotServe.Http;
using AotServe.Net;

namespace AotServe.Printing;

/// <summary>Makes a socket unit for systemd that listens where the options say (systemd.socket(5)).</summary>
internal static class SocketUnit
{
    /// <summary>Makes the unit. What <c>--admin</c> names is not in it: the server opens that itself.</summary>
    public static bool TryMake(ServerOptions options, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? error)
    {
        text = null;
        error = null;
        ListenOptions listen = options.Listen;
        ServiceUser user = default;
        if (options.User is { } named && !ServiceUser.TryParse(named, out user, out error))
        {
            return false;
        }

        if ((listen.Port == 0 || listen.HttpPort == 0) && (listen.IsEverywhere || listen.Addresses.Length > 0))
        {
            error = $"print socket: {(listen.Port == 0 ? "--port" : "--http-port")} is 0, and systemd picks no port; give {(listen.Port == 0 ? "--port" : "--http-port")} N";
            return false;
        }

        StringBuilder unit = new StringBuilder().Append("[Unit]\nDescription=AotServe's sockets\n\n[Socket]\n"u8);
        bool hasIPv6 = AppendPort(unit, listen, listen.Port);
        if (listen.HttpPort is { } plain)
        {
            AppendPort(unit, listen, plain);
        }

        if (hasIPv6)
        {
            // As without systemd: an address is itself, and :: is not 0.0.0.0 too.
            unit.Append("BindIPv6Only=ipv6-only\n"u8);
        }

        foreach (string path in listen.UnixPaths)
        {
            // The whole line is the path, so quotes would belong to it.
            if (path.AsSpan().ContainsAnyInRange('\0', '\x1F') || path != path.Trim() || path.EndsWith('\\'))
            {
                error = $"print socket: a unit cannot name {Quoted.Text(path)}" + "; give a path without control characters and without spaces around it"u8.Text();
                return false;
            }

            unit.Append("ListenStream="u8).Append(path.Replace("%", "%%", StringComparison.Ordinal)).Append('\n');
        }

        if (listen.UnixPaths.Length > 0)
        {
            unit.Append("SocketMode=0"u8).Append(Octal(listen.SocketMode)).Append('\n');
            if (options.User is not null)
            {
                unit.Append("SocketUser="u8).Append(user.Name).Append('\n');
            }

            if (user.Group is { } group)
            {
                unit.Append("SocketGroup="u8).Append(group).Append('\n');
            }
        }

        if (listen.ReusePort)
        {
            unit.Append("ReusePort=yes\n"u8);
        }

        text = unit.Append("\n[Install]\nWantedBy=sockets.target\n"u8).ToString();
        return true;
    }

    /// <summary>One port at all addresses. Returns whether one of them is of IPv6.</summary>
    private static bool AppendPort(StringBuilder unit, ListenOptions listen, int port)
    {
        if (listen.IsEverywhere)
        {
            unit.Append("ListenStream="u8).Append(port.ToString(CultureInfo.InvariantCulture)).Append('\n');
        }

        bool hasIPv6 = false;
        foreach (IPAddress address in listen.Addresses)
        {
            hasIPv6 |= address.AddressFamily == AddressFamily.InterNetworkV6;

            // A scope's percent sign would be a specifier.
            unit.Append("ListenStream="u8).Append(new IPEndPoint(address, port).ToString().Replace("%", "%%", StringComparison.Ordinal)).Append('\n');
        }

        return hasIPv6;
    }

    private static string Octal(UnixFileMode mode) =>
        string.Concat(Digit((int)mode >> 6), Digit((int)mode >> 3), Digit((int)mode));

    private static string Digit(int bits) => ((char)('0' + (bits & 7))).ToString();
}
