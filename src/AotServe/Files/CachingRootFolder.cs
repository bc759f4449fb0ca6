using System;
using System.Threading;
using AotServe.Buffers;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Files;

/// <summary>
/// A root folder with a cache. What was found, or not found, at a path is valid for a second, and no longer than until its folder changes where
/// that is watched; the content of small files for as long as they do not change. So paths that are requested often cost no system calls, and a
/// file that was changed, replaced or deleted is noticed within a second, and mostly at once. Owns the folder that it wraps.
/// </summary>
/// <param name="folder">The folder itself.</param>
/// <param name="cache">The limits and the order of eviction, which several folders share.</param>
/// <param name="clock">The time in milliseconds: <see cref="Environment.TickCount64"/>, or a test's.</param>
internal sealed class CachingRootFolder(RootFolder folder, FileCache cache, Func<long> clock) : RootFolder
{
    /// <summary>How long a result of the file system is valid, ms.</summary>
    private const long Validity = 1_000;

    /// <summary>How many chains there are at first and at the most. There are twice as many when there is one entry for each.</summary>
    private const int FewestBuckets = 128;

    private const int MostBuckets = FileCache.MaxEntries / 2;

    // A hash table with chains, read without a lock and written under it. A Dictionary would need the lock for reading too,
    // and a copy for each change would be too expensive. Allocated at the first request, to keep start-up short.
    private readonly Lock _writing = new();
    private readonly WatchedPaths _watched = new();
    private volatile CachedFile?[] _table = [];
    private int _count;

    public override RootFolder Unfiltered => folder.Unfiltered;

    public override RootFolder Uncached => folder.Uncached;

    public override FileOutcome Find(ReadOnlySpan<byte> path, out FileEntry entry)
    {
        if (FindValid(path, isAskedAgain: true) is { } cached)
        {
            entry = cached.Entry;
            return cached.Outcome;
        }

        // Read before the file is looked at: what changes after that is seen next time.
        WatchedFolder? watch = _watched.Find(path);
        int changes = watch?.Changes ?? 0;
        FileOutcome outcome = folder.Find(path, out entry);
        if (outcome is FileOutcome.Found or FileOutcome.NotFound)
        {
            AddEntry(path, outcome, entry, watch, changes);
        }

        return outcome;
    }

    public override FileOutcome OpenFile(ReadOnlySpan<byte> path, out FileEntry entry, out SafeFileHandle? file) =>
        folder.OpenFile(path, out entry, out file);

    public override FileOutcome OpenContent(ReadOnlySpan<byte> path, out FileEntry entry, out FileContent content)
    {
        // It was looked up for this same request a moment ago: that is not asking for it again.
        CachedFile? cached = FindValid(path, isAskedAgain: false);
        if (cached?.Bytes is { } bytes && cache.MaySend(bytes.Length))
        {
            CacheCounts.Current.Hit();
            entry = cached.Entry;
            content = new FileContent(null, bytes);
            return FileOutcome.Found;
        }

        if (cached?.AcquireFile() is { } open)
        {
            // The file may have been written to since it was found.
            if (folder.IsSameVersion(cached.Entry, open.Handle))
            {
                CacheCounts.Current.Hit();
                entry = cached.Entry;
                content = new FileContent(open, null);
                return FileOutcome.Found;
            }

            open.Dispose();
            Remove(cached);
            cached = null;
        }

        CacheCounts.Current.Miss();
        if (cached is not null && IsCacheable(cached.Entry) && cache.MaySend(cached.Entry.Length) && Read(path, cached.Entry) is { } read)
        {
            content = new FileContent(null, Keep(cached, read));
            entry = cached.Entry;
            return FileOutcome.Found;
        }

        FileOutcome outcome = folder.OpenContent(path, out entry, out content);
        if (cached is null || content.File is not { } file || entry != cached.Entry)
        {
            return outcome;
        }

        if (entry.Length > FileCache.MaxContentLength)
        {
            cache.KeepOpen(cached, file);
        }

        return outcome;
    }

    public override FileOutcome ReadFolder(ReadOnlySpan<byte> path, FolderEntries entries) =>
        folder.ReadFolder(path, entries);

    public override void Retire()
    {
        cache.Forget(this);
        folder.Retire();
    }

    public override void Dispose() => folder.Dispose();

    /// <summary>Whether an entry is still in the table. Any thread may call.</summary>
    public bool Contains(CachedFile file) => FindEntry(file.Path, file.Hash) == file;

    /// <summary>
    /// Removes an entry, if it is still there. <see cref="FileCache.CloseUnused"/> closes its file. Any thread may call.
    /// </summary>
    public void Remove(CachedFile file)
    {
        lock (_writing)
        {
            Unlink(file);
        }
    }

    private static bool IsCacheable(in FileEntry entry) =>
        entry.Kind == FileKind.Regular && entry.Length is > 0 and <= FileCache.MaxContentLength
        && entry.IsSettledNow;

