using System;
using System.Buffers;
using System.IO;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using AotServe.Native;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Net;

/// <summary>
/// What a connection has still to send and the client has not taken: bytes, then a range of a file. Belongs to its
/// connection; owns the buffer and the file handle until they are sent or <see cref="Drop"/> is called.
/// </summary>
internal sealed class Outgoing
{
    /// <summary>The most bytes of a file that one turn sends, so that one fast client cannot hold a worker.</summary>
    private const int TurnBytes = 1024 * 1024;

    private const int CopySize = 64 * 1024;

    private byte[]? _bytes;
    private int _start;
    private int _end;
    private SafeFileHandle? _file;
    private long _offset;
    private long _remaining;

    public bool IsEmpty => _bytes is null && _file is null;

    /// <summary>Keeps a copy of <paramref name="bytes"/>. Only while it is empty.</summary>
    public void Hold(ReadOnlySpan<byte> bytes)
    {
        _bytes = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(_bytes);
        _start = 0;
        _end = bytes.Length;
    }

    /// <summary>Has a range of a file follow the bytes, and owns its handle from here on.</summary>
    public void Hold(SafeFileHandle file, long offset, long remaining)
    {
        _file = file;
        _offset = offset;
        _remaining = remaining;
    }

    /// <summary>Gives up what is left.</summary>
    public void Drop()
    {
        if (_bytes is not null)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = null;
        _file?.Dispose();
        _file = null;
    }

    /// <summary>Sends what the socket takes. <paramref name="progress"/>: whether it took any.</summary>
    public SendResult Send(Socket socket, out bool progress)
    {
        progress = false;
        SendResult result = _bytes is null ? SendResult.Done : SendBytes(socket, ref progress);
        if (result == SendResult.Done && _file is not null)
            result = SendFile(socket, ref progress);
        if (result is SendResult.Done or SendResult.Failed)
            Drop();
        return result;
    }

    /// <summary>
    /// Reads from a file into <paramref name="destination"/> until it is full. False where the file ends first or cannot
    /// be read.
    /// </summary>
    public static bool ReadFully(SafeFileHandle file, Span<byte> destination, long offset)
    {
        while (destination.Length > 0)
        {
            int n = ReadAt(file, destination, offset);
            if (n <= 0)
                return false;
            destination = destination[n..];
            offset += n;
        }

        return true;
    }

    private SendResult SendBytes(Socket socket, ref bool progress)
    {
        while (_start < _end)
        {
            int n = socket.Send(_bytes.AsSpan(_start, _end - _start), SocketFlags.None, out SocketError error);
            if (error != SocketError.Success)
                return error == SocketError.WouldBlock ? SendResult.Blocked : SendResult.Failed;
            _start += n;
            progress = true;
        }

        ArrayPool<byte>.Shared.Return(_bytes!);
        _bytes = null;
        return SendResult.Done;
    }

    private SendResult SendFile(Socket socket, ref bool progress)
    {
        if (!OperatingSystem.IsLinux())
            return CopyFile(socket, ref progress);

        for (long budget = TurnBytes; _remaining > 0;)
        {
            if (budget <= 0)
                return SendResult.Yield;
            nint n = LinuxSockets.SendFile(socket, _file!, _offset, (nuint)Math.Min(_remaining, budget));
            if (n < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                if (error == Posix.Interrupted)
                    continue;
                return error == Posix.WouldBlock ? SendResult.Blocked : SendResult.Failed;
            }

            if (n == 0)
                return SendResult.Failed; // The file has shrunk; the promised length cannot be kept.
            _offset += n;
            _remaining -= n;
            budget -= n;
            progress = true;
        }

        return SendResult.Done;
    }

    /// <summary>The portable way, through a buffer.</summary>
    private SendResult CopyFile(Socket socket, ref bool progress)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(CopySize);
        try
        {
            for (long budget = TurnBytes; _remaining > 0;)
            {
                if (budget <= 0)
                    return SendResult.Yield;
                int read = ReadAt(_file!, buffer.AsSpan(0, (int)Math.Min(_remaining, CopySize)), _offset);
                if (read <= 0)
                    return SendResult.Failed;
                int n = socket.Send(buffer.AsSpan(0, read), SocketFlags.None, out SocketError error);
                if (error != SocketError.Success)
                    return error == SocketError.WouldBlock ? SendResult.Blocked : SendResult.Failed;
                _offset += n;
                _remaining -= n;
                budget -= n;
                progress = true;
            }

            return SendResult.Done;
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
            nint n;
            do
                n = LinuxSockets.ReadAt(file, destination, offset);
            while (n < 0 && Marshal.GetLastPInvokeError() == Posix.Interrupted);
            return (int)n;
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
