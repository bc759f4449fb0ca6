using System.Threading;

namespace AotServe.Workers;

/// <summary>
/// What a <see cref="WorkQueue"/> knows of one worker, and the items that the worker has ready for itself: what its own wait in the source
/// brought, and items that go on. The worker adds and takes these without a lock. Where it does not get on, another thread takes them away
/// (<see cref="TryTakeAway"/>): each of the two takes an item by exchanging it for null, so one of them gets it.
/// </summary>
/// <param name="batch">How many items the worker takes from the source at once.</param>
internal sealed class WorkerState(int batch)
{
    /// <summary>How many items of its own a worker can have; a power of two.</summary>
    public const int Capacity = 64;

    /// <summary>Free places on both sides of the slots, for the reason of <see cref="OwnLine"/>: 128 bytes.</summary>
    private const int Padding = 16;

    private readonly IThreadPoolWorkItem?[] _slots = new IThreadPoolWorkItem?[Capacity + (2 * Padding)];
    private OwnLine _line;
    private bool _isRecalled;

    /// <summary>Receives what the source brings. The worker's.</summary>
    public IThreadPoolWorkItem[] Ready { get; } = new IThreadPoolWorkItem[batch];

    /// <summary>Whether it is one of those that run or wait in the source. Used under the lock of the queue.</summary>
    public bool IsActive { get; set; }

    /// <summary>As <see cref="Begun"/> was when somebody last looked; −1: the worker did not run then. Used under the lock of the queue.</summary>
    public int SeenBegun { get; set; } = -1;

    /// <summary>
    /// Whether the worker has to ask the queue, under its lock, before it does anything else: it may not be active any more. Written under
    /// the lock.
    /// </summary>
    public bool IsRecalled
    {
        get => Volatile.Read(ref _isRecalled);
        set => Volatile.Write(ref _isRecalled, value);
    }

    /// <summary>What it does. The worker writes it, as a whole barrier: what it reads next is not older than that.</summary>
    public WorkerPhase Phase
    {
        get => (WorkerPhase)Volatile.Read(ref _line.Phase);
        set => Interlocked.Exchange(ref _line.Phase, (int)value);
    }

    /// <summary>How many items it has begun to run, modulo 2³¹. Any thread may read it.</summary>
    public int Begun => Volatile.Read(ref _line.Begun) & int.MaxValue;

    /// <summary>How many items of its own there are, or were before some were taken away. For the worker.</summary>
    public int OwnCount => _line.Added - _line.Taken;

    /// <summary>How many items the worker took since it looked into the source. The worker's.</summary>
    public int SinceLook
    {
        get => _line.SinceLook;
        set => _line.SinceLook = value;
    }

    /// <summary>As how many further usual items the last one counts. The worker's.</summary>
    public int Charged { get; set; }

    /// <summary>The worker begins to run an item.</summary>
    public void Begin()
    {
        _line.SinceLook++;
        Volatile.Write(ref _line.Begun, _line.Begun + 1);
    }

    /// <summary>Whether an item is to come from the queue, where there are some. Called by the worker.</summary>
    public bool IsQueueNext()
    {
        bool isNext = _line.IsQueueFirst || OwnCount == 0;
        _line.IsQueueFirst = false;
        return isNext;
    }

    /// <summary>The next item comes from the queue, where there are some. Called by the worker.</summary>
    public void PreferQueue() => _line.IsQueueFirst = true;

    /// <summary>Its own items come first, for what will be queued came later. Called by the worker.</summary>
    public void PreferOwn() => _line.IsQueueFirst = false;

    /// <summary>Adds an item to its own; false: there is no room. Called by the worker.</summary>
    public bool TryAdd(IThreadPoolWorkItem item)
    {
        if (OwnCount == Capacity)
        {
            return false;
        }

        Volatile.Write(ref Slot(_line.Added++), item);
        return true;
    }

    /// <summary>Takes the first item of its own; null: there is none. Called by the worker.</summary>
    public IThreadPoolWorkItem? TryTake()
    {
        while (_line.Taken != _line.Added)
        {
            if (Interlocked.Exchange(ref Slot(_line.Taken++), null) is { } item)
            {
                return item;
            }
        }

        return null;
    }

    /// <summary>Takes one of its items that it has not taken yet; null: there is none left. Any thread may call it.</summary>
    /// <param name="place">Where to look: from 0 on, moved on by each call.</param>
    public IThreadPoolWorkItem? TryTakeAway(ref int place)
    {
        while (place < Capacity)
        {
            ref IThreadPoolWorkItem? slot = ref Slot(place++);
            if (Volatile.Read(ref slot) is not null && Interlocked.Exchange(ref slot, null) is { } item)
            {
                return item;
            }
        }

        return null;
    }

    private ref IThreadPoolWorkItem? Slot(int index) => ref _slots[Padding + (index & (Capacity - 1))];
}
