using System;
using System.Threading;

namespace AotServe.Buffers;

/// <summary>
/// Bytes of a cache that responses send without a copy. A response that is not sent within a turn keeps them, perhaps for
/// longer than the cache does. So they are charged to a budget while any response keeps them: once, however many do. Any thread
/// may call.
/// </summary>
/// <param name="bytes">The bytes, which never change.</param>
/// <param name="budget">What they are charged to.</param>
internal sealed class SharedBytes(byte[] bytes, BufferBudget budget) : IDisposable
{
    private int _keepers;

    /// <summary>The bytes. Whoever uses them beyond a turn keeps them first.</summary>
    public ReadOnlyMemory<byte> Memory => bytes;

    /// <summary>Their hash, which an entity tag is made of.</summary>
    public ulong Hash { get; } = XxHash64.Compute(bytes);

    /// <summary>The number of bytes.</summary>
    public int Length => bytes.Length;

    /// <summary>
    /// Keeps the bytes for a response, which disposes of this once for each call. False: the budget does not allow it.
    /// </summary>
    public bool TryKeep()
    {
        int keepers = Volatile.Read(ref _keepers);
        while (true)
        {
            bool isFirst = keepers == 0;
            if (isFirst && !budget.TryReserve(bytes.Length))
            {
                return false;
            }

            int seen = Interlocked.CompareExchange(ref _keepers, keepers + 1, keepers);
            if (seen == keepers)
            {
                return true;
            }

            if (isFirst)
            {
                budget.Release(bytes.Length); // Another response was first.
            }

            keepers = seen;
        }
    }

    /// <summary>A response no longer keeps the bytes.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _keepers) == 0)
        {
            budget.Release(bytes.Length);
        }
    }
}
