using System.Net;
using AotServe.Http;

namespace AotServe.Net;

/// <summary>
/// Who is at the other end of a connection, and who answers. A field of its connection; <see cref="Connections"/> fills it in, and any thread may read it.
/// </summary>
internal struct ClientOrigin
{
    /// <summary>Answers the requests.</summary>
    public required IRequestHandler Handler { get; set; }

    /// <summary>The number of the connection: how many were accepted before it, and itself.</summary>
    public long Number { get; set; }

    /// <summary>The proxies that say who their clients are.</summary>
    public required TrustedProxies Proxies { get; init; }

    /// <summary>The client's address, or that of a proxy; null: it came by a Unix socket, or is gone.</summary>
    public IPAddress? Address { get; set; }

    /// <summary>The address as <see cref="AddressCounts"/> counts it; 0: there is none.</summary>
    public ulong Network { get; set; }

    /// <summary>Whether it is a trusted proxy, whose own clients count.</summary>
    public bool IsProxy { get; set; }

    /// <summary>Whether the connection is one of those of its network that are counted.</summary>
    public bool IsCounted { get; set; }

    /// <summary>Whether the network has too many. If it still has at the first request, that is answered with 429.</summary>
    public bool IsSurplus { get; set; }

    /// <summary>Whether the proxy has yet to say, before the first request, whose connection it is (<see cref="ProxyProtocol"/>).</summary>
    public bool AwaitsHeader { get; set; }

    /// <summary>The address of the client that sent a request; null: it is not known.</summary>
    public readonly IPAddress? ClientOf(RequestHead head) => IsProxy ? Proxies.ClientOf(head, Address) : Address;

    /// <summary>The same as <see cref="AddressCounts"/> counts it; 0: it is not known.</summary>
    public readonly ulong NetworkOf(RequestHead head) =>
        !IsProxy ? Network : ClientOf(head) is { } client ? AddressCounts.KeyOf(client) : 0;
}
