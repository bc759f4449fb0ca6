using System;
using System.Net;
using System.Net.Sockets;

namespace AotServe.Tests.Net;

/// <summary>Both ends of a TCP connection on 127.0.0.1. The server's end does not block, as in the server.</summary>
internal sealed class SocketPair : IDisposable
{
    public SocketPair()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Client.Connect(listener.LocalEndPoint!);
        Server = listener.Accept();
        Server.Blocking = false;
    }

    public Socket Server { get; }

    /// <summary>Blocks, for at most <see cref="Eventually.Bound"/>.</summary>
    public Socket Client { get; } = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
        ReceiveTimeout = (int)Eventually.Bound.TotalMilliseconds,
        SendTimeout = (int)Eventually.Bound.TotalMilliseconds,
    };

    /// <summary>Closes the client's end with a reset.</summary>
    public void Abort()
    {
        Client.LingerState = new LingerOption(enable: true, seconds: 0);
        Client.Dispose();
    }

    /// <summary>
    /// Closes both ends, the client's with a reset: none is left in TIME-WAIT, where it could have a later pair of the same two ports time out
    /// (RFC 7323 §5).
    /// </summary>
    public void Dispose()
    {
        Server.Dispose();
        if (!Client.SafeHandle.IsClosed)
        {
            Abort();
        }
    }
}
