using System;

namespace AotServe.Workers;

/// <summary>What a <see cref="WorkerPool"/> is made with.</summary>
internal sealed record WorkerOptions
{
    /// <summary>How many workers, 1 or more.</summary>
    public required int Threads { get; init; }

    /// <summary>Is told, a line at a time, of workers shutting down, by the thread that disposes of the pool.</summary>
    public Action<string>? Report { get; init; }

    /// <summary>Is told of exceptions that work items threw, on the worker's thread.</summary>
    public Action<Exception>? Fault { get; init; }

    /// <summary>
    /// Is called first on each worker's thread, with its name. True: the worker gives way to other threads of the machine now
    /// and then, which is good where that costs it nothing of its share.
    /// </summary>
    public Func<string, bool>? ThreadStarted { get; init; }
}
