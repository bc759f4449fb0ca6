using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO;
using System.Net;
using System.Text;
using System.Threading;
using AotServe.Buffers;
using AotServe.Cli;
using AotServe.Files;
using AotServe.Lifetime;
using AotServe.Observation;
using AotServe.Sites;
using AotServe.Tls;

namespace AotServe.Commands;

/// <summary>
/// <c>aotserve check</c>: opens and reads the files that a start would, and prints in a few lines what would be served. It does
/// not listen. Errors have the text and the exit code of a start.
/// </summary>
internal static class CheckCommand
{
    /// <summary>How many precompressed files that would be passed over are named.</summary>
    private const int MostPassedOver = 50;

    /// <summary>Checks, prints, and returns the exit code.</summary>
    public static int Run(ServerOptions options)
    {
        if (!TryCheckLog(options, out string? error) || !ServedSite.TryOpen(
            options, new BufferBudget(options.Limits.BufferBytes), CancellationToken.None, StandardStreams.WriteError, out ServedSite? site, out error))
        {
            StandardStreams.WriteError(error);
            return ExitCode.UsageError;
        }

        using (site)
        {
            if (!SecureSockets.TryOpen(options, StandardStreams.WriteError, out TlsServer? tls, out error))
            {
                StandardStreams.WriteError(error);
                return ExitCode.UsageError;
            }

            using (tls)
            {
                StandardStreams.Print(Describe(options, site, tls));
            }
        }

        return ExitCode.Success;
    }

    /// <summary>Whether the access log could be written to. One that is made for that is removed again.</summary>
    private static bool TryCheckLog(ServerOptions options, [NotNullWhen(false)] out string? error)
    {
        string? made = options.AccessLog.File is { } file and not AccessLogOptions.StandardOutput && !Path.Exists(file) ? file : null;
        if (!Observers.TryOpen(options, account: null, static _ => { }, out Observers? observers, out error))
        {
            return false;
        }

        observers.Dispose();
        if (made is not null)
        {
            File.Delete(made);
        }

        return true;
    }

    /// <summary>Describes what would be served: a heading, and lines that each begin with a verb.</summary>
    private static string Describe(ServerOptions options, ServedSite site, TlsServer? tls)
    {
        var text = new StringBuilder("Everything is in order. A start would\n");
        foreach (VirtualHost host in options.VirtualHosts)
        {
            Add(text, "serve", $"{host.Folder} to {host.Host}");
        }

        if (options.VirtualHosts.Length > 0 && (options.StrictHost || options.Root is null))
        {
            Add(text, "refuse", "other hosts (421)");
        }
        else if (options.VirtualHosts.Length > 0)
        {
            Add(text, "serve", $"{options.Root} to other hosts");
        }
        else
        {
            Add(text, "serve", options.Root ?? "the built-in site");
        }

        var addresses = new StringBuilder();
        foreach (IPAddress address in options.Listen.Addresses)
        {
            addresses.Append(addresses.Length == 0 ? " of " : ", ").Append(address);
        }

        var unixSockets = new StringBuilder();
        foreach (string path in options.Listen.UnixPaths)
        {
            unixSockets.Append(unixSockets.Length == 0 ? "" : ", ").Append("unix:").Append(path);
        }

        string port = options.Listen.Port == 0 ? "a free port" : "port " + options.Listen.Port.ToString(CultureInfo.InvariantCulture);
        string tcp = options.Listen.IsEverywhere ? $"{port} of all interfaces" : addresses.Length == 0 ? "" : $"{port}{addresses}";
        string and = tcp.Length > 0 && unixSockets.Length > 0 ? " and " : "";
        Add(text, "listen", $"on {tcp}{and}{unixSockets}, with {options.Threads} threads");
        if (TlsSupport.IsBuiltIn && tls is not null)
        {
            foreach (string certificate in tls.Certificates)
            {
                Add(text, "speak", $"TLS as {certificate}");
            }
        }

        if (options.Listen.HttpPort is { } plain)
        {
            Add(text, "send", $"port {plain.ToString(CultureInfo.InvariantCulture)} to HTTPS");
        }

        if (options.Listen.HasAdmin)
        {
            Add(text, "listen", $"for operators on {(options.Listen.AdminPath is { } path ? "unix:" + path : options.Listen.AdminEndPoint)}");
        }

        if (options.AccessLog.File is { } log)
        {
            Add(text, "log", $"to {(log == AccessLogOptions.StandardOutput ? "stdout" : log)}");
        }

        if (options is { Root: null, VirtualHosts.Length: 0 })
        {
            return text.ToString();
        }

        foreach ((string folder, string rules) in site.Rules)
        {
            Add(text, "apply", $"{rules} of {folder}");
        }

        Add(text, "ask", site.Authentication is { } authentication
            ? $"for a name and a password ({authentication.Users} in {options.AuthFile})"
            : "nobody for a password");
        if (options.Hide.Length > 0)
        {
            Add(text, "hide", string.Join(" ", options.Hide));
        }

        Add(text, "follow", options.SymbolicLinks switch
        {
            SymbolicLinks.Never => "no symbolic links",
            SymbolicLinks.Always => "symbolic links to anywhere",
            _ => "symbolic links that stay beneath their folder"u8.Text(),
        });
        foreach ((string extension, string type) in options.Site.MediaTypes ?? [])
        {
            Add(text, "call", $"*.{extension} {type}");
        }

        if (options.Site.UnknownType != FileSiteOptions.DefaultUnknownType)
        {
            Add(text, "call", $"unknown extensions {options.Site.UnknownType}");
        }

        foreach (string hint in site.Hints)
        {
            Add(text, "note", $"that {hint}");
        }

        int left = MostPassedOver;
        foreach ((string file, string reason) in site.PassedOver)
        {
            Add(text, "skip", left > 0 ? $"{file}: {reason}" : "more such files");
            if (left-- == 0)
            {
                break;
            }
        }

        return text.ToString();
    }

    private static void Add(StringBuilder text, string verb, string rest) =>
        text.Append("  ").Append(verb.PadRight(8)).Append(rest).Append('\n');
}
