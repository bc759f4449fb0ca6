using System;
using System.Diagnostics.CodeAnalysis;
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
/// <param name="variantSuffixes">Suffixes such as <c>.gz</c> of files that are variants of the file without it; null: there are none.</param>
internal sealed class CachingRootFolder(RootFolder folder, FileCache cache, Func<long> clock, string[]? variantSuffixes = null) : RootFolder
{
    /// <summary>How long a result of the file system is valid, ms.</summary>
    private const long Validity = 1_000;

    /// <summary>The largest file that is read on the occasion, bytes: each worker keeps as much room.</summary>
    private const int LongestAhead = 16 * 1024;

    /// <summary>How long what was read on the occasion may be used, ms: by the same request.</summary>
    private const long AheadValidity = 100;

    private readonly CachedFileTable _table = new();
    private readonly FolderKnowledge _knowledge = new(folder, clock, variantSuffixes ?? []);

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
        WatchedFolder? watch = _knowledge.Watched.Find(path);
        int changes = watch?.Changes ?? 0;
        FileOutcome outcome = FindAhead(path, out entry);
        if (outcome is (FileOutcome.Found or FileOutcome.NotFound) && cache.Admits(PathHash.Compute(path)))
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
        if (TryRead(path, cached, out entry, out SharedBytes? read))
        {
            content = new FileContent(null, read);
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

    public override bool MayHaveVariants(ReadOnlySpan<byte> path) => !_knowledge.TraitsFor(path).HasFlag(FolderTraits.HasNoVariants);

    public override void Retire()
    {
        cache.Forget(this);
        folder.Retire();
    }

    public override void Dispose() => folder.Dispose();

    /// <summary>Whether an entry is still in the table. Any thread may call.</summary>
    public bool Contains(CachedFile file) => _table.Find(file.Path, file.Hash) == file;

    /// <summary>
    /// Removes an entry, if it is still there. <see cref="FileCache.CloseUnused"/> closes its file. Any thread may call.
    /// </summary>
    public void Remove(CachedFile file) => _table.Remove(file);

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
        CachedFile? cached = _table.Find(path, PathHash.Compute(path));
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
                : _knowledge.Watched.Find(path) ?? _knowledge.Watched.Add(path, folder.Watch(path, cache.Watches));
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
        _table.Add(file);
        cache.Add(file);
    }

    /// <summary>
    /// Looks a file up that is not in the cache. Where that is safe it is read on the occasion, and what was found is noted for the call that
    /// follows mostly.
    /// </summary>
    private FileOutcome FindAhead(ReadOnlySpan<byte> path, out FileEntry entry)
    {
        ReadAhead ahead = ReadAhead.Current;
        int length = -1;
        FileOutcome outcome = _knowledge.TraitsFor(path).HasFlag(FolderTraits.IsPlain)
            ? folder.FindAndRead(path, ahead.Reserve(LongestAhead, cache.Buffers), out entry, out length)
            : folder.Find(path, out entry);
        if (outcome == FileOutcome.Found)
        {
            ahead.Note(this, path, entry, length, clock());
        }

        return outcome;
    }

    /// <summary>
    /// Reads a small file that was looked up a moment ago, or has been read then, and keeps it where it has an entry. False: it is not, or no
    /// longer, what it was then, and its bytes may be of two versions; or it is none to be read.
    /// </summary>
    private bool TryRead(ReadOnlySpan<byte> path, CachedFile? cached, out FileEntry entry, [NotNullWhen(true)] out SharedBytes? content)
    {
        ReadAhead ahead = ReadAhead.Current;
        bool isAhead = ahead.IsFor(this, path, since: clock() - AheadValidity, out entry) && (cached is null || cached.Entry == entry);
        entry = cached?.Entry ?? entry;
        content = null;
        if ((!isAhead && cached is null) || !IsCacheable(entry) || !cache.MaySend(entry.Length))
        {
            return false;
        }

        if (!isAhead || !ahead.HasContent)
        {
            if (!folder.TryRead(path, entry, ahead.Reserve((int)entry.Length, cache.Buffers)[..(int)entry.Length]))
            {
                return false;
            }

            ahead.Note(this, path, entry, (int)entry.Length, clock());
        }

        content = cached is null ? ahead.Lend() : cache.Fill(cached, ahead.Content);
        return true;
    }
}
