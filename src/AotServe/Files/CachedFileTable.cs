using System;
using System.Threading;

namespace AotServe.Files;

/// <summary>
/// The entries of one folder's cache by path: a hash table with chains, read without a lock and written under it. A Dictionary would need the
/// lock for reading too, and a copy for each change would be too expensive. Any thread may call.
/// </summary>
internal sealed class CachedFileTable
{
    /// <summary>How many chains there are at first and at the most. There are twice as many when there is one entry for each.</summary>
    private const int FewestBuckets = 128;

    private const int MostBuckets = FileCache.MaxEntries / 2;

    private readonly Lock _writing = new();
    private volatile CachedFile?[] _buckets = []; // Made for the first entry, to keep start-up short.
    private int _count;

    /// <summary>The entry of a path; null: there is none, or one was just moved.</summary>
    public CachedFile? Find(ReadOnlySpan<byte> path, ulong hash)
    {
        CachedFile?[] buckets = _buckets;
        if (buckets.Length == 0)
        {
            return null;
        }

        CachedFile? file = Volatile.Read(ref BucketOf(buckets, hash));
        while (file is not null && (file.Hash != hash || !path.SequenceEqual(file.Path)))
        {
            file = file.Next;
        }

        return file;
    }

    /// <summary>Adds an entry, in the place of another for the same path.</summary>
    public void Add(CachedFile file)
    {
        lock (_writing)
        {
            if (Find(file.Path, file.Hash) is { } other)
            {
                Unlink(other);
            }

            if (_count >= _buckets.Length && _buckets.Length < MostBuckets)
            {
                Grow();
            }

            Link(_buckets, file);
            _count++;
        }
    }

    /// <summary>Removes an entry, if it is still there.</summary>
    public void Remove(CachedFile file)
    {
        lock (_writing)
        {
            Unlink(file);
        }
    }

    private static ref CachedFile? BucketOf(CachedFile?[] buckets, ulong hash) => ref buckets[hash & (ulong)(buckets.Length - 1)];

    private static void Link(CachedFile?[] buckets, CachedFile file)
    {
        ref CachedFile? first = ref BucketOf(buckets, file.Hash);
        file.Next = first;
        Volatile.Write(ref first, file);
    }

    /// <summary>
    /// Moves all entries to a larger table, under the lock. Who reads a chain meanwhile may go on in another one, and then misses an entry:
    /// the file system is asked.
    /// </summary>
    private void Grow()
    {
        var larger = new CachedFile?[Math.Max(FewestBuckets, 2 * _buckets.Length)];
        foreach (CachedFile? first in _buckets)
        {
            for (CachedFile? file = first, next; file is not null; file = next)
            {
                next = file.Next;
                Link(larger, file);
            }
        }

        _buckets = larger;
    }

    /// <summary>
    /// Takes an entry out of its chain, under the lock. Its own link stays, so that a thread that is reading it gets to the rest
    /// of the chain.
    /// </summary>
    private void Unlink(CachedFile file)
    {
        if (_buckets.Length == 0)
        {
            return;
        }

        ref CachedFile? first = ref BucketOf(_buckets, file.Hash);
        if (first == file)
        {
            Volatile.Write(ref first, file.Next);
            _count--;
            return;
        }

        for (CachedFile? before = first; before is not null; before = before.Next)
        {
            if (before.Next == file)
            {
                before.Next = file.Next;
                _count--;
                return;
            }
        }
    }
}
