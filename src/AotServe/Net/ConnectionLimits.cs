namespace AotServe.Net;

/// <summary>How long a client may take for what, and how much of the server it may have. Milliseconds and bytes.</summary>
internal sealed record ConnectionLimits
{
    /// <summary>During a stop, a connection that was active this short a time before may still send a request …</summary>
    public const int RecentlyActive = 1_000;

    /// <summary>… for this long.</summary>
    public const int LastRequest = 500;

    /// <summary>For a client to close its side after the last answer, while what it still sends is discarded.</summary>
    public const int Linger = 2_000;

    /// <summary>For a connection beyond its address's share to send a request, which is answered with 429.</summary>
    public const int Surplus = 1_000;

    /// <summary>
    /// Up to how many connections the kernel keeps as much of an answer as it likes, some megabytes, which spares it work
    /// where clients are fast. Those that come when there are more get less of it.
    /// </summary>
    public long FreelySending { get; init; } = 16;

    /// <summary>For a whole head, from its first byte: 408 after it.</summary>
    public long HeadTimeout { get; init; } = 10_000;

    /// <summary>
    /// For the next bytes of a body, 408 after it, and for a client to take more of an answer, which is then cut off.
    /// </summary>
    public long StallTimeout { get; init; } = 30_000;

    /// <summary>
    /// Bytes a second that a body, or an answer, has to move at on average once <see cref="StallTimeout"/> has passed; 0:
    /// none.
    /// </summary>
    public long LeastRate { get; init; } = 256;

    /// <summary>For the next request on a connection, and for the first: closed after it.</summary>
    public long IdleTimeout { get; init; } = 60_000;

    /// <summary>Requests on one connection, after which it closes; at least 1.</summary>
    public long RequestsPerConnection { get; init; } = long.MaxValue;

    /// <summary>Connections at once, at least 1; more wait in the kernel's queue.</summary>
    public long Connections { get; init; } = int.MaxValue;

    /// <summary>Connections at once from one address (of IPv6, one /64 network); more are closed before a request.</summary>
    public long ConnectionsPerAddress { get; init; } = long.MaxValue;

    /// <summary>Bytes that may be held for all connections together: heads, bodies and answers that are under way.</summary>
    public long BufferBytes { get; init; } = 256 * 1024 * 1024;
}
