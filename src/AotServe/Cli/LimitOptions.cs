using System;

namespace AotServe.Cli;

/// <summary>The options that say how much, and for how long, a client may have of the server.</summary>
internal static class LimitOptions
{
    private const string Limits = "Limits";

    public static readonly Option[] All =
    [
        new()
        {
            Name = "head-timeout",
            Group = Limits,
            Placeholder = "SECONDS",
            Help = "for a whole request head, from its first byte",
            Default = "10",
            Expects = "a number of seconds from 0 to 86400, such as 2.5",
            Read = static (string value, ServerOptions options, ref string? complaint) =>
                Numeral.TryReadSeconds(value, 86400, out TimeSpan time) ? options with { HeadTimeout = time } : null,
        },
        new()
        {
            Name = "stall-timeout",
            Group = Limits,
            Placeholder = "SECONDS",
            Help = "for the next bytes of a body or an answer",
            Default = "30",
            Expects = "a number of seconds from 0 to 86400, such as 2.5",
            Read = static (string value, ServerOptions options, ref string? complaint) =>
                Numeral.TryReadSeconds(value, 86400, out TimeSpan time) ? options with { StallTimeout = time } : null,
        },
        new()
        {
            Name = "min-rate",
            Group = Limits,
            Placeholder = "BYTES",
            Help = "least bytes a second after that; 0: none",
            Default = "256",
            Expects = "a number of bytes, 0 or more",
            Read = static (string value, ServerOptions options, ref string? complaint) =>
                Numeral.TryRead(value, 0, int.MaxValue, out long n) ? options with { LeastRate = n } : null,
        },
        new()
        {
            Name = "idle-timeout",
            Group = Limits,
            Placeholder = "SECONDS",
            Help = "for the next request on a connection",
            Default = "60",
            Expects = "a number of seconds from 0 to 86400, such as 2.5",
            Read = static (string value, ServerOptions options, ref string? complaint) =>
                Numeral.TryReadSeconds(value, 86400, out TimeSpan time) ? options with { IdleTimeout = time } : null,
        },
        new()
        {
            Name = "max-requests",
            Group = Limits,
            Placeholder = "N",
            Help = "requests on one connection",
            Default = "no limit",
            Expects = "a number of requests, 1 or more",
            Read = static (string value, ServerOptions options, ref string? complaint) =>
                Numeral.TryRead(value, 1, long.MaxValue, out long n) ? options with { MaxRequests = n } : null,
        },
        new()
        {
            Name = "max-connections",
            Group = Limits,
            Placeholder = "N",
            Help = "connections at once",
            Default = "by descriptors",
            Expects = "a number of connections, 1 or more",
            Read = static (string value, ServerOptions options, ref string? complaint) =>
                Numeral.TryRead(value, 1, int.MaxValue, out long n) ? options with { MaxConnections = n } : null,
        },
        new()
        {
            Name = "max-per-address",
            Group = Limits,
            Placeholder = "N",
            Help = "connections at once from one address",
            Default = "no limit",
            Expects = "a number of connections, 1 or more",
            Read = static (string value, ServerOptions options, ref string? complaint) =>
                Numeral.TryRead(value, 1, int.MaxValue, out long n) ? options with { MaxPerAddress = n } : null,
        },
        new()
        {
            Name = "buffer-memory",
            Group = Limits,
            Placeholder = "MIB",
            Help = "memory for what is under way",
            Default = "256",
            Expects = "a number of MiB from 1 to 1048576",
            Read = static (string value, ServerOptions options, ref string? complaint) =>
                Numeral.TryRead(value, 1, 1048576, out long n) ? options with { BufferMebibytes = n } : null,
        },
    ];
}
