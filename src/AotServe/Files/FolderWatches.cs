using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using AotServe.Native;

namespace AotServe.Files;

/// <summary>
/// The folders whose changes the kernel tells of, so that a file is served as it was saved, at once (inotify(7)). They are those of
/// which the cache has something that is asked for again. What is not told (a change of another folder that a link leads to, a file that stays
/// open and is written to, a folder above that is renamed) is noticed when the cache looks again, within a second. Any thread may call.
/// </summary>
/// <param name="whenReadable">
/// Has <see cref="ReadChanges"/> called when a descriptor can be read. False: nobody can, and nothing is watched. Called once, when the
/// first folder is to be watched.
/// </param>
[SupportedOSPlatform("linux")]
internal sealed class FolderWatches(Func<int, Action, bool> whenReadable) : IDisposable
{
    /// <summary>
    /// The most folders. Own choice: some hundred KiB of the kernel's memory, and a small part of what a user may have (8,192 with an old kernel,
    /// fs.inotify.max_user_watches).
    /// </summary>
    private const int Most = 512;

    /// <summary>How long a folder that nobody asks for stays watched, ms.</summary>
    private const long UnusedTime = 60_000;

    private const int NotCreated = -1;
    private const int Impossible = -2;

    private readonly Dictionary<int, WatchedFolder> _folders = [];
    private int _inotify = NotCreated;
    private long _nextSweep;

    /// <summary>Watches an open folder, whose descriptor may be closed afterwards.</summary>
    /// <returns>The one of this folder; <see cref="WatchedFolder.None"/> if it cannot be watched.</returns>
    public WatchedFolder Watch(int folder)
    {
        lock (_folders)
        {
            if (_inotify == NotCreated)
            {
                _inotify = Create();
            }

            int number = _inotify < 0 ? -1 : Inotify.Add(_inotify, folder);
            if (number < 0)
            {
                return WatchedFolder.None;
            }

            if (_folders.TryGetValue(number, out WatchedFolder? known))
            {
                return known;
            }

            if (_folders.Count == Most)
            {
                _ = Inotify.Remove(_inotify, number);
                return WatchedFolder.None;
            }

            return _folders[number] = new WatchedFolder();
        }
    }

    /// <summary>Takes in what the kernel has told. Does not throw.</summary>
    [SkipLocalsInit]
    public void ReadChanges()
    {
        Span<byte> space = stackalloc byte[8 * Inotify.LargestEvent];
        lock (_folders)
        {
            int length;
            while (_inotify >= 0 && (length = Inotify.Read(_inotify, space)) > 0)
            {
                ReadOnlySpan<byte> events = space[..length];
                while (!events.IsEmpty)
                {
                    (int number, uint what) = Inotify.Next(ref events);
                    Take(number, what);
                }
            }
        }
    }

    /// <summary>Gives up folders that nobody asks for. Called about once a second, with the time as <see cref="Environment.TickCount64"/>.</summary>
    public void Sweep(long now)
    {
        lock (_folders)
        {
            if (now < _nextSweep)
            {
                return;
            }

            _nextSweep = now + UnusedTime;
            foreach ((int number, WatchedFolder folder) in _folders)
            {
                if (!folder.ResetUsed())
                {
                    End(number, folder);
                }
            }
        }
    }

    /// <summary>Watches nothing any more.</summary>
    public void Dispose()
    {
        lock (_folders)
        {
            if (_inotify >= 0)
            {
                FileDescriptor.Close(_inotify);
            }

            _inotify = Impossible;
        }
    }

    private int Create()
    {
        int created = Inotify.Create();
        if (created >= 0 && whenReadable(created, ReadChanges))
        {
            return created;
        }

        if (created >= 0)
        {
            FileDescriptor.Close(created);
        }

        return Impossible;
    }

    private void Take(int number, uint what)
    {
        if ((what & Inotify.Overflow) != 0)
        {
            foreach (WatchedFolder each in _folders.Values)
            {
                each.Change();
            }
        }
        else if (_folders.TryGetValue(number, out WatchedFolder? folder))
        {
            if ((what & (Inotify.MovedSelf | Inotify.Ignored)) == 0)
            {
                folder.Change();
                return;
            }

            End(number, folder); // Where the kernel has given up the watch already, there is nothing to remove.
        }
    }

    private void End(int number, WatchedFolder folder)
    {
        _ = Inotify.Remove(_inotify, number);
        _folders.Remove(number);
        folder.End();
    }
}
