using System.Threading;

namespace AotServe.Sites.Representations.Codings;

/// <summary>
/// A cache of which precompressed files exist for a file. An entry is valid until the end of the second, so that files that are
/// requested often cost no system calls for names that do not exist. Any thread may call, without a lock; allocates nothing.
/// </summary>
/// <remarks>
/// The table grows once, when two entries of a second meet; after that, a new entry replaces the one in its slot. An entry is one word, which is read and written
/// atomically: 40 bits of the hash, 21 of the second, 3 for the set. The hash covers the file's time and size, so that a change
/// of the file is noticed. If two hashes collide, a precompressed file may not be used for a second.
/// </remarks>
internal sealed class PrecompressedCache
{
    private const int Slots = 1024;

    /// <summary>How many there are at first: few files take few pages of memory.</summary>
    private const int FirstSlots = 64;

    private const int SetBits = 3;
    private const int SecondBits = 21;
    private const ulong SetMask = (1 << SetBits) - 1;
    private const ulong SecondMask = (1 << SecondBits) - 1;

    private volatile ulong[] _entries = []; // Made when there is something to remember.

    /// <summary>Gets the codings that were set in the second <paramref name="now"/>; false if none were.</summary>
    public bool TryGet(ulong file, long now, out ContentCodings precompressed)
    {
        ulong[] entries = _entries;
        ulong entry = entries.Length == 0 ? 0 : Volatile.Read(ref entries[file % (ulong)entries.Length]);
        precompressed = (ContentCodings)(entry & SetMask);
        return (entry & ~SetMask) == KeyOf(file, now);
    }

    /// <summary>Sets the codings of the file with the hash <paramref name="file"/>, for the second <paramref name="now"/>.</summary>
    public void Set(ulong file, long now, ContentCodings precompressed)
    {
        ulong[] entries = _entries;
        ulong key = KeyOf(file, now);
        if (entries.Length == 0)
        {
            _entries = entries = new ulong[FirstSlots];
        }
        else if (entries.Length < Slots && IsOfOther(entries[file % FirstSlots], key))
        {
            _entries = entries = new ulong[Slots]; // What was known is found anew. Two threads may do so: one entry is lost.
        }

        Volatile.Write(ref entries[file % (ulong)entries.Length], key | (ulong)precompressed);
    }

    /// <summary>Whether an entry is of the same second as the key, and of another file.</summary>
    private static bool IsOfOther(ulong entry, ulong key) => (entry & ~SetMask) != key && ((entry ^ key) & (SecondMask << SetBits)) == 0;

    private static ulong KeyOf(ulong file, long now) =>
        (file & ~((1UL << (SecondBits + SetBits)) - 1)) | (((ulong)now & SecondMask) << SetBits);
}
