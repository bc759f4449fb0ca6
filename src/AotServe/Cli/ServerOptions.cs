using System;
using System.Collections.Generic;
using System.Net;
using AotServe.Http;

namespace AotServe.Cli;

/// <summary>Everything that the command line and the environment can say, checked and with defaults filled in.</summary>
internal sealed record ServerOptions
{
    public const int DefaultPort = 7878;
    public const int DefaultThreads = 4;

    /// <summary>The full path of the folder to serve, which was a readable folder when options were read; null: the built-in site.</summary>
    public string? Root { get; init; }

    /// <summary>Names of the files that are a folder's page, tried in this order; empty: <c>index.html</c>.</summary>
    public IReadOnlyList<string> IndexNames { get; init; } = [];

    /// <summary>Whether a folder without such a page is listed.</summary>
    public bool Listing { get; init; }

    /// <summary>Whether pages are found, and known to clients, without their extension <c>.html</c>.</summary>
    public bool CleanUrls { get; init; }

    /// <summary>Whether an unknown address that a browser navigates to is answered with the root's page.</summary>
    public bool SinglePage { get; init; }

    /// <summary>Fields of every answer.</summary>
    public IReadOnlyList<FieldSetting> Headers { get; init; } = [];

    /// <summary>Rules for Cache-Control as they were given, before the defaults; the site reads them.</summary>
    public IReadOnlyList<string> CacheControl { get; init; } = [];

    /// <summary>Origins whose scripts may read answers, as browsers send them; <c>*</c> alone: all; empty: none.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>The TCP port, 0 to 65535; 0 lets the system pick one (the same for all addresses).</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>How many workers, 1 to 1024.</summary>
    public int Threads { get; init; } = DefaultThreads;

    /// <summary>The addresses to listen on; empty: all interfaces.</summary>
    public IReadOnlyList<IPAddress> Bind { get; init; } = [];

    /// <summary>Stop gracefully after this many connections were accepted; null: never.</summary>
    public long? ExitAfter { get; init; }

    /// <summary>How long a stop waits for what is in flight.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Hidden (<c>--poller epoll|select</c>, for tests): use the portable poller where epoll exists too.</summary>
    public bool PortablePoller { get; init; }
}
