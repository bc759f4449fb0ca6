using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AotServe.EndToEndTests.Fuzzing;

/// <summary>
/// Streams that are sent at the same time, each on a connection of its own that stays open: Kestrel answers nothing more to
/// a client that has half closed. A server that neither answers nor closes waits for more; that is seen of all together,
/// when none has said anything for a while.
/// </summary>
internal static class StreamBatch
{
    /// <summary>Sends each stream to its port, and gives what came back, in the same order.</summary>
    /// <param name="streams">Ports on 127.0.0.1, and what to send there.</param>
    /// <param name="quiet">After how long without a byte from anyone those that did not close are taken to wait.</param>
    public static StreamExchange[] Run(IReadOnlyList<(int Port, string Stream)> streams, TimeSpan quiet)
    {
        Connection[] connections = streams.Select(stream => new Connection(stream.Port, stream.Stream)).ToArray();
        try
        {
            var watch = Stopwatch.StartNew();
            while (watch.Elapsed < quiet)
            {
                var open = connections.Where(connection => connection.IsOpen).ToDictionary(connection => connection.Socket);
                if (open.Count == 0)
                {
                    break;
                }

                var readable = open.Keys.ToList();
                Socket.Select(readable, null, null, quiet);
                foreach (Socket? socket in readable)
                {
                    open[socket].Receive();
                    watch.Restart();
                }
            }

            return [.. connections.Select(connection => connection.Exchange)];
        }
        finally
        {
            Array.ForEach(connections, connection => connection.Dispose());
        }
    }

    /// <summary>One of the connections.</summary>
    private sealed class Connection : IDisposable
    {
        private readonly MemoryStream _received = new();
        private bool _isReset;

        public Connection(int port, string stream)
        {
            Socket.Connect(IPAddress.Loopback, port);
            try
            {
                for (ReadOnlySpan<byte> rest = Encoding.Latin1.GetBytes(stream); !rest.IsEmpty;)
                {
                    rest = rest[Socket.Send(rest)..];
                }
            }
            catch (SocketException e) when (StreamExchange.IsResetError(e))
            {
                // It closed without reading all: what it said before can still be received.
            }
        }

        public Socket Socket { get; } = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            SendTimeout = (int)Eventually.Bound.TotalMilliseconds,
        };

        public bool IsOpen { get; private set; } = true;

        public StreamExchange Exchange => new(Encoding.Latin1.GetString(_received.ToArray()), _isReset) { IsWaiting = IsOpen };

        public void Receive()
        {
            byte[] buffer = new byte[64 * 1024];
            try
            {
                int length = Socket.Receive(buffer);
                _received.Write(buffer, 0, length);
                IsOpen = length > 0;
            }
            catch (SocketException e) when (StreamExchange.IsResetError(e))
            {
                IsOpen = false;
                _isReset = true;
            }
        }

        public void Dispose() => Socket.Dispose();
    }
}
