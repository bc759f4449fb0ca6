using System.Threading;

namespace AotServe.Files;

/// <summary>A folder whose changes the kernel tells of. Any thread may use it.</summary>
internal sealed class WatchedFolder
{
    /// <summary>Stands for every folder that cannot be watched: it never changes, so that what was found in it is valid for its time.</summary>
    public static readonly WatchedFolder None = new();

    private int _changes;
    private UseMark _use;
    private volatile bool _isOver;

    /// <summary>Begins as used.</summary>
    public WatchedFolder() => _use.Set();

    /// <summary>How many changes were told so far. What was found in the folder before a change has to be looked up again.</summary>
    public int Changes => Volatile.Read(ref _changes);

    /// <summary>Whether nothing more will be told: the folder is gone, or the watch was given to another.</summary>
    public bool IsOver => _isOver;

    /// <summary>Notes a change.</summary>
    public void Change() => Interlocked.Increment(ref _changes);

    /// <summary>Notes that this was the last.</summary>
    public void End()
    {
        _isOver = true;
        Change();
    }

    /// <summary>Marks it as used.</summary>
    public void MarkUsed() => _use.Set();

    /// <summary>Whether it was used since the last call.</summary>
    public bool ResetUsed() => _use.Reset();
}
