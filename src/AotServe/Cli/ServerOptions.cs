using System;
using AotServe.Files;
using AotServe.Net;
using AotServe.Observation;
using AotServe.Sites;
using AotServe.Tls;

namespace AotServe.Cli;

/// <summary>
/// Everything that the command line and the environment can say, checked and with defaults filled in. What belongs to one
/// part of the server is that part's own record.
/// </summary>
internal sealed record ServerOptions
{
    /// <summary>The default of <see cref="Threads"/>: that of the server in <em>The Rust Programming Language</em>, chapter 21.</summary>
    public const int DefaultThreads = 4;

    /// <summary>
    /// The default of <see cref="CacheBytes"/>. Own choice: it holds the files of most sites. The server uses less where the
    /// machine has less than 256 MiB of memory.
    /// </summary>
    public const long DefaultCacheBytes = 32 * 1024 * 1024;

    /// <summary>The default of <see cref="DrainDelay"/> in milliseconds. Without a load balancer a delay has no use.</summary>
    public const long DefaultDrainDelay = 0;

    /// <summary>
    /// The default of <see cref="ShutdownTimeout"/> in milliseconds: that of .NET's generic host (HostOptions), and of the
    /// grace period of a Kubernetes pod.
    /// </summary>
    public const long DefaultShutdownTimeout = 30_000;

    /// <summary>
    /// The default of <see cref="ReplaceTimeout"/> in milliseconds. Own choice: a server starts within milliseconds, so one
    /// that takes longer than this has failed.
    /// </summary>
    public const long DefaultReplaceTimeout = 10_000;

    /// <summary>The full path of the folder to serve, which was a readable folder when options were read; null: none.</summary>
    public string? Root { get; init; }

    /// <summary>The folders that have host names of their own; no host is in the list twice.</summary>
    public VirtualHost[] VirtualHosts { get; init; } = [];

    /// <summary>Whether hosts that have no folder of their own are answered with 421 instead of <see cref="Root"/>.</summary>
    public bool StrictHost { get; init; }

    /// <summary>How the files of all folders are served.</summary>
    public FileSiteOptions Site { get; init; } = new();

    /// <summary>The full path of the file of users and password hashes, not opened yet; null: no password is asked for.</summary>
    public string? AuthFile { get; init; }

    /// <summary>Names and paths that are answered as if they did not exist; <c>*</c>, <c>**</c> and <c>?</c> are wildcards.</summary>
    public string[] Hide { get; init; } = [];

    /// <summary>Which symbolic links in the folders are followed.</summary>
    public SymbolicLinks SymbolicLinks { get; init; }

    /// <summary>Bytes of memory for small files and for what was found under which name; 0: no cache.</summary>
    public long CacheBytes { get; init; } = DefaultCacheBytes;

    /// <summary>Where the server listens.</summary>
    public ListenOptions Listen { get; init; } = new();

    /// <summary>With which certificates TLS is spoken on the TCP port.</summary>
    public TlsOptions Tls { get; init; } = new();

    /// <summary>How many workers, 1 to 1024.</summary>
    public int Threads { get; init; } = DefaultThreads;

    /// <summary>For tests (<c>--poller select</c>): use the portable poller where epoll exists too.</summary>
    public bool PortablePoller { get; init; }

    /// <summary>Whether the portable poller is the one that is used.</summary>
    public bool UsesPortablePoller => PortablePoller || !OperatingSystem.IsLinux();

    /// <summary>What clients may use. The start lowers the limits that the machine cannot keep.</summary>
    public ConnectionLimits Limits { get; init; } = new();

    /// <summary>The path of the health check, as it stands in a request; null: there is none.</summary>
    public string? Health { get; init; }

    /// <summary>How long a stop goes on accepting and answering before it closes anything.</summary>
    public TimeSpan DrainDelay { get; init; } = TimeSpan.FromMilliseconds(DefaultDrainDelay);

    /// <summary>Stop gracefully after this many connections were accepted; null: never.</summary>
    public long? ExitAfter { get; init; }

    /// <summary>How long a stop waits for requests in progress.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromMilliseconds(DefaultShutdownTimeout);

    /// <summary>For tests (<c>--replace-timeout</c>): how long a successor may take until it is ready to serve.</summary>
    public TimeSpan ReplaceTimeout { get; init; } = TimeSpan.FromMilliseconds(DefaultReplaceTimeout);

    /// <summary>The user to switch to once the sockets listen, as typed: <c>USER</c> or <c>USER:GROUP</c>; null: no switch.</summary>
    public string? User { get; init; }

    /// <summary>Whether the process is left without Landlock's restrictions.</summary>
    public bool NoSandbox { get; init; }

    /// <summary>Whether the start reports which restrictions are in force, and which the system lacks.</summary>
    public bool Verbose { get; init; }

    /// <summary>Where the access log goes, and what it says.</summary>
    public AccessLogOptions AccessLog { get; init; } = new();

    /// <summary>The path of the metrics, as it stands in a request; null: there are none on the site.</summary>
    public string? Metrics { get; init; }

    /// <summary>The path of the status page; null: there is none on the site.</summary>
    public string? Status { get; init; }

    /// <summary>Who may ask for them beside this machine.</summary>
    public AddressRange[] AdminAllow { get; init; } = [];

    /// <summary>Whether it serves a project folder to who works in it; see <see cref="DevOptions"/>.</summary>
    public bool Dev { get; init; }

    /// <summary>
    /// For <c>print</c>: whether the folders of <see cref="ServiceFolder"/> may be missing, because systemd makes them before a start.
    /// </summary>
    public bool ServiceMakesFolders { get; init; }

    /// <summary>The files that are never served, wherever they lie.</summary>
    public string[] SecretFiles => AuthFile is null ? Tls.Keys : [AuthFile, .. Tls.Keys];

    /// <summary>Lines about what is odd in the environment but prevents nothing.</summary>
    public string[] Warnings { get; init; } = [];

    /// <summary>The name alone. Nobody prints options, and what the compiler would make names each property in a string of the program.</summary>
    public override string ToString() => nameof(ServerOptions);
}
