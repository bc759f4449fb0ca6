namespace AotServe.Net;

/// <summary>How long a client may take, and how much of the server it may use. All times are in milliseconds.</summary>
/// <remarks>
/// Defaults are constants beside their properties. Each says what nginx (1.22) and Kestrel (.NET 10) use in the same place.
/// </remarks>
internal sealed record ConnectionLimits
{
    /// <summary>
    /// During a stop, a connection that was active within this time may still send one more request. Own choice: a client
    /// that keeps a connection busy pauses for less.
    /// </summary>
    public const int RecentlyActive = 1_000;

    /// <summary>How long such a connection may take to send it. Own choice: many round trips, and still a short stop.</summary>
    public const int LastRequest = 500;

    /// <summary>
    /// How long the client may take to close its side after the last response, while what it still sends is discarded. Own
    /// choice; nginx waits 5 s for more data (lingering_timeout).
    /// </summary>
    public const int Linger = 2_000;

    /// <summary>
    /// How long a connection over <see cref="ConnectionsPerAddress"/> may take to send a request, which is answered with
    /// 429. Own choice: such connections are held only to give the reason.
    /// </summary>
    public const int Surplus = 1_000;

    /// <summary>
    /// The default of <see cref="LargeSendBuffers"/>: what the server sets on a machine with 4 GiB of memory, a connection for
    /// each 256 MiB.
    /// </summary>
    public const long DefaultLargeSendBuffers = 16;

    /// <summary>
    /// The default of <see cref="HeadTimeout"/>. Own choice: a head is one or two packets. nginx: 60 s
    /// (client_header_timeout); Kestrel: 30 s (RequestHeadersTimeout).
    /// </summary>
    public const long DefaultHeadTimeout = 10_000;

    /// <summary>
    /// The default of <see cref="StallTimeout"/>. Own choice: half of nginx's 60 s (client_body_timeout,
    /// send_timeout). Kestrel: 5 s (the grace period of its data rates).
    /// </summary>
    public const long DefaultStallTimeout = 30_000;

    /// <summary>
    /// The default of <see cref="LeastRate"/>. Own choice, near Kestrel's 240 (MinRequestBodyDataRate,
    /// MinResponseDataRate). nginx has no minimum.
    /// </summary>
    public const long DefaultLeastRate = 256;

    /// <summary>
    /// The default of <see cref="IdleTimeout"/>. As nginx has it for clients (keepalive_timeout), and longer than proxies keep their side:
    /// with the 60 s of nginx's upstreams and of AWS's ALB, a proxy would send requests on connections that are just being
    /// closed. Kestrel: 130 s (KeepAliveTimeout).
    /// </summary>
    public const long DefaultIdleTimeout = 75_000;

    /// <summary>
    /// The default of <see cref="BufferBytes"/>. Own choice: enough for 4,000 responses of 64 KiB at once. The server uses
    /// less where the machine has less than 2 GiB of memory.
    /// </summary>
    public const long DefaultBufferBytes = 256 * 1024 * 1024;

    /// <summary>For how many connections at once the kernel may hold a large part of a response; see <see cref="SendAllowance"/>.</summary>
    public long LargeSendBuffers { get; init; } = DefaultLargeSendBuffers;

    /// <summary>For a whole request head, from its first byte; then 408.</summary>
    public long HeadTimeout { get; init; } = DefaultHeadTimeout;

    /// <summary>For the next bytes of a body, then 408; and for the client to take more of a response, which is then cut off.</summary>
    public long StallTimeout { get; init; } = DefaultStallTimeout;

    /// <summary>
    /// Bytes per second that a body or a response must reach on average once <see cref="StallTimeout"/> has passed; 0: no
    /// minimum.
    /// </summary>
    public long LeastRate { get; init; } = DefaultLeastRate;

    /// <summary>For the next request on a connection, and for the first; then the connection is closed.</summary>
    public long IdleTimeout { get; init; } = DefaultIdleTimeout;

    /// <summary>Requests on one connection, after which it is closed; at least 1.</summary>
    public long RequestsPerConnection { get; init; } = long.MaxValue;

    /// <summary>Connections at once, at least 1; more wait in the kernel's accept queue.</summary>
    public long Connections { get; init; } = int.MaxValue;

    /// <summary>Connections at once from one address (for IPv6, one /64 network), at least 1; more are refused.</summary>
    public long ConnectionsPerAddress { get; init; } = long.MaxValue;

    /// <summary>Proxies that say who their clients are. Their own connections are not counted by address.</summary>
    public AddressRange[] TrustedProxies { get; init; } = [];

    /// <summary>Whether all clients of Unix sockets are such proxies.</summary>
    public bool TrustsUnix { get; init; }

    /// <summary>Whether such proxies begin a connection with a header that names its client (<see cref="ProxyProtocol"/>); others may not connect.</summary>
    public bool UsesProxyProtocol { get; init; }

    /// <summary>Bytes of memory for the heads, bodies and responses in progress on all connections together.</summary>
    public long BufferBytes { get; init; } = DefaultBufferBytes;

    /// <summary>The name alone. Nobody prints options, and what the compiler would make names each property in a string of the program.</summary>
    public override string ToString() => nameof(ConnectionLimits);
}
