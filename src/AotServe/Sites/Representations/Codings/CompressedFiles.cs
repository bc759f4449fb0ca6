using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using AotServe.Buffers;
using AotServe.Files;
using AotServe.Workers;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Sites.Representations.Codings;

/// <summary>
/// A cache of compressed files (<c>--compress</c>). A requested file is compressed once, by one thread of low priority, which
/// starts with the first eligible file; until the result is ready, clients get the file uncompressed. Any thread may call.
/// </summary>
/// <remarks>
/// An entry is of one version of a file, so that a changed file is never answered with old content. Since the clock of the file
/// system may be coarse, a file is not compressed before it <see cref="FileEntry.IsSettled"/>.
/// </remarks>
internal sealed class CompressedFiles : IDisposable
{
    /// <summary>The default of the memory that all entries together may take: 64 MiB.</summary>
    public const long DefaultMaxBytes = 64 << 20;

    /// <summary>The smallest eligible file. A smaller one fits in one packet anyway.</summary>
    public const long MinFileLength = 1024;

    /// <summary>The largest eligible file. A larger one should be precompressed by its owner.</summary>
    public const long MaxFileLength = 8 << 20;

    /// <summary>The length of the queue. A file that does not fit is queued when it is requested again.</summary>
    private const int MaxQueued = 256;

    private const string ThreadName = "compressor";

    private readonly RootFolder _root;
    private readonly BufferBudget _buffers;
    private readonly long _maxBytes;
    private readonly object _lock = new();
    private readonly BackgroundThreads _threads;
    private readonly Dictionary<ulong, CompressedFile> _files = [];
    private readonly LinkedList<CompressedFile> _byUse = new();
    private readonly Queue<IThreadPoolWorkItem> _queue = new();
    private long _size;

    /// <summary>Starts nothing yet.</summary>
    /// <param name="root">The root folder, which outlives this.</param>
    /// <param name="buffers">What compressed bytes are charged to while clients take them.</param>
    /// <param name="options">What the thread has in common with others.</param>
    /// <param name="maxBytes">The memory that all entries together may take.</param>
    public CompressedFiles(
        RootFolder root, BufferBudget buffers, BackgroundThreadOptions options, long maxBytes = DefaultMaxBytes)
    {
        _root = root;
        _buffers = buffers;
        _maxBytes = maxBytes;
        _threads = new BackgroundThreads(
            ThreadName, 1, _lock, () => _queue.TryDequeue(out IThreadPoolWorkItem? next) ? next : null, options);
    }

    /// <summary>Whether a file of that type and size is worth compressing.</summary>
    public static bool IsEligible(ReadOnlySpan<byte> mediaType, in FileEntry file) =>
        file.Length is >= MinFileLength and <= MaxFileLength && CompressibleTypes.Contains(mediaType);

    /// <summary>
    /// Chooses a coding from those that are ready for a version of a file. The coding that the client prefers is queued if it is
    /// not ready. Does not wait.
    /// </summary>
    /// <param name="path">The file's path beneath the root.</param>
    /// <param name="version">The version of the file that was opened for this response.</param>
    /// <param name="accepted">The codings that the client accepts.</param>
    /// <param name="bytes">The compressed bytes; null for identity.</param>
    public ContentCodings Choose(
        ReadOnlySpan<byte> path, in FileEntry version, in AcceptEncoding accepted, out SharedBytes? bytes)
    {
        const ContentCodings Supported = ContentCodings.Brotli | ContentCodings.Gzip;
        bytes = null;
        if (accepted.Choose(Supported) == ContentCodings.Identity)
        {
            return ContentCodings.Identity;
        }

        ulong hash = PathHash.Compute(path);
        lock (_lock)
        {
            if (_files.TryGetValue(hash, out CompressedFile? file) && !file.IsFor(path, version))
            {
                Remove(file);
                file = null;
            }

            ContentCodings wanted = accepted.Choose(Supported & ~(file?.Incompressible ?? ContentCodings.Identity));
            bool isMissing = wanted != ContentCodings.Identity
                && (file is null || ((file.Ready | file.Pending) & wanted) == ContentCodings.Identity);
            if (isMissing && _queue.Count < MaxQueued && version.IsSettledNow)
            {
                Enqueue(file ??= Add(hash, path, version), wanted);
            }

            if (file is null)
            {
                return ContentCodings.Identity;
            }

            _byUse.Remove(file.Node);
            _byUse.AddFirst(file.Node);
            ContentCodings chosen = accepted.Choose(file.Ready);
            bytes = chosen == ContentCodings.Identity ? null : file.BytesOf(chosen);
            if (bytes is null || _buffers.HasRoomFor(bytes.Length))
            {
                return chosen;
            }

            bytes = null; // Without room in memory for what clients are slow to take, they get the file.
            return ContentCodings.Identity;
        }
    }

    /// <summary>Makes one coding of a file. Called by the compressor's thread.</summary>
    public void Compress(CompressedFile file, ContentCodings coding)
    {
        bool isMade = TryCompress(file, coding, out byte[]? bytes);
        lock (_lock)
        {
            Complete(file, coding, isMade, bytes);
        }
    }

    /// <summary>Discards the queue, cancels the file in progress, and waits for the thread to end.</summary>
    public void Dispose() => _threads.Dispose();

    private CompressedFile Add(ulong hash, ReadOnlySpan<byte> path, in FileEntry version)
    {
        var file = new CompressedFile(hash, path, version);
        _files.Add(hash, file);
        _byUse.AddFirst(file.Node);
        _size += file.Size;
        return file;
    }

    private void Remove(CompressedFile file)
    {
        _files.Remove(file.Hash);
        _byUse.Remove(file.Node);
        _size -= file.Size;
    }

    private void Enqueue(CompressedFile file, ContentCodings coding)
    {
        file.Pending |= coding;
        _queue.Enqueue(new CompressionTask(this, file, coding));
        _threads.Wake();
    }

    /// <summary>Compresses a file. False if it cannot be read, or is no longer of that version.</summary>
    private bool TryCompress(CompressedFile file, ContentCodings coding, out byte[]? bytes)
    {
        bytes = null;
        _root.OpenFile(file.Path, out FileEntry before, out SafeFileHandle? handle);
        if (handle is null)
        {
            return false;
        }

        using (handle)
        {
            try
            {
                return before == file.Version
                    && Compression.TryCompress(coding, handle, before.Length, _threads.Closing, out bytes)
                    // All bytes are of that version if the file still is after the last one was read.
                    && _root.Find(file.Path, out FileEntry after) == FileOutcome.Found && after == before;
            }
            catch (Exception exception) when (exception is IOException or OutOfMemoryException)
            {
                return false;
            }
        }
    }

    /// <summary>Sets the result of compressing a file, unless its entry was evicted meanwhile, and evicts others for it.</summary>
    private void Complete(CompressedFile file, ContentCodings coding, bool isMade, byte[]? bytes)
    {
        if (isMade && bytes is not null)
        {
            CompressionCounts.Add(bytes.Length);
        }

        bool isKept = file.Node.List is not null;
        if (isKept)
        {
            _size -= file.Size;
        }

        file.Complete(coding, isMade, bytes is null ? null : new SharedBytes(bytes, _buffers));
        if (!isKept)
        {
            return;
        }

        _size += file.Size;
        if (!isMade)
        {
            Remove(file);
        }

        while (_size > _maxBytes && _byUse.Last is { } last)
        {
            Remove(last.Value);
        }
    }
}
