using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using AotServe.Buffers;
using AotServe.Files;
using AotServe.Workers;

namespace AotServe.Sites.Representations;

/// <summary>
/// The hashes of files that are sent from the disk, for their entity tags. That of a large file is made once, by one thread of low
/// priority that is there while files are; until it is ready the file has none. Hashes are remembered by version: the file's
/// identity, its size, and the time of its last change. Any thread may call.
/// </summary>
internal sealed class FileHashes : IDisposable
{
    /// <summary>The largest file that is hashed at once, bytes. It takes some 20 µs.</summary>
    public const int MaxLengthAtOnce = FileCache.MaxContentLength;

    /// <summary>How many hashes are remembered. Own choice: about 1 MiB.</summary>
    private const int MostRemembered = 8 * 1024;

    /// <summary>The most files that wait. They are open meanwhile. What does not fit comes when it is requested again.</summary>
    private const int MostWaiting = 16;

    private const string ThreadName = "hashes";

    /// <summary>How long the thread waits for another file, ms. Files are hashed once, and then a thread would lie about for nothing.</summary>
    private const int IdleTime = 100;

    private readonly object _lock = new();

    // Null while a file waits or is being hashed.
    private readonly Dictionary<FileEntry, ulong?> _hashes = [];
    private readonly Queue<FileEntry> _order = new();
    private readonly Queue<FileHashing> _waiting = new();
    private readonly BackgroundThreads _threads;

    /// <summary>Starts nothing yet.</summary>
    public FileHashes(BackgroundThreadOptions options) =>
        _threads = new BackgroundThreads(
            ThreadName, 1, _lock, () => _waiting.TryDequeue(out FileHashing? next) ? next : null, options, IdleTime);

    /// <summary>
    /// Gets the hash of an open file. False: it is not known, perhaps not yet; it is never waited for.
    /// </summary>
    /// <param name="root">The folder that the file was opened in, which can say whether it is still of that version.</param>
    /// <param name="version">How the folder described it.</param>
    /// <param name="file">The file, which the caller continues to own.</param>
    /// <param name="hash">The hash of the bytes of that version.</param>
    public bool TryGet(RootFolder root, in FileEntry version, SharedFile file, out ulong hash)
    {
        // Without an identity, another file of the same size and time could not be told from this one.
        bool isIdentified = version.Version != 0 && version.IsSettledNow;
        if (isIdentified)
        {
            lock (_lock)
            {
                if (_hashes.TryGetValue(version, out ulong? known))
                {
                    hash = known.GetValueOrDefault();
                    return known is not null;
                }
            }
        }

        if (version.Length <= MaxLengthAtOnce)
        {
            bool isKnown = TryCompute(root, version, file, out hash);
            if (isKnown && isIdentified)
            {
                Remember(version, hash);
            }

            return isKnown;
        }

        hash = 0;
        if (isIdentified)
        {
            Enqueue(root, version, file);
        }

        return false;
    }

    /// <summary>Hashes a file, and remembers the hash. Called by the thread; the file is disposed of.</summary>
    public void Hash(RootFolder root, in FileEntry version, SharedFile file)
    {
        using (file)
        {
            if (TryCompute(root, version, file, out ulong hash))
            {
                Remember(version, hash);
                return;
            }

            lock (_lock)
            {
                _hashes.Remove(version);
            }
        }
    }

    /// <summary>Ends the thread, in the middle of a file if need be, and closes the files that wait.</summary>
    public void Dispose()
    {
        _threads.Dispose();
        while (_waiting.TryDequeue(out FileHashing? waiting))
        {
            waiting.File.Dispose();
        }
    }

    private void Enqueue(RootFolder root, in FileEntry version, SharedFile file)
    {
        lock (_lock)
        {
            if (_waiting.Count == MostWaiting || _hashes.ContainsKey(version) || !file.TryAddReference())
            {
                return;
            }

            _hashes.Add(version, null);
            _waiting.Enqueue(new FileHashing(this, root, version, file));
            _threads.Wake();
        }
    }

    private void Remember(in FileEntry version, ulong hash)
    {
        lock (_lock)
        {
            if (_hashes.TryGetValue(version, out ulong? known) && known is not null)
            {
                return;
            }

            _hashes[version] = hash;
            _order.Enqueue(version);
            if (_order.Count > MostRemembered)
            {
                _hashes.Remove(_order.Dequeue());
            }
        }
    }

    /// <summary>Hashes a file from its start. False if it cannot be read, or is no longer of that version.</summary>
    private bool TryCompute(RootFolder root, in FileEntry version, SharedFile file, out ulong hash)
    {
        hash = 0;
        // One byte more than a small file has, to see one that has grown.
        int size = (int)Math.Min(version.Length + 1, MaxLengthAtOnce);
        byte[] piece = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var state = new XxHash64();
            long offset = 0;
            int count;
            while ((count = ReadPiece(file, piece.AsSpan(0, size), offset)) == MaxLengthAtOnce)
            {
                if (_threads.Closing.IsCancellationRequested)
                {
                    return false;
                }

                state.Append(piece.AsSpan(0, count));
                offset += count;
            }

            if (offset + count != version.Length)
            {
                return false;
            }

            int stripes = count / XxHash64.StripeLength * XxHash64.StripeLength;
            state.Append(piece.AsSpan(0, stripes));
            hash = state.Finish(piece.AsSpan(stripes, count - stripes));
            return root.IsSameVersion(version, file.Handle);
        }
        catch (IOException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    /// <summary>Fills a piece, but for the end of the file.</summary>
    private static int ReadPiece(SharedFile file, Span<byte> piece, long offset)
    {
        int read = 0;
        int count = -1;
        while (read < piece.Length && count != 0)
        {
            count = RandomAccess.Read(file.Handle, piece[read..], offset + read);
            read += count;
        }

        return read;
    }
}
