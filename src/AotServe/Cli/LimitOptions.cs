namespace AotServe.Cli;

/// <summary>The options that say how much, and for how long, a client may have of the server.</summary>
internal static class LimitOptions
{
    private const string Limits = "Limits";

    public static readonly Option[] All =
    [
        NumberOption.Seconds(
            "head-timeout", Limits, "for a whole request head, from its first byte", "10", 86400,
            static (options, value) => options with { HeadTimeout = value }),
        NumberOption.Seconds(
            "stall-timeout", Limits, "for the next bytes of a body or an answer", "30", 86400,
            static (options, value) => options with { StallTimeout = value }),
        NumberOption.Integer(
            "min-rate", Limits, "BYTES", "least bytes a second after that; 0: none", "256", "a number of bytes", 0, int.MaxValue,
            static (options, value) => options with { LeastRate = value }),
        NumberOption.Seconds(
            "idle-timeout", Limits, "for the next request on a connection", "60", 86400,
            static (options, value) => options with { IdleTimeout = value }),
        NumberOption.Integer(
            "max-requests", Limits, "N", "requests on one connection", "no limit", "a number of requests", 1, long.MaxValue,
            static (options, value) => options with { MaxRequests = value }),
        NumberOption.Integer(
            "max-connections", Limits, "N", "connections at once", "by descriptors", "a number of connections", 1, int.MaxValue,
            static (options, value) => options with { MaxConnections = value }),
        NumberOption.Integer(
            "max-per-address", Limits, "N", "connections at once from one address", "no limit", "a number of connections", 1, int.MaxValue,
            static (options, value) => options with { MaxPerAddress = value }),
        NumberOption.Integer(
            "buffer-memory", Limits, "MIB", "memory for what is under way", "256", "a number of MiB", 1, 1048576,
            static (options, value) => options with { BufferMebibytes = value }),
    ];
}
