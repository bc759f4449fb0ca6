using AotServe.Net;
using AotServe.Tls;

namespace AotServe.Cli;

/// <summary>Which options of TLS go together, and with which others.</summary>
internal static class TlsCombination
{
    /// <summary>What is wrong with options that are each right; null: nothing.</summary>
    /// <param name="options">The options.</param>
    /// <param name="isBuiltIn">Whether this executable has TLS: <see cref="TlsSupport.IsBuiltIn"/>.</param>
    public static string? FindFault(ServerOptions options, bool isBuiltIn)
    {
        TlsOptions tls = options.Tls;
        ListenOptions listen = options.Listen;
        string? first = tls.Certificates.Length > 0 ? "--tls-cert"
            : tls.Keys.Length > 0 ? "--tls-key"
            : listen.HttpPort is not null ? "--http-port"
            : tls.StrictTransport is not null ? "--hsts"
            : null;
        bool isTcp = listen.IsEverywhere || listen.Addresses.Length > 0;
        return first is null ? null
            : !isBuiltIn ? $"{first}: {TlsSupport.Missing}"
            : tls.Certificates.Length != tls.Keys.Length
                ? $"{tls.Certificates.Length} --tls-cert and {tls.Keys.Length}" + " --tls-key are given; give one key for each certificate, in the same order"u8.Text()
            : !tls.IsOn ? first + " goes with TLS; give --tls-cert and --tls-key"u8.Text()
            : !isTcp ? "--tls-cert: Unix sockets speak no TLS, and there is nothing else; give a --bind with an address, or leave it out"u8.Text()
            : listen.HttpPort is > 0 and var port && port == listen.Port ? $"--http-port and --port are both {port}; give each a port of its own"
            : null;
    }
}