    /// <summary>
    /// The entry of a path, if it is valid; null: the file system has to be asked. An entry that is too old is checked, and
    /// stays with its content if the file has not changed.
    /// </summary>
    /// <param name="path">The path.</param>
    /// <param name="isAskedAgain">Whether a request asks for it that is not the one for which it was looked up: then its folder is watched.</param>
    private CachedFile? FindValid(ReadOnlySpan<byte> path, bool isAskedAgain)
    {
        CachedFile? cached = FindEntry(path, PathHash.Compute(path));
        if (cached is null)
        {
            return null;
        }

        cached.MarkUsed();
        long now = clock();
        bool isRecent = now - cached.CheckedAt < Validity;
        WatchedFolder? watch = cached.Watch;
        if (isAskedAgain && (watch is null || watch.IsOver))
        {
            // Asked for again: from now on its folder is watched. What has happened until now is seen by looking once more.
            cached.Watch = watch = cache.Watches is null || path.IsEmpty ? WatchedFolder.None
                : _watched.Find(path) ?? _watched.Add(path, folder.Watch(path, cache.Watches));
            isRecent &= watch == WatchedFolder.None;
        }

        if (isRecent && (watch is null || watch.Changes == cached.ChangesSeen))
        {
            watch?.MarkUsed();
            return cached;
        }

        // Read before the file is looked at: what changes after that is seen next time.
        int changes = watch?.Changes ?? 0;

        // By the folder's own rule: a link that has taken the place of a folder may lead out of the root.
        if (folder.Find(path, out FileEntry found) != cached.Outcome || found != cached.Entry)
        {
            Remove(cached);
            return null;
        }

        cached.ChangesSeen = changes;
        cached.CheckedAt = now;
        return cached;
    }

    private void AddEntry(ReadOnlySpan<byte> path, FileOutcome outcome, in FileEntry entry, WatchedFolder? watch, int changes)
    {
        var file = new CachedFile(this, path.ToArray(), PathHash.Compute(path), outcome, entry)
        {
            CheckedAt = clock(),
            Watch = watch,
            ChangesSeen = changes,
        };
        lock (_writing)
        {
            if (FindEntry(path, file.Hash) is { } other)
            {
                Unlink(other);
            }

            if (_count >= _table.Length && _table.Length < MostBuckets)
            {
                Grow();
            }

            Link(_table, file);
            _count++;
        }

        cache.Add(file);
    }

    private CachedFile? FindEntry(ReadOnlySpan<byte> path, ulong hash)
    {
        CachedFile?[] table = _table;
        if (table.Length == 0)
        {
            return null;
        }

        CachedFile? file = Volatile.Read(ref BucketOf(table, hash));
        while (file is not null && (file.Hash != hash || !path.SequenceEqual(file.Path)))
        {
            file = file.Next;
        }

        return file;
    }

    private static ref CachedFile? BucketOf(CachedFile?[] table, ulong hash) => ref table[hash & (ulong)(table.Length - 1)];

    private static void Link(CachedFile?[] table, CachedFile file)
    {
        ref CachedFile? first = ref BucketOf(table, file.Hash);
        file.Next = first;
        Volatile.Write(ref first, file);
    }

    /// <summary>
    /// Moves all entries to a larger table, under the lock. Who reads a chain meanwhile may go on in another one, and then misses an entry:
    /// the file system is asked.
    /// </summary>
    private void Grow()
    {
        var larger = new CachedFile?[Math.Max(FewestBuckets, 2 * _table.Length)];
        foreach (CachedFile? first in _table)
        {
            for (CachedFile? file = first, next; file is not null; file = next)
            {
                next = file.Next;
                Link(larger, file);
            }
        }

        _table = larger;
    }

    /// <summary>
    /// Takes an entry out of its chain, under the lock. Its own link stays, so that a thread that is reading it gets to the rest
    /// of the chain.
    /// </summary>
    private void Unlink(CachedFile file)
    {
        if (_table.Length == 0)
        {
            return;
        }

        ref CachedFile? first = ref BucketOf(_table, file.Hash);
        if (first == file)
        {
            Volatile.Write(ref first, file.Next);
            _count--;
            return;
        }

        for (CachedFile? before = first; before is not null; before = before.Next)
        {
            if (before.Next != file)
            {
                continue;
            }

            before.Next = file.Next;
            _count--;
            return;
        }
    }

    /// <summary>Makes content of what was read, and keeps it.</summary>
    private SharedBytes Keep(CachedFile cached, byte[] read)
    {
        SharedBytes shared = cache.Share(read);
        cache.Fill(cached, shared);
        return shared;
    }

    /// <summary>
    /// Reads a whole file. Null if the file is not, or no longer, as <paramref name="entry"/> describes it: then the bytes may
    /// be of two versions.
    /// </summary>
    private byte[]? Read(ReadOnlySpan<byte> path, in FileEntry entry)
    {
        byte[] bytes = new byte[entry.Length];
        return folder.TryRead(path, entry, bytes) ? bytes : null;
    }
}
