using System.Diagnostics.CodeAnalysis;
using AotServe.Net;

namespace AotServe.Cli;

/// <summary>The options that limit what one client may use, and for how long.</summary>
internal static class LimitOptions
{
    private const string Limits = "Limits";

    public static readonly Option[] All =
    [
        new SecondsOption
        {
            Name = "head-timeout",
            Group = Limits,
            Placeholder = "SECONDS",
            Help = "time for a request head, from its first byte"u8,
            DefaultTime = ConnectionLimits.DefaultHeadTimeout,
            Most = 86400,
            Set = static (options, value) => options with { Limits = options.Limits with { HeadTimeout = value } },
        },
        new SecondsOption
        {
            Name = "stall-timeout",
            Group = Limits,
            Placeholder = "SECONDS",
            Help = "longest pause in a body or a response"u8,
            DefaultTime = ConnectionLimits.DefaultStallTimeout,
            Most = 86400,
            Set = static (options, value) => options with { Limits = options.Limits with { StallTimeout = value } },
        },
        new NumberOption
        {
            Name = "min-rate",
            Group = Limits,
            Placeholder = "BYTES",
            Help = "least average bytes a second; 0: no minimum"u8,
            DefaultNumber = ConnectionLimits.DefaultLeastRate,
            Quantity = "a number of bytes"u8,
            Most = int.MaxValue,
            Set = static (options, value) => options with { Limits = options.Limits with { LeastRate = value } },
        },
        new SecondsOption
        {
            Name = "idle-timeout",
            Group = Limits,
            Placeholder = "SECONDS",
            Help = "time without a request on a connection"u8,
            DefaultTime = ConnectionLimits.DefaultIdleTimeout,
            Most = 86400,
            Set = static (options, value) => options with { Limits = options.Limits with { IdleTimeout = value } },
        },
        new NumberOption
        {
            Name = "max-requests",
            Group = Limits,
            Placeholder = "N",
            Help = "requests on one connection"u8,
            Default = "no limit",
            Quantity = "a number of requests"u8,
            Least = 1,
            Most = long.MaxValue,
            Set = static (options, value) => options with { Limits = options.Limits with { RequestsPerConnection = value } },
        },
        new NumberOption
        {
            Name = "max-connections",
            Group = Limits,
            Placeholder = "N",
            Help = "connections at once"u8,
            Default = "as many as descriptors allow",
            Quantity = "a number of connections"u8,
            Least = 1,
            Most = int.MaxValue,
            Set = static (options, value) => options with { Limits = options.Limits with { Connections = value } },
        },
        new NumberOption
        {
            Name = "max-per-address",
            Group = Limits,
            Placeholder = "N",
            Help = "connections at once from one address"u8,
            Default = "no limit",
            Quantity = "a number of connections"u8,
            Least = 1,
            Most = int.MaxValue,
            Set = static (options, value) => options with { Limits = options.Limits with { ConnectionsPerAddress = value } },
        },
        new NumberOption
        {
            Name = "buffer-memory",
            Group = Limits,
            Placeholder = "MIB",
            Help = "memory for heads, bodies and responses"u8,
            DefaultNumber = ConnectionLimits.DefaultBufferBytes,
            Quantity = "a number of MiB"u8,
            Least = 1,
            Most = 1 << 20,
            Unit = NumberOption.Mebibyte,
            Set = static (options, value) => options with { Limits = options.Limits with { BufferBytes = value } },
        },
        new TextOption
        {
            Name = "trusted-proxy",
            Group = Limits,
            Placeholder = "CIDR",
            Help = "a proxy that names its clients; repeatable"u8,
            Takes = "an address or a network such as 127.0.0.1 or 10.0.0.0/8, with no bits behind its length, or unix"u8,
            Separators = TextOption.CommaOrSpace,
            Read = TryAddProxy,
        },
        new SwitchOption
        {
            Name = "proxy-protocol",
            Group = Limits,
            Help = "they do it by the PROXY protocol; refuse others"u8,
            Set = static (options, on) => options with { Limits = options.Limits with { UsesProxyProtocol = on } },
        },
    ];

    private static bool TryAddProxy(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        changed = null;
        error = null;
        if (value is "unix" or UnixPath.Prefix)
        {
            changed = options with { Limits = options.Limits with { TrustsUnix = true } };
            return true;
        }

        if (!AddressRangeText.TryParse(value, out AddressRange? range))
        {
            return false;
        }

        changed = options with { Limits = options.Limits with { TrustedProxies = [.. options.Limits.TrustedProxies, range] } };
        return true;
    }
}
