using System.Runtime.InteropServices;

namespace AotServe.Workers;

/// <summary>
/// What a worker writes for every item, in a line of the processor's cache that no other worker writes to: a line has 64 bytes, and two of
/// them may be fetched together, so there is room for two before it and behind it, wherever the object lies.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 320)]
internal struct OwnLine
{
    /// <summary>How many of its own items the worker has taken.</summary>
    [FieldOffset(128)]
    public int Taken;

    /// <summary>How many of its own items the worker has added.</summary>
    [FieldOffset(132)]
    public int Added;

    /// <summary>How many items the worker has begun to run.</summary>
    [FieldOffset(136)]
    public int Begun;

    /// <summary>What the worker does: a <see cref="WorkerPhase"/>.</summary>
    [FieldOffset(140)]
    public int Phase;

    /// <summary>How many items the worker took since it looked into the source.</summary>
    [FieldOffset(144)]
    public int SinceLook;

    /// <summary>Whether the next item is to be a queued one, where there are some, though it has others.</summary>
    [FieldOffset(148)]
    public bool IsQueueFirst;
}
