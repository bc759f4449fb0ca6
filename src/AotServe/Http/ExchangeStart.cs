using System;
using System.Net;

namespace AotServe.Http;

/// <summary>What is known of an exchange beside the head of its request. For the duration of a call.</summary>
internal readonly ref struct ExchangeStart
{
    /// <summary>The client, as a trusted proxy names it; null: it came by a Unix socket, or is gone.</summary>
    public IPAddress? Client { get; init; }

    /// <summary>The time, UTC.</summary>
    public DateTime Now { get; init; }

    /// <summary>The number of the connection, from 1 on.</summary>
    public long Connection { get; init; }

    /// <summary>The number of the request on its connection, from 1 on.</summary>
    public long Number { get; init; }

    /// <summary>The first line of a request whose head could not be read, as it came; empty: it could.</summary>
    public ReadOnlySpan<byte> RefusedLine { get; init; }

    /// <summary>Whether the head could not be read.</summary>
    public bool IsRefused { get; init; }

    /// <summary>Whether the user whom the request names was let in.</summary>
    public bool IsSignedIn { get; init; }

    /// <summary>The head of the response.</summary>
    public ReadOnlySpan<byte> ResponseHead { get; init; }
}
