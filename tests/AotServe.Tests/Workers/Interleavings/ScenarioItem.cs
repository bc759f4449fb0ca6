using System.Threading;

namespace AotServe.Tests.Workers.Interleavings;

/// <summary>An item of a scenario.</summary>
internal sealed class ScenarioItem(ScenarioRun run, string name, string[][] steps) : IThreadPoolWorkItem
{
    public string Name => name;

    /// <summary>What it does.</summary>
    public string[][] Steps => steps;

    /// <summary>Whether it has to run: the pool took it, or the source has brought it.</summary>
    public bool IsExpected { get; set; }

    /// <summary>Whether the pool is about to take it, or to refuse it.</summary>
    public bool IsBeingGiven { get; set; }

    /// <summary>Whether it has begun to run.</summary>
    public bool HasRun { get; set; }

    public void Execute() => run.Execute(this);
}
