using System.Threading;
using AotServe.Buffers;

namespace AotServe.Files;

/// <summary>
/// A cache entry: what was found at one path, and perhaps the content. Path and version never change: a file that has changed
/// gets another entry, so that the length of one version is never combined with the bytes of another.
/// </summary>
internal sealed class CachedFile(
    CachingRootFolder folder, byte[] path, ulong hash, FileOutcome outcome, FileEntry entry)
{
    private long _checkedAt;
    private volatile bool _isUsed;
    private volatile SharedBytes? _bytes;
    private volatile CachedFile? _next;
    private SharedFile? _file;

    /// <summary>The folder that it belongs to.</summary>
    public CachingRootFolder Folder => folder;

    /// <summary>Its path beneath the folder.</summary>
    public byte[] Path => path;

    /// <summary>The hash of its path.</summary>
    public ulong Hash => hash;

    public FileOutcome Outcome => outcome;

    /// <summary>How the file system described the file.</summary>
    public FileEntry Entry => entry;

    /// <summary>The content, of <see cref="FileEntry.Length"/> bytes; null where it is not kept.</summary>
    public SharedBytes? Bytes => _bytes;

    /// <summary>
    /// The open file, which is kept if its content is too large for memory; null if none is. The caller gets a reference of its
    /// own, and disposes of it.
    /// </summary>
    public SharedFile? AcquireFile() => Volatile.Read(ref _file) is { } file && file.TryAddReference() ? file : null;

    /// <summary>Whether the file is kept open.</summary>
    public bool IsOpen => Volatile.Read(ref _file) is not null;

    /// <summary>Keeps a file open, and takes over the caller's reference. False, and nothing is taken, if one is kept already.</summary>
    public bool TryKeepOpen(SharedFile file) => Interlocked.CompareExchange(ref _file, file, null) is null;

    /// <summary>Releases the open file. It stays open for responses that have a reference.</summary>
    public void CloseFile() => Interlocked.Exchange(ref _file, null)?.Dispose();

    /// <summary>The next entry in the same bucket of the folder's table. Set under the lock of that table only.</summary>
    public CachedFile? Next
    {
        get => _next;
        set => _next = value;
    }

    /// <summary>When the file system was last asked, as <see cref="System.Environment.TickCount64"/>.</summary>
    public long CheckedAt
    {
        get => Volatile.Read(ref _checkedAt);
        set => Volatile.Write(ref _checkedAt, value);
    }

    /// <summary>Roughly how much memory it takes, bytes.</summary>
    public long Cost { get; private set; } = path.Length + FileCache.EntryOverhead;

    /// <summary>Marks it as used. Writes only the first time, so that workers do not contend for the cache line.</summary>
    public void MarkUsed()
    {
        if (!_isUsed)
        {
            _isUsed = true;
        }
    }

    /// <summary>Whether it was used since the last call. Called by <see cref="FileCache"/> under its lock.</summary>
    public bool ResetUsed()
    {
        bool was = _isUsed;
        _isUsed = false;
        return was;
    }

    /// <summary>Adds the content. Called by <see cref="FileCache"/> under its lock, once.</summary>
    public void Fill(SharedBytes bytes)
    {
        Cost += bytes.Length;
        _bytes = bytes;
    }
}
