using System;
using System.Collections.Generic;
using System.Threading;
using AotServe.Buffers;

namespace AotServe.Files;

/// <summary>
/// The limits of what all <see cref="CachingRootFolder"/>s of the process keep, in bytes and in entries, and the order of
/// eviction: first in, first out, but an entry that was used since it was last considered stays (second chance). Any thread may
/// call. Its locks are never held across a system call.
/// </summary>
/// <param name="bytes">How many bytes of content and names it keeps; 0: nothing at all.</param>
/// <param name="maxOpenFiles">How many larger files it keeps open.</param>
/// <param name="buffers">What content is charged to while clients take it, which may be longer than it is cached.</param>
internal sealed class FileCache(long bytes, int maxOpenFiles, BufferBudget buffers)
{
    /// <summary>Roughly how much memory an entry takes beside its path and content, bytes.</summary>
    public const int EntryOverhead = 256;

    /// <summary>The largest file whose content is cached, bytes. A larger one is sent with sendfile, from the page cache.</summary>
    public const int MaxContentLength = 64 * 1024;

    /// <summary>The most entries, with content or without; entries for paths that do not exist count too.</summary>
    public const int MaxEntries = 16 * 1024;

    /// <summary>
    /// How long an unused file stays open, ms. A deleted file takes its space on the disk until it is closed.
    /// </summary>
    private const long MaxIdleOpen = 3_000;

    /// <summary>How many bytes are given up before they are collected, where the cache is small: a collection is not to come with every file.</summary>
    private const long LeastGarbage = 4 * 1024 * 1024;

    /// <summary>How many names of files that were not admitted are remembered; a power of two.</summary>
    private const int Remembered = 1024;

    private readonly Queue<CachedFile> _order = new();
    private readonly Queue<CachedFile> _open = new();
    private readonly SharedBytesPool _contents = new(buffers);
    private long _bytesUsed;
    private long _evictions;
    private long _garbage;
    private ulong[] _asked = [];
    private volatile bool _isFull;

    /// <summary>The folders whose changes are told at once; null: none are.</summary>
    public FolderWatches? Watches { get; set; }

    /// <summary>What content is charged to while clients take it.</summary>
    public BufferBudget Buffers => buffers;

    /// <summary>Says who reads content: without that, the memory of content is not used again. Called before they begin.</summary>
    public void AddReaders(IReaders readers) => _contents.Readers = readers;

    /// <summary>How many bytes it keeps, how many entries, and how many entries it gave up so far.</summary>
    public (long Bytes, int Entries, long Evictions) Count()
    {
        lock (_order)
        {
            return (_bytesUsed, _order.Count, _evictions);
        }
    }

    /// <summary>
    /// Whether something that is not in the cache is to be added. Where that is full, only what is asked for a second time, so that what is
    /// asked for once does not push out what is asked for often.
    /// </summary>
    /// <param name="hash">The hash of its path.</param>
    public bool Admits(ulong hash)
    {
        if (bytes == 0)
        {
            return false;
        }

        if (!_isFull)
        {
            return true;
        }

        if (_asked.Length == 0)
        {
            _asked = new ulong[Remembered];
        }

        ulong[] asked = _asked;
        ref ulong slot = ref asked[hash & (Remembered - 1)];
        if (Volatile.Read(ref slot) == hash)
        {
            return true;
        }

        Volatile.Write(ref slot, hash);
        return false;
    }

    /// <summary>Adds an entry that its folder has just added to its table.</summary>
    public void Add(CachedFile file)
    {
        lock (_order)
        {
            _order.Enqueue(file);
            _bytesUsed += file.Cost;
            Evict();
        }
    }

    /// <summary>Keeps the file of an entry open, by a reference of its own.</summary>
    public void KeepOpen(CachedFile file, SharedFile open)
    {
        if (maxOpenFiles == 0 || !open.TryAddReference())
        {
            return;
        }

        if (!file.TryKeepOpen(open))
        {
            open.Dispose();
            return;
        }

        CachedFile? oldest = null;
        lock (_open)
        {
            _open.Enqueue(file);
            if (_open.Count > maxOpenFiles)
            {
                oldest = _open.Dequeue();
            }
        }

        oldest?.CloseFile();
    }

