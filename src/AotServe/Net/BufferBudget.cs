using System;
using System.Buffers;
using System.Threading;

namespace AotServe.Net;

/// <summary>
/// Lends the buffers that a connection keeps between its turns. They come from .NET's shared pool, and their total size is
/// bounded. Any thread may call.
/// </summary>
/// <param name="bytes">The most bytes that are lent at once.</param>
internal sealed class BufferBudget(long bytes)
{
    private long _lent;

    /// <summary>
    /// A buffer of at least <paramref name="length"/> bytes; the caller returns it. Null: the bound would be exceeded, or the
    /// process has no more memory (a container's limit).
    /// </summary>
    public byte[]? TryRent(int length)
    {
        byte[] buffer;
        try
        {
            buffer = ArrayPool<byte>.Shared.Rent(length);
        }
        catch (OutOfMemoryException)
        {
            return null;
        }

        if (Interlocked.Add(ref _lent, buffer.Length) <= bytes)
        {
            return buffer;
        }

        Return(buffer);
        return null;
    }

    /// <summary>Gives a buffer back.</summary>
    public void Return(byte[] buffer)
    {
        Interlocked.Add(ref _lent, -buffer.Length);
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
