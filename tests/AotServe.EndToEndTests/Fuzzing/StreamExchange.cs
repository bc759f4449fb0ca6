using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AotServe.EndToEndTests.Fuzzing;

/// <summary>One connection: a stream that was sent, and what came back.</summary>
/// <param name="Received">Each byte a character.</param>
/// <param name="IsReset">Whether the server reset the connection.</param>
internal sealed record StreamExchange(string Received, bool IsReset)
{
    /// <summary>Whether the server neither closed nor had anything more to say.</summary>
    public bool IsWaiting { get; init; }

    /// <summary>Whether an error says that the other side has gone.</summary>
    public static bool IsResetError(SocketException e) =>
        e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown or SocketError.NotConnected;

    /// <summary>Sends a stream in pieces of random lengths, and reads what comes until the server closes its side.</summary>
    /// <param name="port">On 127.0.0.1.</param>
    /// <param name="stream">Each character a byte.</param>
    /// <param name="random">Makes the pieces; null: all at once.</param>
    /// <param name="end">What the client does then.</param>
    public static StreamExchange Run(int port, string stream, Random? random = null, StreamEnd end = StreamEnd.HalfClose)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = (int)Eventually.Bound.TotalMilliseconds,
            SendTimeout = (int)Eventually.Bound.TotalMilliseconds,
        };
        socket.Connect(IPAddress.Loopback, port);
        using var received = new MemoryStream();
        bool isReset = false;
        try
        {
            Send(socket, Encoding.Latin1.GetBytes(stream), random);
            if (end == StreamEnd.HalfClose)
            {
                socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (SocketException e) when (IsResetError(e))
        {
            isReset = true;
        }

        if (end == StreamEnd.Reset)
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        if (end != StreamEnd.HalfClose)
        {
            return new StreamExchange("", isReset);
        }

        try
        {
            byte[] buffer = new byte[64 * 1024];
            for (int n; (n = socket.Receive(buffer)) > 0;)
            {
                received.Write(buffer, 0, n);
            }
        }
        catch (SocketException e) when (IsResetError(e))
        {
            isReset = true;
        }

        return new StreamExchange(Encoding.Latin1.GetString(received.ToArray()), isReset);
    }

    private static void Send(Socket socket, byte[] bytes, Random? random)
    {
        int longest = random is null ? bytes.Length : random.Next(4) switch { 0 => 4, 1 => 30, _ => 3000 };
        for (int at = 0; at < bytes.Length;)
        {
            int count = int.Min(bytes.Length - at, random?.Next(1, longest) ?? longest);
            at += socket.Send(bytes.AsSpan(at, count));
        }
    }
}
