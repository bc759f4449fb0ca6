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
    private UseMark _use;
    private volatile SharedBytes? _bytes;
    private volatile CachedFile? _next;
    private SharedFile? _file;
    private volatile WatchedFolder? _watch;
    private int _changesSeen;

    /// <summary>The folder that it belongs to.</summary>
    public CachingRootFolder Folder => folder;

    /// <summary>Its path beneath the folder.</summary>
    public byte[] Path => path;

    /// <summary>The hash of its path.</summary>
    public ulong Hash => hash;

    public FileOutcome Outcome => outcome;

    /// <summary>How the file system described the file.</summary>
    public FileEntry Entry => entry;

    /// <summary>The content, of <see cref="FileEntry.Length"/> bytes; null where it is not kept. For the turn in which it was found (<see cref="IReaders"/>).</summary>
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

    /// <summary>Tells of changes of the folder that the file is in; null: nobody does yet.</summary>
    public WatchedFolder? Watch
    {
        get => _watch;
        set => _watch = value;
    }

    /// <summary>How many of these changes there were when the file system was last asked.</summary>
    public int ChangesSeen
    {
        get => Volatile.Read(ref _changesSeen);
        set => Volatile.Write(ref _changesSeen, value);
    }

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

    /// <summary>Marks it as used.</summary>
    public void MarkUsed() => _use.Set();

    /// <summary>Whether it was used since the last call. Called by <see cref="FileCache"/> under its lock.</summary>
    public bool ResetUsed() => _use.Reset();

    /// <summary>Adds the content. Called by <see cref="FileCache"/> under its lock, once.</summary>
    public void Fill(SharedBytes bytes)
    {
        Cost += bytes.Room.Length;
        _bytes = bytes;
    }
}
