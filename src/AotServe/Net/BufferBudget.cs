using System;
using System.Buffers;
using System.Threading;

namespace AotServe.Net;

/// <summary>
/// The buffers that outlive a turn of their connection, rented from the platform's pool within a bound on all of them
/// together. Any thread may call.
/// </summary>
internal sealed class BufferBudget(long bytes)
{
    private long _taken;

    /// <summary>
    /// A buffer of at least <paramref name="length"/> bytes, or null where the bound would be exceeded, or where the
    /// process has less memory than the bound (a container's limit).
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

        if (Interlocked.Add(ref _taken, buffer.Length) <= bytes)
        {
            return buffer;
        }

        Return(buffer);
        return null;
    }

    /// <summary>Gives a buffer back.</summary>
    public void Return(byte[] buffer)
    {
        Interlocked.Add(ref _taken, -buffer.Length);
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
