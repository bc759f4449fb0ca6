using System;
using System.Buffers;
using System.Threading;

namespace AotServe.Buffers;

/// <summary>
/// Bounds the memory that is kept for clients between turns: received bytes, responses that a client has not taken yet, and
/// what is made for them. Lends buffers from .NET's shared pool, and counts what others keep. Any thread may call.
/// </summary>
/// <param name="bytes">The most bytes that are kept at once.</param>
internal sealed class BufferBudget(long bytes)
{
    private long _kept;

    /// <summary>How many bytes are kept.</summary>
    public long Kept => Volatile.Read(ref _kept);

    /// <summary>The most bytes that are kept at once.</summary>
    public long Most => bytes;

    /// <summary>Whether as many bytes could be kept now, and an eighth of the budget would be left for what is under way.</summary>
    public bool HasRoomFor(long count) => Volatile.Read(ref _kept) + count <= bytes - (bytes / 8);

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

        if (TryReserve(buffer.Length))
        {
            return buffer;
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return null;
    }

    /// <summary>Gives a buffer back.</summary>
    public void Return(byte[] buffer)
    {
        Release(buffer.Length);
        ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>
    /// Counts memory that the caller keeps, and releases. False, and not counted: the bound would be exceeded.
    /// </summary>
    public bool TryReserve(long count)
    {
        if (Interlocked.Add(ref _kept, count) <= bytes)
        {
            return true;
        }

        Release(count);
        return false;
    }

    /// <summary>Gives back what <see cref="TryReserve"/> has counted.</summary>
    public void Release(long count) => Interlocked.Add(ref _kept, -count);
}
