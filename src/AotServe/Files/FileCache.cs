using System;
using System.Collections.Generic;

namespace AotServe.Files;

/// <summary>
/// The bound on what all <see cref="CachingRootFolder"/>s of the process keep, in bytes and in number, and who has to go
/// when it is reached: of those that came first, the first that was not used since it was looked at last (second chance).
/// Any thread may call; its lock is never held across a system call.
/// </summary>
/// <param name="bytes">How many bytes of content and names it keeps.</param>
/// <param name="mostFiles">How many larger files it keeps open.</param>
internal sealed class FileCache(long bytes, int mostFiles)
{
    /// <summary>What an entry takes besides its path and content, roughly, bytes.</summary>
    public const int EntryOverhead = 256;

    /// <summary>The largest file whose content is kept, bytes; a larger one is sent by the kernel from its own cache.</summary>
    public const int LargestContent = 64 * 1024;

    /// <summary>The most entries, with content or without: names that lead nowhere are among them.</summary>
    public const int MostEntries = 16 * 1024;

    /// <summary>
    /// How long a file stays open that nobody asks for, ms: one that was deleted takes its room on the disk meanwhile.
    /// </summary>
    private const long LongestOpen = 3_000;

    private readonly Queue<CachedFile> _order = new();
    private readonly Queue<CachedFile> _open = new();
    private long _taken;

    /// <summary>Bytes that are taken, roughly.</summary>
    public long Taken
    {
        get
        {
            lock (_order)
            {
                return _taken;
            }
        }
    }

    /// <summary>Enters one that its folder has just added to its table.</summary>
    public void Add(CachedFile file)
    {
        lock (_order)
        {
            _order.Enqueue(file);
            _taken += file.Cost;
            MakeRoom();
        }
    }

    /// <summary>Keeps the file of an entry open, and becomes one of its holders.</summary>
    public void Keep(CachedFile file, SharedFile open)
    {
        if (mostFiles == 0 || !open.TryHold())
        {
            return;
        }

        if (!file.TryKeep(open))
        {
            open.Dispose();
            return;
        }

        CachedFile? oldest = null;
        lock (_open)
        {
            _open.Enqueue(file);
            if (_open.Count > mostFiles)
            {
                oldest = _open.Dequeue();
            }
        }

        oldest?.CloseFile();
    }

    /// <summary>
    /// Closes the files that nobody has asked for lately, those of entries that were dropped among them. Called about once a second, with the time as
    /// <see cref="Environment.TickCount64"/>.
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

                if (now - file.CheckedAt > LongestOpen || !file.IsOpen)
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

    /// <summary>Adds the content to one that was entered. One that would take most of the cache is not worth it.</summary>
    public void Fill(CachedFile file, byte[] content)
    {
        if (content.Length > bytes / 4)
        {
            return;
        }

        lock (_order)
        {
            if (file.Bytes is not null || !file.Folder.Holds(file))
            {
                return;
            }

            file.Fill(content);
            _taken += content.Length;
            MakeRoom();
        }
    }

    /// <summary>One that has been replaced in its folder's table is as good as unused.</summary>
    private void MakeRoom()
    {
        while ((_taken > bytes || _order.Count > MostEntries) && _order.TryDequeue(out CachedFile? oldest))
        {
            if (oldest.TakeUsed() && oldest.Folder.Holds(oldest))
            {
                _order.Enqueue(oldest);
                continue;
            }

            oldest.Folder.Drop(oldest);
            _taken -= oldest.Cost;
        }
    }
}
