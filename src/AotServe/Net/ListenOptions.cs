using System.Collections.Generic;
using System.Net;

namespace AotServe.Net;

/// <summary>Where a server listens.</summary>
internal sealed record ListenOptions
{
    /// <summary>The addresses to listen on, each once; empty: all interfaces.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>The TCP port, 0 to 65535; 0 lets the system pick one (the same for all addresses).</summary>
    public int Port { get; init; } = 7878;

    /// <summary>Whether other servers may listen there too and get their part (SO_REUSEPORT); Linux only.</summary>
    public bool ReusePort { get; init; }
}
