using System;
using System.Collections.Generic;
using System.Threading;
using AotServe.Workers;

namespace AotServe.Sites.Listing;

/// <summary>
/// The one thread that makes the listings of large folders, for all sites: so they never take more than one processor, and no
/// worker. Any thread may call.
/// </summary>
internal sealed class ListingThread : IDisposable
{
    /// <summary>The most listings that wait. Own choice: some seconds of work.</summary>
    private const int MostWaiting = 64;

    private readonly object _lock = new();
    private readonly Queue<IThreadPoolWorkItem> _waiting = new();
    private readonly BackgroundThreads _threads;

    /// <summary>Starts nothing yet.</summary>
    public ListingThread(BackgroundThreadOptions options) =>
        _threads = new BackgroundThreads(
            "listings", 1, _lock, () => _waiting.TryDequeue(out IThreadPoolWorkItem? next) ? next : null, options);

    /// <summary>Has a listing made. False: too many wait already.</summary>
    public bool TryAdd(ListingBuild build)
    {
        lock (_lock)
        {
            if (_waiting.Count == MostWaiting)
            {
                return false;
            }

            _waiting.Enqueue(build);
            _threads.Wake();
            return true;
        }
    }

    /// <summary>Finishes the listing in progress and ends the thread. Those that wait are never made.</summary>
    public void Dispose() => _threads.Dispose();
}
