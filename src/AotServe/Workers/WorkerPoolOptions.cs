using System;

namespace AotServe.Workers;

/// <summary>What a <see cref="WorkerPool"/> can do without. The defaults report nothing and start all workers at once.</summary>
internal sealed class WorkerPoolOptions
{
    /// <summary>Receives one line for each worker that is shut down. Called by the thread that disposes the pool.</summary>
    public Action<string>? Report { get; init; }

    /// <summary>Receives each exception that a work item threw. Called on the worker's thread.</summary>
    public Action<Exception>? ReportFault { get; init; }

    /// <summary>
    /// Called first on each worker's thread, with the thread's name. Returns whether the worker yields the processor to
    /// other threads from time to time. Without it, no worker yields.
    /// </summary>
    public Func<string, bool>? ThreadStarted { get; init; }

    /// <summary>
    /// How many workers run or wait in the source at once, as long as they get on: as many as there are processors. More would only take
    /// turns.
    /// </summary>
    public int MostActive { get; init; } = int.MaxValue;

    /// <summary>
    /// How many workers the constructor starts; <see cref="WorkerPool.Start"/> starts the others. The runtime takes longer to
    /// start a thread than a worker takes to answer a request, so starting one first makes the first response faster.
    /// </summary>
    public int InitialWorkers { get; init; } = int.MaxValue;

    /// <summary>
    /// Called by a worker when somebody has to call <see cref="WorkerPool.Look"/> again, after that has returned false. Must not throw or
    /// wait.
    /// </summary>
    public Action? WatchNeeded { get; init; }
}
