using System;
using System.Buffers;
using System.IO;
using System.IO.Compression;
using System.Numerics;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Sites.Representations.Codings;

/// <summary>Compresses a file into memory, in pieces, so that it can be cancelled.</summary>
internal static class Compression
{
    /// <summary>
    /// Of Brotli's qualities 0 to 11, the lowest that uses all features of the format, at some 50 MB/s. The highest one, at
    /// 1 MB/s, is for precompressed files. 0, 1, 10 and 11 are not even linked in (Native/start.c).
    /// </summary>
    public const int BrotliQuality = 5;

    /// <summary>zlib's level 6, its own default.</summary>
    private const CompressionLevel GzipLevel = CompressionLevel.Optimal;

    private const int PieceSize = 64 * 1024;

    /// <summary>Compresses the first <paramref name="length"/> bytes of a file.</summary>
    /// <param name="coding">Brotli or gzip.</param>
    /// <param name="file">The file, which the caller continues to own.</param>
    /// <param name="length">The length of the file, at least 1.</param>
    /// <param name="cancellation">Cancels it.</param>
    /// <param name="bytes">The compressed bytes; null if they are not fewer.</param>
    /// <returns>False if it was cancelled, or the file is shorter.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static bool TryCompress(
        ContentCodings coding, SafeFileHandle file, long length, CancellationToken cancellation, out byte[]? bytes)
    {
        byte[] piece = ArrayPool<byte>.Shared.Rent(PieceSize);
        try
        {
            return coding == ContentCodings.Brotli
                ? TryBrotli(file, length, piece, cancellation, out bytes)
                : TryGzip(file, length, piece, cancellation, out bytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private static bool TryBrotli(
        SafeFileHandle file, long length, byte[] piece, CancellationToken cancellation, out byte[]? bytes)
    {
        bytes = null;
        // The smallest window that holds the file, to save memory.
        int window = Math.Clamp(BitOperations.Log2((ulong)length) + 1, 16, 22);
        using var encoder = new BrotliEncoder(BrotliQuality, window);
        byte[] output = new byte[length - 1];
        int written = 0;
        for (long offset = 0; offset < length;)
        {
            int count = cancellation.IsCancellationRequested ? 0 : Read(file, piece, offset, length);
            if (count <= 0)
            {
                return false;
            }

            offset += count;
            OperationStatus status = encoder.Compress(
                piece.AsSpan(0, count), output.AsSpan(written), out _, out int made, isFinalBlock: offset == length);
            written += made;
            if (status != OperationStatus.Done)
            {
                return true; // The output is full: the file does not become smaller.
            }
        }

        // Not output[..written]: that adds the run-time type loader to a native executable, 130 KB.
        bytes = output.AsSpan(0, written).ToArray();
        return true;
    }

    private static bool TryGzip(
        SafeFileHandle file, long length, byte[] piece, CancellationToken cancellation, out byte[]? bytes)
    {
        bytes = null;
        using var output = new MemoryStream();
        using (var coder = new GZipStream(output, GzipLevel, leaveOpen: true))
        {
            for (long offset = 0; offset < length && output.Length < length;)
            {
                int count = cancellation.IsCancellationRequested ? 0 : Read(file, piece, offset, length);
                if (count <= 0)
                {
                    return false;
                }

                offset += count;
                coder.Write(piece, 0, count);
            }
        }

        if (output.Length < length)
        {
            bytes = output.ToArray();
        }

        return true;
    }

    private static int Read(SafeFileHandle file, byte[] piece, long offset, long length) =>
        RandomAccess.Read(file, piece.AsSpan(0, (int)Math.Min(PieceSize, length - offset)), offset);
}
