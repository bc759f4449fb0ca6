using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO;
using System.Net;
using AotServe.Net;
using AotServe.Tls;

namespace AotServe.Cli;

/// <summary>What <c>healthcheck</c> asks for: an <c>http</c> or <c>https</c> URL whose host is an address or <c>localhost</c>, or the root of a Unix socket.</summary>
/// <param name="Address">The address to connect to; null: localhost, 127.0.0.1 or else ::1.</param>
/// <param name="Port">The port.</param>
/// <param name="UnixPath">The full path of a Unix socket to connect to instead; null: there is none.</param>
/// <param name="IsSecure">Whether it is asked by TLS.</param>
/// <param name="Authority">What the Host field says.</param>
/// <param name="Target">The path and the query.</param>
internal sealed record HealthCheckUrl(IPAddress? Address, int Port, string? UnixPath, bool IsSecure, string Authority, string Target)
{
    private const string Scheme = "http://";
    private const string SecureScheme = "https://";

    /// <summary>Reads what follows <c>healthcheck</c>: nothing, or a URL. Without one, the server's variables say where it is.</summary>
    public static ParsedCommand ParseCommand(string[] args, Func<string, string?>? environment)
    {
        if (args.Length > 2)
        {
            return new ParsedCommand.Invalid(CommandName.HealthCheck + " takes one URL, such as http://127.0.0.1:7878/healthz"u8.Text());
        }

        string url = args.Length == 2 ? args[1] : Default(environment);
        return TryParse(url, out HealthCheckUrl? parsed)
            ? parsed.IsSecure && !TlsSupport.IsBuiltIn ? new ParsedCommand.Invalid($"{CommandName.HealthCheck}: {TlsSupport.Missing}")
            : new ParsedCommand.HealthCheck(parsed)
            : new ParsedCommand.Invalid(
                $"{CommandName.HealthCheck}: {Quoted.Text(url)} is no URL that can be asked for; "
                + "give http://ADDRESS:PORT/PATH, with an address, for names are not looked up, or localhost; or unix:/run/aotserve.sock:/PATH"u8.Text());
    }

    private static string Default(Func<string, string?>? environment)
    {
        string? port = environment?.Invoke("AOTSERVE_PORT");
        string? path = environment?.Invoke("AOTSERVE_HEALTH");
        bool hasPort = port is not null && Numeral.TryRead(port, 1, IPEndPoint.MaxPort, out _);
        return (environment?.Invoke("AOTSERVE_TLS_CERT") is { Length: > 0 } ? SecureScheme : Scheme) + "localhost:" + (hasPort ? port : ListenOptions.DefaultPort.ToString(CultureInfo.InvariantCulture))
            + (path is not null && HealthPath.IsUsable(path) ? path : "/");
    }

    private static bool TryParse(string url, [NotNullWhen(true)] out HealthCheckUrl? parsed)
    {
        parsed = null;
        if (url.StartsWith(Cli.UnixPath.Prefix, StringComparison.Ordinal))
        {
            // A path behind a second colon, as curl and others write it: unix:/run/aotserve.sock:/healthz
            int second = url.IndexOf(":/", Cli.UnixPath.Prefix.Length, StringComparison.Ordinal);
            string socket = second < 0 ? url : url[..second];
            string asked = second < 0 ? "/" : url[(second + 1)..];
            string path = socket[Cli.UnixPath.Prefix.Length..];
            if (asked.AsSpan().ContainsAnyExceptInRange('!', '~') || asked.Contains('#', StringComparison.Ordinal) || !Cli.UnixPath.IsUsable(path))
            {
                return false;
            }

            // Whether anything is there is what is asked.
            parsed = new HealthCheckUrl(null, 0, Path.GetFullPath(path), false, "localhost", asked);
            return true;
        }

        bool isSecure = url.StartsWith(SecureScheme, StringComparison.OrdinalIgnoreCase);
        if (!isSecure && !url.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        string rest = url[(isSecure ? SecureScheme : Scheme).Length..];
        int slash = rest.IndexOfAny(['/', '?']);
        string authority = slash < 0 ? rest : rest[..slash];
        string target = slash < 0 ? "/" : rest[slash] == '?' ? "/" + rest[slash..] : rest[slash..];
        int colon = authority.LastIndexOf(':');
        bool hasPort = colon >= 0 && !authority.EndsWith(']');
        string host = hasPort ? authority[..colon] : authority;
        long port = isSecure ? 443 : 80;
        IPAddress? address = null;
        if ((hasPort && !Numeral.TryRead(authority.AsSpan(colon + 1), 1, IPEndPoint.MaxPort, out port))
            || target.AsSpan().ContainsAnyExceptInRange('!', '~') || target.Contains('#', StringComparison.Ordinal)
            || (!host.Equals("localhost", StringComparison.OrdinalIgnoreCase) && !BindAddress.TryParse(host, out address, out _)))
        {
            return false;
        }

        parsed = new HealthCheckUrl(address, (int)port, null, isSecure, authority, target);
        return true;
    }
}
