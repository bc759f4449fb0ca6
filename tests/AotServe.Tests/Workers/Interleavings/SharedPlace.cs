using System.Collections.Generic;

namespace AotServe.Tests.Workers.Interleavings;

/// <summary>A place in memory that several fibers use, or a lock: what a <see cref="Schedule"/> knows of it.</summary>
internal sealed class SharedPlace(string name)
{
    public string Name => name;

    /// <summary>Stands for the last write, with all that happened before it.</summary>
    public ulong Written { get; set; }

    /// <summary>Stands for the reads since then, in any order.</summary>
    public ulong Read { get; set; }

    /// <summary>Who has written to it while nobody else sees that yet: the value is still in the processor's store buffer.</summary>
    public Fiber? HiddenBy { get; set; }

    /// <summary>What the others see meanwhile.</summary>
    public object? Old { get; set; }

    /// <summary>Who holds the lock.</summary>
    public Fiber? Owner { get; set; }

    /// <summary>How often the owner has taken the lock.</summary>
    public int Depth { get; set; }

    /// <summary>Who waits for a pulse, the first one first.</summary>
    public Queue<Fiber> Waiting { get; } = new();
}
