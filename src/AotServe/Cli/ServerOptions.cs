using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Net;
using AotServe.Http;

namespace AotServe.Cli;

/// <summary>Everything that the command line and the environment can say, checked and with defaults filled in.</summary>
internal sealed record ServerOptions
{
    public const int DefaultPort = 7878;
    public const int DefaultThreads = 4;
    public const string UnknownType = "application/octet-stream";

    /// <summary>How many extensions <c>--mime</c> may be given for.</summary>
    public const int MostMediaTypes = 128;

    /// <summary>The full path of the folder to serve, which was a readable folder when options were read; null: the built-in site.</summary>
    public string? Root { get; init; }

    /// <summary>MiB of memory for small files and for what was found under names, 0: none.</summary>
    public long CacheMebibytes { get; init; } = 32;

    /// <summary>Whether files that are worth it are compressed and kept in memory.</summary>
    public bool Compress { get; init; }

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

    /// <summary>Share the port with other servers that say so too (SO_REUSEPORT); Linux only.</summary>
    public bool ReusePort { get; init; }

    /// <summary>How long a client may take to send a whole head, from its first byte.</summary>
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a body or an answer may stand still.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes a second that a body or an answer has to move at on average after that; 0: none.</summary>
    public long LeastRate { get; init; } = 256;

    /// <summary>How long a connection may be without a request.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many requests one connection may send, 1 or more.</summary>
    public long MaxRequests { get; init; } = long.MaxValue;

    /// <summary>How many connections there may be at once; null: as many as descriptors allow.</summary>
    public long? MaxConnections { get; init; }

    /// <summary>How many connections one address may have at once, 1 or more.</summary>
    public long MaxPerAddress { get; init; } = long.MaxValue;

    /// <summary>MiB of memory for requests and answers that are under way.</summary>
    public long BufferMebibytes { get; init; } = 256;

    /// <summary>The path that answers whether the server serves, as it stands in a request; null: there is none.</summary>
    public string? Health { get; init; }

    /// <summary>How long a stop goes on accepting and answering before it begins to close.</summary>
    public TimeSpan DrainDelay { get; init; }

    /// <summary>Stop gracefully after this many connections were accepted; null: never.</summary>
    public long? ExitAfter { get; init; }

    /// <summary>How long a stop waits for what is in flight.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Hidden (<c>--replace-timeout</c>, for tests): how long a successor may take until it is ready to serve.</summary>
    public TimeSpan ReplaceTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whom to become when the sockets listen, as typed: <c>USER</c> or <c>USER:GROUP</c>; null: nobody else.</summary>
    public string? User { get; init; }

    /// <summary>Whether the kernel is not asked to refuse what serving does not take.</summary>
    public bool NoSandbox { get; init; }

    /// <summary>Whether more is said at the start: which walls there are, and which the system lacks.</summary>
    public bool Verbose { get; init; }

    /// <summary>The full path of the file of users and password hashes, not yet looked at; null: everybody is let in.</summary>
    public string? AuthFile { get; init; }

    /// <summary>Names and paths that are answered as if they did not exist; <c>*</c>, <c>**</c> and <c>?</c> are wildcards.</summary>
    public IReadOnlyList<string> Hide { get; init; } = [];

    /// <summary>Which symbolic links beneath the folders are followed.</summary>
    public FollowSymlinks FollowSymlinks { get; init; }

    /// <summary>The folders that have host names of their own; no host stands there twice.</summary>
    public IReadOnlyList<VirtualHost> VirtualHosts { get; init; } = [];

    /// <summary>Whether hosts that have no folder of their own are refused (421), rather than given <see cref="Root"/>.</summary>
    public bool StrictHost { get; init; }

    /// <summary>Media types by extension (small letters, no dot), before those that the server knows.</summary>
    public IReadOnlyDictionary<string, string> MediaTypes { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The media type of files whose extension says nothing.</summary>
    public string DefaultType { get; init; } = UnknownType;

    /// <summary>Hidden (<c>--poller epoll|select</c>, for tests): use the portable poller where epoll exists too.</summary>
    public bool PortablePoller { get; init; }
}
