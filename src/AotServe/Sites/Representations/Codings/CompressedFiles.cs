using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using AotServe.Files;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Sites.Representations.Codings;

/// <summary>
/// <c>--compress</c>: the files that were asked for, compressed once, and kept in memory as long as there is room. The
/// work is done by one thread of low priority, which starts with the first file that is worth it; until a file is ready
/// its clients get it as it is. May be used from any thread.
/// </summary>
/// <remarks>
/// An entry is of one version of a file, its time and its size, so that a file that has changed is never answered with
/// what it was. What the clock of the file system cannot tell apart is no version: a file is left alone until two seconds
/// after its last change. Someone who changes a file, keeps its size and sets its time back goes unnoticed, as by the
/// entity tag.
/// </remarks>
/// <param name="root">Where the files are; it outlives this.</param>
/// <param name="threadStarted">Is called first on the thread, with its name; null: nobody is.</param>
/// <param name="mostBytes">How much memory all entries together may take.</param>
internal sealed class CompressedFiles(
    RootFolder root, Action<string>? threadStarted = null, long mostBytes = CompressedFiles.MostBytes)
    : IDisposable
{
    /// <summary>How much memory all entries together may take if nothing else is said: 64 MiB.</summary>
    public const long MostBytes = 64 << 20;

    /// <summary>A file smaller than this leaves in one packet anyhow.</summary>
    public const long SmallestFile = 1024;

    /// <summary>A file larger than this is one to be compressed ahead of time.</summary>
    public const long LargestFile = 8 << 20;

    /// <summary>How many may wait for their turn. One that finds no place is queued when it is asked for again.</summary>
    private const int MostQueued = 256;

    /// <summary>For how long a file is left alone after a change: the coarsest clock of a file system ticks in 2 s.</summary>
    private const long SettlingSeconds = 2;

    private const string ThreadName = "compressor";

    private readonly object _lock = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Dictionary<ulong, CompressedFile> _files = [];
    private readonly LinkedList<CompressedFile> _byUse = new();
    private readonly Queue<CompressedFile> _queue = new();
    private Thread? _thread;
    private long _size;

    /// <summary>How much memory the entries take, in bytes; at most what was allowed.</summary>
    public long Size
    {
        get
        {
            lock (_lock)
            {
                return _size;
            }
        }
    }

    /// <summary>Whether a file of that type and size is one to be compressed.</summary>
    public static bool AreFor(ReadOnlySpan<byte> mediaType, in FileEntry file) =>
        file.Length is >= SmallestFile and <= LargestFile && CompressibleTypes.Contains(mediaType);

    /// <summary>
    /// The coding to answer with of those that are ready for a version of a file. What the client would rather have is
    /// queued if it is not there; this never waits for it.
    /// </summary>
    /// <param name="path">The file's path beneath the root.</param>
    /// <param name="version">What was found there when it was opened for this answer.</param>
    /// <param name="accepted">What the client says.</param>
    /// <param name="now">The time in seconds since 1970.</param>
    /// <param name="bytes">The compressed bytes, which do not change; empty for identity.</param>
    public ContentCodings Choose(
        ReadOnlySpan<byte> path, in FileEntry version, in AcceptEncoding accepted, long now, out ReadOnlyMemory<byte> bytes)
    {
        const ContentCodings Made = ContentCodings.Brotli | ContentCodings.Gzip;
        bytes = default;
        if (accepted.Choose(Made) == ContentCodings.Identity)
        {
            return ContentCodings.Identity;
        }

        ulong hash = PathHash.Of(path);
        lock (_lock)
        {
            if (_files.TryGetValue(hash, out CompressedFile? file) && !file.Is(path, version))
            {
                Remove(file);
                file = null;
            }

            ContentCodings wanted = accepted.Choose(Made & ~(file?.Useless ?? ContentCodings.Identity));
            bool isMissing = wanted != ContentCodings.Identity
                && (file is null || ((file.Ready | file.Pending) & wanted) == ContentCodings.Identity);
            if (isMissing && _queue.Count < MostQueued && now - version.ModifiedSeconds > SettlingSeconds)
            {
                Enqueue(file ??= Add(hash, path, version), wanted);
            }

            if (file is null)
            {
                return ContentCodings.Identity;
            }

            _byUse.Remove(file.Place);
            _byUse.AddFirst(file.Place);
            ContentCodings chosen = accepted.Choose(file.Ready);
            if (chosen != ContentCodings.Identity)
            {
                bytes = file.BytesOf(chosen);
            }

            return chosen;
        }
    }

    /// <summary>Gives up what is queued and waits for the thread to end, which breaks off what it is at.</summary>
    public void Dispose()
    {
        Thread? thread;
        lock (_lock)
        {
            _closing.Cancel();
            Monitor.PulseAll(_lock);
            thread = _thread;
        }

        thread?.Join();
        _closing.Dispose();
    }

    private CompressedFile Add(ulong hash, ReadOnlySpan<byte> path, in FileEntry version)
    {
        var file = new CompressedFile(hash, path, version);
        _files.Add(hash, file);
        _byUse.AddFirst(file.Place);
        _size += file.Size;
        return file;
    }

    private void Remove(CompressedFile file)
    {
        _files.Remove(file.Hash);
        _byUse.Remove(file.Place);
        _size -= file.Size;
    }

    private void Enqueue(CompressedFile file, ContentCodings coding)
    {
        file.Pending |= coding;
        _queue.Enqueue(file);
        if (_thread is null)
        {
            _thread = new Thread(Work) { Name = ThreadName, IsBackground = true, Priority = ThreadPriority.Lowest };
            _thread.Start();
        }

        Monitor.Pulse(_lock);
    }

    private void Work()
    {
        threadStarted?.Invoke(ThreadName);
        while (Take(out ContentCodings coding) is { } file)
        {
            bool isMade = TryCompress(file, coding, out byte[]? bytes);
            lock (_lock)
            {
                Complete(file, coding, isMade, bytes);
            }
        }
    }

    /// <summary>The next to compress, waited for; null: closed.</summary>
    private CompressedFile? Take(out ContentCodings coding)
    {
        lock (_lock)
        {
            while (!_closing.IsCancellationRequested)
            {
                if (_queue.TryDequeue(out CompressedFile? file))
                {
                    // It stands in the queue once for each coding that is pending.
                    coding = (file.Pending & ContentCodings.Brotli) != 0 ? ContentCodings.Brotli : ContentCodings.Gzip;
                    return file;
                }

                Monitor.Wait(_lock);
            }

            coding = ContentCodings.Identity;
            return null;
        }
    }

    /// <summary>False where it could not be done, or the file is not of that version any more.</summary>
    private bool TryCompress(CompressedFile file, ContentCodings coding, out byte[]? bytes)
    {
        bytes = null;
        root.OpenFile(file.Path, out FileEntry before, out SafeFileHandle? handle);
        if (handle is null)
        {
            return false;
        }

        using (handle)
        {
            try
            {
                return before == file.Version
                    && Compression.TryCompress(coding, handle, before.Length, _closing.Token, out bytes)
                    // What was read is of that version if the file still is after the last byte of it.
                    && root.Find(file.Path, out FileEntry after) == FileOutcome.Found && after == before;
            }
            catch (Exception exception) when (exception is IOException or OutOfMemoryException)
            {
                return false;
            }
        }
    }

    /// <summary>Takes what came of it, unless the file was given up meanwhile, and makes room for it.</summary>
    private void Complete(CompressedFile file, ContentCodings coding, bool isMade, byte[]? bytes)
    {
        bool isKept = file.Place.List is not null;
        if (isKept)
        {
            _size -= file.Size;
        }

        file.Complete(coding, isMade, bytes);
        if (!isKept)
        {
            return;
        }

        _size += file.Size;
        if (!isMade)
        {
            Remove(file);
        }

        while (_size > mostBytes && _byUse.Last is { } last)
        {
            Remove(last.Value);
        }
    }
}
