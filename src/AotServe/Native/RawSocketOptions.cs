using System;
using System.Net.Sockets;

namespace AotServe.Native;

/// <summary>
/// Numbers of socket options, for <see cref="Socket.SetRawSocketOption"/>: those that .NET has no name for, or gives
/// another meaning.
/// </summary>
internal static class RawSocketOptions
{
    /// <summary>SO_REUSEPORT of Linux, the same on every architecture that .NET runs on (socket(7)).</summary>
    public const int ReusePort = 15;

    /// <summary>SO_ATTACH_FILTER of Linux (socket(7)).</summary>
    public const int AttachFilter = 26;

    /// <summary>IPPROTO_TCP, the level of the options of tcp(7).</summary>
    public const int TcpLevel = 6;

    /// <summary>TCP_NOTSENT_LOWAT of Linux (tcp(7)).</summary>
    public const int NotSentLowWater = 25;

    /// <summary>SOL_SOCKET, the level of the options of socket(7).</summary>
    public static int SocketLevel => OperatingSystem.IsLinux() ? 1 : 0xFFFF;

    /// <summary>SO_REUSEADDR.</summary>
    public static int ReuseAddress => OperatingSystem.IsLinux() ? 2 : 4;
}
