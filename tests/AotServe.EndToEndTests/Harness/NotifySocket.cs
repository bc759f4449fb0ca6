using System;
using System.Collections.Generic;
using System.Net.Sockets;
using System.Text;

namespace AotServe.EndToEndTests.Harness;

/// <summary>The socket on which a service manager hears its services, sd_notify(3).</summary>
internal sealed class NotifySocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified)
    {
        ReceiveTimeout = (int)Eventually.Bound.TotalMilliseconds,
    };

    private readonly string _name = "aotserve-" + Guid.NewGuid().ToString("N");

    public NotifySocket() => _socket.Bind(new UnixDomainSocketEndPoint("\0" + _name));

    /// <summary>The value for NOTIFY_SOCKET.</summary>
    public string Address => "@" + _name;

    /// <summary>Whether there is a message that was not received yet.</summary>
    public bool HasMessage => _socket.Available > 0;

    /// <summary>The assignments of the next message.</summary>
    public IReadOnlyDictionary<string, string> Receive()
    {
        byte[] bytes = new byte[4096];
        var message = new Dictionary<string, string>();
        foreach (string line in Encoding.UTF8.GetString(bytes, 0, _socket.Receive(bytes)).Split('\n'))
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            message.Add(line[..equals], line[(equals + 1)..]);
        }

        return message;
    }

    public void Dispose() => _socket.Dispose();
}
