using System;
using System.Collections.Generic;

namespace AotServe.Files;

/// <summary>
/// Which folders of a root are watched, by path, so that a file that is new to the cache needs no system call for that. Any thread may call.
/// </summary>
/// <remarks>
/// Two paths with the same hash share an entry. Then a change of one of the folders is noticed when the cache looks again, within a second.
/// </remarks>
internal sealed class WatchedPaths
{
    /// <summary>The most that are remembered. Own choice: twice as many as are watched, for those that cannot be.</summary>
    private const int Most = 1024;

    private readonly Dictionary<ulong, WatchedFolder> _folders = [];

    /// <summary>The folder of a file, if it is known and watched on, or cannot be watched; null: it is not known.</summary>
    public WatchedFolder? Find(ReadOnlySpan<byte> path)
    {
        lock (_folders)
        {
            return _folders.Count > 0 && _folders.TryGetValue(KeyOf(path), out WatchedFolder? folder) && !folder.IsOver ? folder : null;
        }
    }

    /// <summary>Remembers the folder of a file, and returns it.</summary>
    public WatchedFolder Add(ReadOnlySpan<byte> path, WatchedFolder folder)
    {
        lock (_folders)
        {
            if (_folders.Count >= Most)
            {
                _folders.Clear();
            }

            _folders[KeyOf(path)] = folder;
            return folder;
        }
    }

    private static ulong KeyOf(ReadOnlySpan<byte> path) => PathHash.Compute(path[..Math.Max(path.LastIndexOf((byte)'/'), 0)]);
}
