using System.Threading;

namespace AotServe.Buffers;

/// <summary>
/// How many owners something has. Its creator is the first; the last one to let go releases it. Any thread may call. A field
/// of what is counted, not copied.
/// </summary>
internal struct ReferenceCount()
{
    private int _count = 1;

    /// <summary>Adds an owner. False: the last one has let go already.</summary>
    public bool TryAdd()
    {
        int count = Volatile.Read(ref _count);
        while (count > 0)
        {
            int seen = Interlocked.CompareExchange(ref _count, count + 1, count);
            if (seen == count)
            {
                return true;
            }

            count = seen;
        }

        return false;
    }

    /// <summary>An owner lets go, once. True: it was the last one, and releases what is counted.</summary>
    public bool Remove() => Interlocked.Decrement(ref _count) == 0;
}
