using System;
using System.IO;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Files;

/// <summary>
/// A root folder that remembers for a second what it found, and what it did not, and the content of small files for as
/// long as they do not change: what is asked for often costs no system call. After that second the file system is asked
/// again, and a file that was changed, replaced or deleted is noticed. Owns the folder that it stands before.
/// </summary>
/// <param name="folder">The folder itself.</param>
/// <param name="cache">The bound, which several folders share.</param>
/// <param name="clock">The time in milliseconds: <see cref="Environment.TickCount64"/>, or a test's.</param>
internal sealed class CachingRootFolder(RootFolder folder, FileCache cache, Func<long> clock) : RootFolder
{
    /// <summary>How long an answer of the file system holds, ms.</summary>
    private const long Validity = 1_000;

    /// <summary>
    /// A file that was changed more recently than this, in seconds, may change once more within one tick of the file
    /// system's clock and look the same: its content is not kept yet.
    /// </summary>
    private const long Unsettled = 2;

    private const int Buckets = 4096;

    // Chains, read without a lock and written under it; made at the first request, since start-up has no use for it.
    private readonly Lock _writing = new();
    private volatile CachedFile?[] _table = [];

    public override RootFolder Unfiltered => folder.Unfiltered;

    public override FileOutcome Find(ReadOnlySpan<byte> path, out FileEntry entry)
    {
        if (Recall(path) is { } known)
        {
            entry = known.Entry;
            return known.Outcome;
        }

        FileOutcome outcome = folder.Find(path, out entry);
        if (outcome is FileOutcome.Found or FileOutcome.NotFound)
        {
            Remember(path, outcome, entry);
        }

        return outcome;
    }

    public override FileOutcome OpenFile(ReadOnlySpan<byte> path, out FileEntry entry, out SafeFileHandle? file) =>
        folder.OpenFile(path, out entry, out file);

    public override FileOutcome OpenContent(ReadOnlySpan<byte> path, out FileEntry entry, out FileContent content)
    {
        CachedFile? known = Recall(path);
        if (known?.Bytes is { } bytes)
        {
            entry = known.Entry;
            content = new FileContent(null, bytes);
            return FileOutcome.Found;
        }

        if (known?.HoldFile() is { } open)
        {
            // It may have been written to since it was found.
            if (folder.IsSameVersion(known.Entry, open.Handle))
            {
                entry = known.Entry;
                content = new FileContent(open, default);
                return FileOutcome.Found;
            }

            open.Dispose();
            Drop(known);
            known = null;
        }

        FileOutcome outcome = folder.OpenContent(path, out entry, out content);
        if (known is null || content.File is not { } file || entry != known.Entry)
        {
            return outcome;
        }

        if (entry.Length > FileCache.LargestContent)
        {
            cache.Keep(known, file);
        }
        else if (IsWorthKeeping(entry) && Read(path, file.Handle, entry) is { } read)
        {
            cache.Fill(known, read);
            file.Dispose();
            content = new FileContent(null, read);
        }

        return outcome;
    }

    public override FileOutcome ReadFolder(ReadOnlySpan<byte> path, FolderEntries entries) =>
        folder.ReadFolder(path, entries);

    public override void Withhold(string file) => folder.Withhold(file);

    public override void Dispose() => folder.Dispose();

    /// <summary>Whether it is what its path stands for. Any thread may call.</summary>
    public bool Holds(CachedFile file) => Look(file.Path, file.Hash) == file;

    /// <summary>
    /// Forgets one, if it is still there; <see cref="FileCache.CloseUnused"/> closes its file. Any thread may call.
    /// </summary>
    public void Drop(CachedFile file)
    {
        lock (_writing)
        {
            Unlink(file);
        }
    }

    private static bool IsWorthKeeping(in FileEntry entry) =>
        entry.Kind == FileKind.Regular && entry.Length is > 0 and <= FileCache.LargestContent
        && entry.ModifiedSeconds < DateTimeOffset.UtcNow.ToUnixTimeSeconds() - Unsettled;

    /// <summary>
    /// What is known of a path and not older than it may be; null: the file system has to be asked. What was asked just
    /// now and has not changed holds for another while, with its content.
    /// </summary>
    private CachedFile? Recall(ReadOnlySpan<byte> path)
    {
        CachedFile? known = Look(path, PathHash.Of(path));
        if (known is null)
        {
            return null;
        }

        known.MarkUsed();
        long now = clock();
        if (now - known.CheckedAt < Validity)
        {
            return known;
        }

        if (!folder.IsUnchanged(path, known.Outcome, known.Entry))
        {
            Drop(known);
            return null;
        }

        known.CheckedAt = now;
        return known;
    }

    private void Remember(ReadOnlySpan<byte> path, FileOutcome outcome, in FileEntry entry)
    {
        var file = new CachedFile(this, path.ToArray(), PathHash.Of(path), outcome, entry) { CheckedAt = clock() };
        lock (_writing)
        {
            if (_table.Length == 0)
            {
                _table = new CachedFile?[Buckets];
            }

            if (Look(path, file.Hash) is { } other)
            {
                Unlink(other);
            }

            ref CachedFile? first = ref _table[file.Hash % Buckets];
            file.Next = first;
            Volatile.Write(ref first, file);
        }

        cache.Add(file);
    }

    private CachedFile? Look(ReadOnlySpan<byte> path, ulong hash)
    {
        CachedFile?[] table = _table;
        if (table.Length == 0)
        {
            return null;
        }

        CachedFile? file = Volatile.Read(ref table[hash % Buckets]);
        while (file is not null && (file.Hash != hash || !path.SequenceEqual(file.Path)))
        {
            file = file.Next;
        }

        return file;
    }

    /// <summary>Takes one out of its chain; the lock is held. Who is reading along the chain finds its way on.</summary>
    private void Unlink(CachedFile file)
    {
        ref CachedFile? first = ref _table[file.Hash % Buckets];
        if (first == file)
        {
            Volatile.Write(ref first, file.Next);
            return;
        }

        for (CachedFile? before = first; before is not null; before = before.Next)
        {
            if (before.Next != file)
            {
                continue;
            }

            before.Next = file.Next;
            return;
        }
    }

    /// <summary>
    /// Reads a whole file. Null where it is not, or not any more, what <paramref name="entry"/> says: then what was read may
    /// be of two versions.
    /// </summary>
    private byte[]? Read(ReadOnlySpan<byte> path, SafeFileHandle file, in FileEntry entry)
    {
        byte[] bytes = new byte[entry.Length];
        try
        {
            int read = 0;
            int count = -1;
            while (read < bytes.Length && count != 0)
            {
                count = RandomAccess.Read(file, bytes.AsSpan(read), read);
                read += count;
            }

            return read == bytes.Length && folder.Find(path, out FileEntry after) == FileOutcome.Found && after == entry
                ? bytes
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
