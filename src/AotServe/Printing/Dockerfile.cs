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

/// <summary>
/// Makes a Dockerfile for an image of the static binary alone, which starts it with the options given. The served folders are copied
/// into it, from beneath the folder that docker build is given.
/// </summary>
internal static class Dockerfile
{
    private const string Served = "/www";

    /// <summary>Makes the Dockerfile.</summary>
    /// <param name="options">What is served, and how.</param>
    /// <param name="given">The options that say so.</param>
    /// <param name="current">The full path of the folder that paths in it are relative to.</param>
    /// <param name="text">The Dockerfile.</param>
    /// <param name="error">What is wrong and what would be right.</param>
    public static bool TryMake(
        ServerOptions options, GivenOption[] given, string current,
        [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? error)
    {
        text = null;
        string user = options.User ?? "65534:65534";
        error = user.AsSpan().ContainsAnyExcept("0123456789:")
            ? $"print dockerfile: --user {Quoted.Text(user)}" + " is a name, and an image from scratch knows none; give numbers such as 65534:65534"u8.Text()
            : null;
        if (error is not null)
        {
            return false;
        }

        StringBuilder file = new StringBuilder().Append("# docker build -t aotserve .\n"u8);
        AppendMounts(file, options);
        file.Append("FROM scratch\nCOPY aotserve /aotserve\n"u8);
        var arguments = new List<string>();
        if (options.Root is { } root)
        {
            AppendCopy(file, root, current, Served);
            arguments.Add(Served);
        }

        foreach (VirtualHost host in options.VirtualHosts)
        {
            string folder = "/hosts/" + host.Host.Replace('*', '_');
            AppendCopy(file, host.Folder, current, folder);
            arguments.Add("--vhost");
            arguments.Add(host.Host + "=" + folder);
        }

        bool hasTimeout = false;
        List<string> others = GivenArguments.Make(given, without: "user");
        for (int i = 0; i < others.Count; i++)
        {
            hasTimeout |= others[i] == "--shutdown-timeout";
            if (others[i] == "--vhost")
            {
                i++; // In there already, with its folder in the image.
                continue;
            }

            arguments.Add(others[i]);
        }

        if (!hasTimeout)
        {
            arguments.Add("--shutdown-timeout");
            arguments.Add("8"); // docker stop kills after 10 s.
        }

        file.Append("USER "u8).Append(user).Append('\n');
        AppendPort(file, options);
        file.Append("STOPSIGNAL SIGTERM\nENTRYPOINT [\"/aotserve\"]\nCMD "u8);
        AppendJson(file, [.. arguments]).Append('\n');
        text = file.ToString();
        return true;
    }

    /// <summary>What belongs to the machine and not into an image.</summary>
    private static void AppendMounts(StringBuilder file, ServerOptions options)
    {
        AppendMount(file, "--auth-file", options.AuthFile);
        foreach (string secret in options.Tls.Files)
        {
            AppendMount(file, "TLS", secret);
        }

        AppendMount(file, "--access-log", options.AccessLog.File is AccessLogOptions.StandardOutput ? null : options.AccessLog.File);
        foreach (string path in options.Listen.UnixPaths)
        {
            AppendMount(file, "--bind", path);
        }

        AppendMount(file, "--admin", options.Listen.AdminPath);
    }

    private static void AppendMount(StringBuilder file, string option, string? path)
    {
        if (path is not null)
        {
            file.Append("# ").Append(option).Append(": docker run needs a --volume for "u8).Append(Quoted.Text(Path.GetDirectoryName(path)!)).Append('\n');
        }
    }

    /// <summary>The port, and the health check where one is asked for.</summary>
    private static void AppendPort(StringBuilder file, ServerOptions options)
    {
        ListenOptions listen = options.Listen;
        if (listen.Port == 0 || (!listen.IsEverywhere && listen.Addresses.Length == 0))
        {
            return;
        }

        file.Append("EXPOSE "u8).Append(listen.Port.ToString(CultureInfo.InvariantCulture)).Append('\n');
        if (listen.HttpPort is > 0 and var plain)
        {
            file.Append("EXPOSE "u8).Append(plain.ToString(CultureInfo.InvariantCulture)).Append('\n');
        }

        if (options.Health is not { } path)
        {
            return;
        }

        IPAddress asked = listen.IsEverywhere ? IPAddress.Loopback : listen.Addresses[0];
        asked = asked.Equals(IPAddress.Any) ? IPAddress.Loopback : asked.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : asked;
        file.Append("HEALTHCHECK CMD "u8);
        AppendJson(file, ["/aotserve", CommandName.HealthCheck, $"{(options.Tls.IsOn ? "https" : "http")}://{new IPEndPoint(asked, listen.Port)}{path}"]).Append('\n');
    }

    /// <summary>A folder is copied from where it lies beneath the current one, else from one of its name.</summary>
    private static void AppendCopy(StringBuilder file, string folder, string current, string target)
    {
        string relative = Path.GetRelativePath(current, folder);
        string source = relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? Path.GetFileName(folder) : relative;

        // A variable would be put in for a dollar sign, and a bracket would begin a set of characters.
        source = source.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("$", @"\$", StringComparison.Ordinal).Replace("[", "[[]", StringComparison.Ordinal);
        bool isPlain = !source.AsSpan().ContainsAny(" \t\"\\[\n\r#");
        file.Append("COPY "u8);
        _ = isPlain && source.Length > 0 ? file.Append(source).Append(' ').Append(target) : AppendJson(file, [source.Length > 0 ? source : ".", target]);
        file.Append('\n');
    }

    /// <summary>An array of strings, which docker takes as they are: no shell reads them.</summary>
    private static StringBuilder AppendJson(StringBuilder file, string[] words)
    {
        file.Append('[');
        for (int i = 0; i < words.Length; i++)
        {
            file.Append(i == 0 ? "\"" : ", \"");
            foreach (char c in words[i])
            {
                _ = c is '"' or '\\' ? file.Append('\\').Append(c)
                    : c < ' ' ? file.Append(@"\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture))
                    : file.Append(c);
            }

            file.Append('"');
        }

        return file.Append(']');
    }
}
