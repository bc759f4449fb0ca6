using System;
using System.Collections.Generic;

namespace AotServe.Tests.Workers.Interleavings;

/// <summary>A thread of a run: it goes on only when the <see cref="Schedule"/> says so, and asks at each operation on shared memory.</summary>
internal sealed class Fiber(Schedule schedule, string name, bool isWorker, Carrier carrier, Action body)
{
    [ThreadStatic]
    private static Fiber? _current;

    /// <summary>The one that the calling thread carries.</summary>
    public static Fiber Current => _current ?? throw new InvalidOperationException("Only a fiber of a schedule may do this.");

    public Schedule Schedule => schedule;

    public string Name => name;

    /// <summary>Whether the pool has started it.</summary>
    public bool IsWorker => isWorker;

    public Carrier Carrier => carrier;

    public bool HasEnded { get; set; }

    /// <summary>What has to hold before it goes on; null: nothing.</summary>
    public Func<bool>? Condition { get; set; }

    /// <summary>It goes on only when none of a lower rank can: 0 is usual, the others let time pass.</summary>
    public int Rank { get; set; }

    /// <summary>Whether a lock in which it waits was pulsed for it.</summary>
    public bool IsPulsed { get; set; }

    /// <summary>Stands for all that it has done and seen.</summary>
    public ulong Past { get; set; }

    /// <summary>Where it has written without that being seen, the first one first.</summary>
    public List<SharedPlace> Hidden { get; } = [];

    /// <summary>Called by the carrier: runs it from its beginning to its end.</summary>
    public void RunAll()
    {
        _current = this;
        try
        {
            if (!schedule.IsAbandoned)
            {
                body();
                schedule.Drain();
            }
        }
        catch (AbandonedRunException)
        {
            // The run has its fault already.
        }
        catch (Exception e)
        {
            schedule.Note($"{name} threw {e}");
        }

        _current = null;
        schedule.End(this);
    }
}