    /// <summary>
    /// Closes files that were not requested lately, those of removed entries among them. Called about once a second, with the
    /// time as <see cref="Environment.TickCount64"/>.
    /// </summary>
    public void CloseUnused(long now)
    {
        for (int left = int.MaxValue; left > 0; left--)
        {
            CachedFile? unused = null;
            lock (_open)
            {
                left = Math.Min(left, _open.Count);
                if (!_open.TryDequeue(out CachedFile? file))
                {
                    return;
                }

                if (now - file.CheckedAt > MaxIdleOpen || !file.IsOpen)
                {
                    unused = file;
                }
                else
                {
                    _open.Enqueue(file);
                }
            }

            unused?.CloseFile();
        }
    }

    /// <summary>Removes all entries of a folder. Called once, when another has taken its place.</summary>
    public void Forget(CachingRootFolder folder)
    {
        lock (_order)
        {
            for (int left = _order.Count; left > 0; left--)
            {
                CachedFile file = _order.Dequeue();
                if (file.Folder != folder)
                {
                    _order.Enqueue(file);
                    continue;
                }

                GiveUp(file);
            }

            Evict(); // Nothing more, but there is room now.
        }

        lock (_open)
        {
            for (int left = _open.Count; left > 0; left--)
            {
                CachedFile file = _open.Dequeue();
                if (file.Folder == folder)
                {
                    file.CloseFile();
                }
                else
                {
                    _open.Enqueue(file);
                }
            }
        }

        CollectIfNeeded();
    }

    /// <summary>Whether content of that many bytes may be sent from memory. If not, it is read from its file while it is sent.</summary>
    public bool MaySend(long length) => buffers.HasRoomFor(length);

    /// <summary>
    /// Makes the content of an entry of bytes that never change, and adds it, unless it would take more than a quarter of the cache. The
    /// caller may use it in this turn, added or not.
    /// </summary>
    public SharedBytes Fill(CachedFile file, ReadOnlySpan<byte> content)
    {
        SharedBytes shared = _contents.Share(content);
        bool isAdded;
        lock (_order)
        {
            isAdded = content.Length <= bytes / 4 && file.Bytes is null && file.Folder.Contains(file);
            if (isAdded)
            {
                file.Fill(shared);
                _bytesUsed += shared.Room.Length;
                Evict();
            }
        }

        if (!isAdded)
        {
            _contents.GiveUp(shared);
        }

        CollectIfNeeded();
        return shared;
    }

    /// <summary>
    /// Has the memory of evicted entries collected, and of content that could not be used again. The runtime would leave it until there is
    /// several times as much of it as the cache keeps. It takes some ms, since content refers to nothing.
    /// </summary>
    private void CollectIfNeeded()
    {
        lock (_order)
        {
            _garbage += _contents.TakeLeft();
            if (_garbage < Math.Max(LeastGarbage, bytes / 8))
            {
                return;
            }

            _garbage = 0;
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
    }

    /// <summary>Evicts entries until the limits are kept. One that was replaced in its folder's table counts as unused.</summary>
    private void Evict()
    {
        bool isFull = _bytesUsed > bytes - (bytes / 16) || _order.Count > MaxEntries - (MaxEntries / 16);
        if (isFull != _isFull)
        {
            _isFull = isFull;
        }

        while ((_bytesUsed > bytes || _order.Count > MaxEntries) && _order.TryDequeue(out CachedFile? oldest))
        {
            if (oldest.ResetUsed() && oldest.Folder.Contains(oldest))
            {
                _order.Enqueue(oldest);
                continue;
            }

            GiveUp(oldest);
            _evictions++;
        }
    }

    /// <summary>Removes an entry that is not in the order any more. The caller holds the lock.</summary>
    private void GiveUp(CachedFile file)
    {
        file.Folder.Remove(file);
        _bytesUsed -= file.Cost;
        _garbage += file.Cost;
        if (file.Bytes is { } content)
        {
            _garbage -= content.Room.Length; // The pool says whether it is.
            _contents.GiveUp(content);
        }
    }
}
