using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Net;

namespace AotServe.Cli;

/// <summary>The options of TLS. They are there in a build without it too, where <see cref="TlsCombination"/> refuses them.</summary>
internal static class SecureOptions
{
    private const string Tls = "TLS";
    private const string DefaultStrictTransport = "63072000";

    public static readonly Option[] All =
    [
        new TextOption
        {
            Name = "tls-cert",
            Group = Tls,
            Placeholder = "FILE",
            Help = "a chain of certificates (PEM); repeatable"u8,
            Takes = "a file of certificates in PEM form"u8,
            PathForm = PathForm.File,
            Separators = TextOption.Line,
            Read = TryAddCertificate,
        },
        new TextOption
        {
            Name = "tls-key",
            Group = Tls,
            Placeholder = "FILE",
            Help = "its private key (PEM); one for each --tls-cert"u8,
            Takes = "a file with a private key in PEM form"u8,
            PathForm = PathForm.File,
            Separators = TextOption.Line,
            Read = TryAddKey,
        },
        new NumberOption
        {
            Name = "http-port",
            Group = Tls,
            Placeholder = "N",
            Help = "redirect HTTP at this port to HTTPS"u8,
            Quantity = "a number"u8,
            Most = IPEndPoint.MaxPort,
            Set = static (options, value) => options with { Listen = options.Listen with { HttpPort = (int)value } },
        },
        new NumberOption
        {
            Name = "hsts",
            Group = Tls,
            Placeholder = "SECONDS",
            Help = "have browsers use nothing but HTTPS"u8,
            Quantity = "a number of seconds"u8,
            Most = int.MaxValue,
            BareValue = DefaultStrictTransport,
            Set = static (options, value) => options with { Tls = options.Tls with { StrictTransport = value } },
        },
    ];

    private static bool TryAddCertificate(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        error = null;
        changed = options with { Tls = options.Tls with { Certificates = [.. options.Tls.Certificates, Path.GetFullPath(value)] } };
        return true;
    }

    private static bool TryAddKey(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        error = null;
        changed = options with { Tls = options.Tls with { Keys = [.. options.Tls.Keys, Path.GetFullPath(value)] } };
        return true;
    }
}
