using System;
using System.Net;

namespace AotServe.Http;

/// <summary>The client that sent the request being answered.</summary>
internal interface IClient
{
    /// <summary>
    /// A number for the network of the client's address: that of the connection, or the one that a trusted proxy names. The IPv4 address,
    /// or the /64 of an IPv6 address, since one client usually has a whole /64. 0 where it is not known.
    /// </summary>
    ulong Network { get; }

    /// <summary>The client's address itself; null: it came by a Unix socket, or is not known.</summary>
    IPAddress? Address { get; }

    /// <summary>The host name that the client has named when it began TLS (SNI, RFC 6066 §3); empty: none, or there is no TLS.</summary>
    ReadOnlySpan<byte> ServerName { get; }

    /// <summary>Whether the request came by TLS.</summary>
    bool IsSecure { get; }
}
