using System.IO;
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

    /// <summary>
    /// The default of <see cref="SocketMode"/>: any user of the machine may connect, as to a port; that of systemd and of nginx.
    /// </summary>
    public const UnixFileMode DefaultSocketMode = UnixFileMode.UserRead | UnixFileMode.UserWrite
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>The addresses, each once; empty, and no <see cref="UnixPaths"/>: all interfaces.</summary>
    public IPAddress[] Addresses { get; init; } = [];

    /// <summary>The full paths of Unix sockets, each once.</summary>
    public string[] UnixPaths { get; init; } = [];

    /// <summary>Who may connect to the Unix sockets: those who may write to the file (unix(7)).</summary>
    public UnixFileMode SocketMode { get; init; } = DefaultSocketMode;

    /// <summary>The user and the group that own the Unix sockets, for <c>--user</c>; null: those of the process.</summary>
    public (uint User, uint Group)? SocketOwner { get; init; }

    /// <summary>Where operators' pages are; null: on no port of their own.</summary>
    public IPEndPoint? AdminEndPoint { get; init; }

    /// <summary>The full path of the Unix socket on which operators' pages are; null: on none.</summary>
    public string? AdminPath { get; init; }

    /// <summary>Whether operators' pages have a socket of their own.</summary>
    public bool HasAdmin => AdminEndPoint is not null || AdminPath is not null;

    /// <summary>Whether all interfaces are listened on, because nothing else was asked for.</summary>
    public bool IsEverywhere => Addresses.Length == 0 && UnixPaths.Length == 0;

    /// <summary>The TCP port, 0 to 65535, the same for all addresses; 0: the system picks one.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>The TCP port at which HTTP is redirected to HTTPS, at the same addresses; null: none. 0: the system picks one.</summary>
    public int? HttpPort { get; init; }

    /// <summary>Whether other servers may listen on the port too and get a part of its connections (SO_REUSEPORT); Linux only.</summary>
    public bool ReusePort { get; init; }

    /// <summary>The name alone. Nobody prints options, and what the compiler would make names each property in a string of the program.</summary>
    public override string ToString() => nameof(ListenOptions);
}
