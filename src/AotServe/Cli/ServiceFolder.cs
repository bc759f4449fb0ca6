using System;
using System.Diagnostics.CodeAnalysis;

namespace AotServe.Cli;

/// <summary>
/// The folders that systemd makes for a service, with the service's user as their owner (RuntimeDirectory=, LogsDirectory= in
/// systemd.exec(5)): one level beneath <c>/run</c> and <c>/var/log</c>.
/// </summary>
internal static class ServiceFolder
{
    /// <summary>Where sockets lie.</summary>
    public const string Runtime = "/run/";

    /// <summary>Where logs lie.</summary>
    public const string Logs = "/var/log/";

    /// <summary>The name that the unit gives such a folder; only one that needs no quoting counts.</summary>
    /// <param name="folder">A full path.</param>
    /// <param name="parent"><see cref="Runtime"/> or <see cref="Logs"/>.</param>
    /// <param name="name">The last segment.</param>
    public static bool TryName(string? folder, string parent, [NotNullWhen(true)] out string? name)
    {
        name = null;
        if (folder is null || !folder.StartsWith(parent, StringComparison.Ordinal))
        {
            return false;
        }

        string rest = folder[parent.Length..];
        if (rest.Length == 0 || rest[0] == '.')
        {
            return false;
        }

        foreach (char c in rest)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
            {
                return false;
            }
        }

        name = rest;
        return true;
    }
}
