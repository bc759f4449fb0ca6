using System.Threading;

namespace AotServe.Files;

/// <summary>
/// What was found under one path, and perhaps the content. All but marks is set once: a file that has changed gets another
/// instance, so that nobody ever has one version's length with another's bytes.
/// </summary>
internal sealed class CachedFile(
    CachingRootFolder folder, byte[] path, ulong hash, FileOutcome outcome, FileEntry entry)
{
    private long _checkedAt;
    private volatile bool _isUsed;
    private volatile byte[]? _bytes;
    private volatile CachedFile? _next;
    private SharedFile? _file;

    /// <summary>Which folder it is of.</summary>
    public CachingRootFolder Folder => folder;

    /// <summary>Its path beneath the folder.</summary>
    public byte[] Path => path;

    /// <summary>The hash of its path.</summary>
    public ulong Hash => hash;

    public FileOutcome Outcome => outcome;

    /// <summary>What the file system said of it.</summary>
    public FileEntry Entry => entry;

    /// <summary>The content, of <see cref="FileEntry.Length"/> bytes; null where it is not kept.</summary>
    public byte[]? Bytes => _bytes;

    /// <summary>
    /// The file, kept open because it is too large for its content to be kept; null where it is not. The caller becomes one
    /// of its holders.
    /// </summary>
    public SharedFile? HoldFile() => Volatile.Read(ref _file) is { } file && file.TryHold() ? file : null;

    /// <summary>Whether a file is kept open.</summary>
    public bool IsOpen => Volatile.Read(ref _file) is not null;

    /// <summary>Keeps a file open, of which the caller has become a holder for this. False: there is one already.</summary>
    public bool TryKeep(SharedFile file) => Interlocked.CompareExchange(ref _file, file, null) is null;

    /// <summary>Keeps no file open any longer; those who hold it are not disturbed.</summary>
    public void CloseFile() => Interlocked.Exchange(ref _file, null)?.Dispose();

    /// <summary>The next one in the same bucket of its folder's table, which alone sets it.</summary>
    public CachedFile? Next
    {
        get => _next;
        set => _next = value;
    }

    /// <summary>When the file system was asked last, as <see cref="System.Environment.TickCount64"/>.</summary>
    public long CheckedAt
    {
        get => Volatile.Read(ref _checkedAt);
        set => Volatile.Write(ref _checkedAt, value);
    }

    /// <summary>Roughly what it takes of the memory, bytes.</summary>
    public long Cost { get; private set; } = path.Length + FileCache.EntryOverhead;

    /// <summary>Notes that it is in use; costs a write only the first time.</summary>
    public void MarkUsed()
    {
        if (!_isUsed)
        {
            _isUsed = true;
        }
    }

    /// <summary>Whether it was used since this was asked last. For <see cref="FileCache"/>, under its lock.</summary>
    public bool TakeUsed()
    {
        bool was = _isUsed;
        _isUsed = false;
        return was;
    }

    /// <summary>Adds the content. For <see cref="FileCache"/>, under its lock, once.</summary>
    public void Fill(byte[] bytes)
    {
        Cost += bytes.Length;
        _bytes = bytes;
    }
}
