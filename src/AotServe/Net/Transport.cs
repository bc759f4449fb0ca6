using System;
using System.Net.Sockets;
using AotServe.Native;
using AotServe.Tls;
using AotServe.Workers;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Net;

/// <summary>
/// The way of a connection's bytes: its socket, with TLS in front of it or without. All that is received or sent passes through here,
/// but for what <see cref="LingeringClose"/> discards. For the connection's owner.
/// </summary>
/// <param name="socket">Non-blocking.</param>
/// <param name="tls">Null: none.</param>
internal readonly struct Transport(Socket socket, TlsSession? tls)
{
    // At hand: of thousands of connections, the objects of the socket and of its handle are not in the processor's cache.
    private readonly int _descriptor = OperatingSystem.IsLinux() ? (int)socket.Handle : -1;

    /// <summary>The socket.</summary>
    public Socket Socket => socket;

    /// <summary>Whether bytes of the client have arrived that were not received.</summary>
    public bool HasMore => (TlsSupport.IsBuiltIn && tls is { HasPending: true }) || socket.Available > 0;

    /// <summary>Whether sent bytes wait for the client in here, which <see cref="Flush"/> goes on with.</summary>
    public bool HasUnsent => TlsSupport.IsBuiltIn && tls is { HasUnsent: true };

    /// <summary>Whether bytes pass through TLS.</summary>
    public bool IsSecure => TlsSupport.IsBuiltIn && tls is not null;

    /// <summary>Whether a handshake has begun and is not done.</summary>
    public bool IsHandshaking => TlsSupport.IsBuiltIn && tls is { IsHandshaking: true };

    /// <summary>Whether the client speaks HTTP where TLS is to come first: what was received is that.</summary>
    public bool IsPlainHttp => TlsSupport.IsBuiltIn && tls is { IsPlainHttp: true };

    /// <summary>Whether a handshake was given up, and the client has been told so.</summary>
    public bool HasFailed => TlsSupport.IsBuiltIn && tls is { HasFailed: true };

    /// <summary>Why that is, right after the <see cref="Receive"/> that found it out.</summary>
    public string? Failure => TlsSupport.IsBuiltIn && HasFailed ? OpenSsl.TakeError() : null;

    /// <summary>The value of Strict-Transport-Security for this connection; null: the field is not sent.</summary>
    public byte[]? StrictTransport => TlsSupport.IsBuiltIn && tls is not null ? tls.StrictTransport : null;

    /// <summary>The host name that the client has asked for by TLS; empty: none. Valid as long as the connection.</summary>
    public ReadOnlySpan<byte> ServerName => TlsSupport.IsBuiltIn && tls is not null ? tls.ServerName : default;

    /// <summary>How many bytes the kernel has taken of what TLS has made of what was sent; 0 without TLS.</summary>
    public long Encrypted => TlsSupport.IsBuiltIn && tls is not null ? tls.SentBytes : 0;

    /// <summary>A socket without TLS.</summary>
    public static implicit operator Transport(Socket socket) => new(socket, null);

    /// <summary>Receives bytes.</summary>
    /// <param name="room">Where to.</param>
    /// <param name="isFirst">Whether it is the first call of a turn.</param>
    /// <param name="isHungUp">Whether the client is known to have ended its side.</param>
    /// <param name="error">What prevented it.</param>
    /// <param name="mayBeMore">Whether another call in this turn may give more.</param>
    /// <returns>How many bytes; 0 without an error: the client has ended its side.</returns>
    public int Receive(Span<byte> room, bool isFirst, bool isHungUp, out SocketError error, out bool mayBeMore)
    {
        if (TlsSupport.IsBuiltIn && tls is not null)
        {
            int decrypted = tls.Receive(room, isFirst, isHungUp, out error);
            WorkerPool.Charge(tls.TakeCost());
            mayBeMore = tls.MayBeMore;
            return decrypted;
        }

        int count = OperatingSystem.IsLinux() ? CountOf(StreamSocket.Receive(_descriptor, room), out error)
            : socket.Receive(room, SocketFlags.None, out error);
        mayBeMore = count == room.Length || isHungUp;
        return count;
    }

    /// <summary>Sends bytes.</summary>
    /// <returns>How many were taken.</returns>
    public int Send(ReadOnlySpan<byte> bytes, out SocketError error) => SendBytes(bytes, isMoreToCome: false, out error);

    /// <summary>The same where more follows at once: on Linux, a segment that is not full waits for it (MSG_MORE, send(2)).</summary>
    public int SendMore(ReadOnlySpan<byte> bytes, out SocketError error) => SendBytes(bytes, isMoreToCome: true, out error);

    /// <summary>Sends some of a file: by the kernel, or a part that is read and encrypted.</summary>
    /// <inheritdoc cref="FileRange.Send"/>
    public SendResult SendFile(SafeFileHandle file, long offset, long most, out long sent)
    {
        if (!TlsSupport.IsBuiltIn || tls is null)
        {
            return FileRange.Send(socket, file, offset, most, out sent);
        }

        sent = 0;
        SocketError error = tls.Flush();
        if (error != SocketError.Success)
        {
            return ResultOf(error);
        }

        if (tls.IsByKernel)
        {
            SendResult result = FileRange.Send(socket, file, offset, most, out sent);
            tls.CountSent(result == SendResult.Done ? sent : 0);
            if (result == SendResult.Blocked)
            {
                // Before Linux 6.5 the last record may wait for the one that there was no room for, and neither would ever leave. To set
                // this option sends what waits (tcp(7)).
                socket.NoDelay = true;
            }

            return result;
        }

        Span<byte> part = TlsOutput.Current.Plain[..(int)Math.Min(most, tls.PieceLength)];
        int read = FileRange.ReadSome(file, part, offset);
        if (read <= 0)
        {
            return SendResult.Failed;
        }

        sent = tls.Send(part[..read], isMoreToCome: false, out error);
        return ResultOf(error);
    }

    /// <summary>Sends what waits in here.</summary>
    public SendResult Flush() => TlsSupport.IsBuiltIn && tls is not null ? ResultOf(tls.Flush()) : SendResult.Done;

    /// <summary>The next call of <see cref="Send"/> is the last, so that TLS may say so together with it.</summary>
    /// <param name="isLast">Whether that is so.</param>
    public void EndWithNext(bool isLast)
    {
        if (TlsSupport.IsBuiltIn && tls is not null && isLast)
        {
            tls.EndWithNext();
        }
    }

    /// <summary>Says that no more will come, as TLS has it. Can be called again where it would block.</summary>
    public SendResult End() => TlsSupport.IsBuiltIn && tls is not null ? ResultOf(tls.End()) : SendResult.Done;

    /// <summary>
    /// On Linux the kernel is asked itself, without the reference to the handle that <see cref="Socket"/> takes for each call: the owner alone
    /// closes it.
    /// </summary>
    private int SendBytes(ReadOnlySpan<byte> bytes, bool isMoreToCome, out SocketError error) =>
        TlsSupport.IsBuiltIn && tls is not null ? tls.Send(bytes, isMoreToCome, out error)
        : OperatingSystem.IsLinux() ? CountOf(StreamSocket.Send(_descriptor, bytes, isMoreToCome), out error)
        : socket.Send(bytes, SocketFlags.None, out error);

    /// <summary>What the result of a call of <see cref="StreamSocket"/> means.</summary>
    private static int CountOf(int result, out SocketError error)
    {
        error = result >= 0 ? SocketError.Success
            : result == -Errno.WouldBlock ? SocketError.WouldBlock
            : SocketError.ConnectionReset;
        return Math.Max(0, result);
    }

    /// <summary>What the error of a send means.</summary>
    internal static SendResult ResultOf(SocketError error) => error switch
    {
        SocketError.Success => SendResult.Done,
        SocketError.WouldBlock => SendResult.Blocked,
        _ => SendResult.Failed,
    };

    /// <summary>Closes the socket.</summary>
    /// <param name="isOrderly">Whether no response is cut short, so that the client may be told of the end.</param>
    public void Close(bool isOrderly)
    {
        if (TlsSupport.IsBuiltIn && tls is not null)
        {
            if (isOrderly)
            {
                tls.End();
            }

            tls.Dispose();
        }

        socket.Dispose();
    }
}
