using System;
using System.Buffers;
using System.IO;
using System.Net.Sockets;
using System.Runtime.Versioning;
using AotServe.Native;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Net;

/// <summary>Sends a range of a file, or reads it: by the kernel without a copy where there is sendfile(2).</summary>
internal static class FileRange
{
    /// <summary>The size of a piece where there is no sendfile(2), bytes.</summary>
    private const int PieceSize = 64 * 1024;

    /// <summary>Sends some of a file: as much as the socket takes, at most <paramref name="most"/> bytes.</summary>
    /// <param name="socket">Non-blocking.</param>
    /// <param name="file">The file; its own position stays where it is.</param>
    /// <param name="offset">Where to begin.</param>
    /// <param name="most">At least one.</param>
    /// <param name="sent">How many bytes were sent.</param>
    /// <returns>
    /// <see cref="SendResult.Failed"/> also where the file ends before <paramref name="offset"/>: it has become shorter, and
    /// the length that was promised cannot be kept.
    /// </returns>
    public static SendResult Send(Socket socket, SafeFileHandle file, long offset, long most, out long sent) =>
        OperatingSystem.IsLinux()
            ? SendByKernel(socket, file, offset, most, out sent)
            : SendByCopy(socket, file, offset, most, out sent);

    /// <summary>
    /// Reads into <paramref name="destination"/> until it is full. False: the file ends first, or cannot be read.
    /// </summary>
    public static bool TryRead(SafeFileHandle file, Span<byte> destination, long offset)
    {
        while (destination.Length > 0)
        {
            int n = ReadSome(file, destination, offset);
            if (n <= 0)
            {
                return false;
            }

            destination = destination[n..];
            offset += n;
        }

        return true;
    }

    [SupportedOSPlatform("linux")]
    private static SendResult SendByKernel(Socket socket, SafeFileHandle file, long offset, long most, out long sent)
    {
        sent = LinuxSockets.SendFile(socket, file, offset, (nint)most);
        if (sent < 0)
        {
            return sent == -Errno.WouldBlock ? SendResult.Blocked : SendResult.Failed;
        }

        return sent > 0 ? SendResult.Done : SendResult.Failed;
    }

    private static SendResult SendByCopy(Socket socket, SafeFileHandle file, long offset, long most, out long sent)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PieceSize);
        try
        {
            sent = 0;
            int read = ReadSome(file, buffer.AsSpan(0, (int)Math.Min(most, PieceSize)), offset);
            if (read <= 0)
            {
                return SendResult.Failed;
            }

            sent = socket.Send(buffer.AsSpan(0, read), SocketFlags.None, out SocketError error);
            return Transport.ResultOf(error);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads some of a file, at least a byte where there is one.</summary>
    /// <returns>How many bytes; 0 at the end of the file, negative where it cannot be read.</returns>
    public static int ReadSome(SafeFileHandle file, Span<byte> destination, long offset)
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
