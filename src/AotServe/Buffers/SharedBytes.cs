using System;
using System.Threading;

namespace AotServe.Buffers;

/// <summary>
/// Bytes of a cache that responses send without a copy. A response that is not sent within a turn keeps them, perhaps for
/// longer than the cache does. So they are charged to a budget while any response keeps them: once, however many do. Any thread
/// may call.
/// </summary>
/// <remarks>
/// Those of a thread's <c>Files/ReadAhead</c> are of no cache: they are lent to one response, which returns them, and are then filled again.
/// Those of a <see cref="SharedBytesPool"/> are filled again once nobody can have them.
/// </remarks>
internal sealed class SharedBytes : IDisposable
{
    private readonly byte[] _bytes;
    private readonly BufferBudget _budget;
    private int _keepers;
    private bool _isLent;

    /// <summary>Bytes of no pool.</summary>
    /// <param name="bytes">The bytes, which never change.</param>
    /// <param name="budget">What they are charged to.</param>
    public SharedBytes(byte[] bytes, BufferBudget budget)
        : this(bytes, budget, bytes.Length) => Hash = XxHash64.Compute(bytes);

    private SharedBytes(byte[] bytes, BufferBudget budget, int length)
    {
        _bytes = bytes;
        _budget = budget;
        Length = length;
    }

    /// <summary>Room for bytes that <see cref="Refill"/> takes.</summary>
    public static SharedBytes OfRoom(byte[] room, BufferBudget budget) => new(room, budget, 0);

    /// <summary>The bytes. Whoever uses them beyond a turn keeps them first.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    /// <summary>Their hash, which an entity tag is made of.</summary>
    public ulong Hash { get; private set; }

    /// <summary>The number of bytes.</summary>
    public int Length { get; private set; }

    /// <summary>Whether nobody has them. Called by the thread that lends them.</summary>
    public bool IsReusable => !_isLent && Volatile.Read(ref _keepers) == 0;

    /// <summary>All the room that there is, to be filled.</summary>
    public Span<byte> Room => _bytes;

    /// <summary>The first <paramref name="length"/> bytes of the room are other ones now. Called where <see cref="IsReusable"/>.</summary>
    public void Refill(int length)
    {
        Length = length;
        Hash = XxHash64.Compute(_bytes.AsSpan(0, length));
    }

    /// <summary>A response has them now. Called by the thread that lends them.</summary>
    public void Lend() => _isLent = true;

    /// <summary>A response that does not keep them is done with them, in the turn in which it got them. Does nothing to those of a cache.</summary>
    public void Return()
    {
        if (_isLent)
        {
            _isLent = false;
        }
    }

    /// <summary>
    /// Keeps the bytes for a response, which disposes of this once for each call. False: the budget does not allow it.
    /// </summary>
    public bool TryKeep()
    {
        int keepers = Volatile.Read(ref _keepers);
        while (true)
        {
            bool isFirst = keepers == 0;
            if (isFirst && !_budget.TryReserve(Length))
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
                _budget.Release(Length); // Another response was first.
            }

            keepers = seen;
        }
    }

    /// <summary>A response no longer keeps the bytes.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _keepers) == 0)
        {
            _budget.Release(Length);
        }
    }
}
