using System;
using System.Buffers;
using System.IO;
using System.Net.Sockets;
using System.Runtime.Versioning;
using AotServe.Http;
using AotServe.Native;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Net;

/// <summary>
/// What a connection has still to send and the client has not taken: bytes, then the rest of a body. Belongs to its
/// connection; owns the buffer and the body until they are sent or <see cref="Drop"/> is called.
/// </summary>
internal sealed class SendQueue(BufferBudget buffers)
{
    /// <summary>The most bytes of a body that one turn sends, so that one fast client cannot hold a worker.</summary>
    private const int TurnBytes = 1024 * 1024;

    private const int CopySize = 64 * 1024;

    /// <summary>The most bytes of a long part in memory that are copied so that they leave with the head.</summary>
    private const int LeadSize = 16 * 1024;

    private byte[]? _bytes;
    private int _start;
    private int _end;
    private ResponseBody _body;

    public bool IsEmpty => _bytes is null && _body.IsEmpty;

    /// <summary>Keeps a copy of <paramref name="bytes"/>. Only while it is empty. False: there are no buffers left.</summary>
    public bool TryHold(ReadOnlySpan<byte> bytes)
    {
        _bytes = buffers.TryRent(bytes.Length);
        if (_bytes is null)
        {
            return false;
        }

        bytes.CopyTo(_bytes);
        _start = 0;
        _end = bytes.Length;
        return true;
    }

    /// <summary>Has a body follow the bytes, and owns it from here on.</summary>
    public void Hold(ResponseBody body) => _body = body;

    /// <summary>Gives up what is left.</summary>
    public void Drop()
    {
        if (_bytes is not null)
        {
            buffers.Return(_bytes);
        }

        _bytes = null;
        _body.Dispose();
    }

    /// <summary>
    /// Moves the beginning of a body into the output as far as there is room, so that it leaves in one piece with the
    /// head: all of a short body of many parts. The kernel can put a long part of a file into that piece by itself, without
    /// a copy, where it has sendfile(2). False where the file ends too early or cannot be read.
    /// </summary>
    public static bool TryLead(OutputBuffer output, ref ResponseBody body)
    {
        while (!body.IsEmpty && output.Room > 0)
        {
            BodyPart part = body.Current;
            if (part.IsInFile && part.Length > LeadSize && OperatingSystem.IsLinux())
            {
                return true;
            }

            int count = (int)Math.Min(part.Length, part.IsInFile ? output.Room : Math.Min(output.Room, LeadSize));
            Span<byte> destination = output.Reserve(count)[..count];
            if (!part.IsInFile)
            {
                part.Bytes.Span[..count].CopyTo(destination);
            }
            else if (!ReadFully(body.File!, destination, part.Offset))
            {
                return false;
            }

            output.Advance(count);
            body.Advance(count);
            if (count < part.Length)
            {
                return true;
            }
        }

        return true;
    }

    /// <summary>Sends what the socket takes. <paramref name="progress"/>: how many bytes.</summary>
    public SendResult Send(Socket socket, out long progress)
    {
        progress = 0;
        SendResult result = _bytes is null ? SendResult.Done : SendBytes(socket, ref progress);
        if (result == SendResult.Done && !_body.IsEmpty)
        {
            result = SendBody(socket, ref progress);
        }

        if (result is SendResult.Done or SendResult.Failed)
        {
            Drop();
        }

        return result;
    }

    /// <summary>
    /// Reads from a file into <paramref name="destination"/> until it is full. False where the file ends first or cannot
    /// be read.
    /// </summary>
    private static bool ReadFully(SafeFileHandle file, Span<byte> destination, long offset)
    {
        while (destination.Length > 0)
        {
            int n = ReadAt(file, destination, offset);
            if (n <= 0)
            {
                return false;
            }

            destination = destination[n..];
            offset += n;
        }

        return true;
    }

    private SendResult SendBytes(Socket socket, ref long progress)
    {
        while (_start < _end)
        {
            SendResult result = SendSome(socket, _bytes.AsSpan(_start, _end - _start), out long sent);
            if (result != SendResult.Done)
            {
                return result;
            }

            _start += (int)sent;
            progress += sent;
        }

        buffers.Return(_bytes!);
        _bytes = null;
        return SendResult.Done;
    }

    private SendResult SendBody(Socket socket, ref long progress)
    {
        for (long budget = TurnBytes; !_body.IsEmpty;)
        {
            if (budget <= 0)
            {
                return SendResult.Yield;
            }

            BodyPart part = _body.Current;
            long most = Math.Min(part.Length, budget);
            SendResult result = !part.IsInFile ? SendSome(socket, part.Bytes.Span[..(int)most], out long sent)
                : OperatingSystem.IsLinux() ? SendFile(socket, part.Offset, most, out sent)
                : CopyFile(socket, part.Offset, most, out sent);
            if (result != SendResult.Done)
            {
                return result;
            }

            _body.Advance(sent);
            budget -= sent;
            progress += sent;
        }

        return SendResult.Done;
    }

    /// <summary>
    /// Sends what it can of the beginning of an answer. Where <paramref name="more"/> follows at once, a segment that is
    /// not full waits for it.
    /// </summary>
    public static int SendLead(Socket socket, ReadOnlySpan<byte> bytes, bool more, out SocketError error)
    {
        if (!more || !OperatingSystem.IsLinux())
        {
            return socket.Send(bytes, SocketFlags.None, out error);
        }

        nint sent = LinuxSockets.SendMore(socket, bytes);
        error = sent >= 0 ? SocketError.Success
            : sent == -Errno.WouldBlock ? SocketError.WouldBlock
            : SocketError.ConnectionReset;
        return (int)Math.Max(0, sent);
    }

    private static SendResult SendSome(Socket socket, ReadOnlySpan<byte> bytes, out long sent)
    {
        sent = socket.Send(bytes, SocketFlags.None, out SocketError error);
        return error switch
        {
            SocketError.Success => SendResult.Done,
            SocketError.WouldBlock => SendResult.Blocked,
            _ => SendResult.Failed,
        };
    }

    [SupportedOSPlatform("linux")]
    private SendResult SendFile(Socket socket, long offset, long most, out long sent)
    {
        sent = LinuxSockets.SendFile(socket, _body.File!, offset, (nint)most);
        if (sent < 0)
        {
            return sent == -Errno.WouldBlock ? SendResult.Blocked : SendResult.Failed;
        }

        return sent > 0 ? SendResult.Done : SendResult.Failed; // 0: it has shrunk; the promised length cannot be kept.
    }

    /// <summary>The portable way, through a buffer.</summary>
    private SendResult CopyFile(Socket socket, long offset, long most, out long sent)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(CopySize);
        try
        {
            sent = 0;
            int read = ReadAt(_body.File!, buffer.AsSpan(0, (int)Math.Min(most, CopySize)), offset);
            return read > 0 ? SendSome(socket, buffer.AsSpan(0, read), out sent) : SendResult.Failed;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int ReadAt(SafeFileHandle file, Span<byte> destination, long offset)
    {
        if (OperatingSystem.IsLinux())
        {
            return (int)LinuxFiles.ReadAt(file, destination, offset);
        }

        try
        {
            return RandomAccess.Read(file, destination, offset);
        }
        catch (IOException)
        {
            return -1;
        }
    }
}
