using System.Collections.Generic;
using System.Net;

namespace AotServe.Net;

/// <summary>Where the server listens.</summary>
internal sealed record ListenOptions
{
    /// <summary>
    /// The default of <see cref="Port"/>: that of the web server in <em>The Rust Programming Language</em>, chapter 21. It is
    /// above 1023, so it needs no privilege, and it is not one of the ports that most development servers use.
    /// </summary>
    public const int DefaultPort = 7878;

    /// <summary>The addresses, each once; empty: all interfaces.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>The TCP port, 0 to 65535, the same for all addresses; 0: the system picks one.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Whether other servers may listen on the port too and get a part of its connections (SO_REUSEPORT); Linux only.</summary>
    public bool ReusePort { get; init; }
}
