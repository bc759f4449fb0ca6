using System;
using AotServe.Fuzzing;

namespace AotServe.Tests.Workers.Interleavings;

/// <summary>Runs scenarios in many orders, until a fault is found or there are no more.</summary>
/// <param name="make">Makes the pools: see <see cref="ExploredAssembly"/>.</param>
internal sealed class Explorer(Func<object?[], IExploredPool> make) : IDisposable
{
    private readonly Carriers _carriers = new();

    /// <summary>How many runs there were.</summary>
    public int Runs { get; private set; }

    /// <summary>Whether the last search came to its end.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Goes through the runs with so many deviations: see <see cref="BoundedSearch"/>.</summary>
    /// <param name="scenario">What happens.</param>
    /// <param name="deviations">The largest number of deviations.</param>
    /// <param name="most">The largest number of runs.</param>
    /// <returns>The fault that was found, and how it came to it; null: none.</returns>
    public string? Search(Scenario scenario, int deviations, int most)
    {
        var search = new BoundedSearch(deviations);
        IsComplete = false;
        for (int i = 0; i < most; i++)
        {
            if (Run(scenario, search) is { } fault)
            {
                return $"{fault}\nChoices: {search.Choices}";
            }

            if (!search.MoveNext())
            {
                IsComplete = true;
                break;
            }
        }

        return null;
    }

    /// <summary>Runs a scenario in a random order.</summary>
    /// <returns>The fault that was found, and how it came to it; null: none.</returns>
    public string? RunRandomly(Scenario scenario, int seed)
    {
        var random = new Random(seed);
        return Run(scenario, new RandomChoices(random, random.Next(1, 6), 200)) is { } fault ? $"{fault}\n{FuzzSeed.Replay(seed)}" : null;
    }

    public void Dispose() => _carriers.Dispose();

    private string? Run(Scenario scenario, IChooser chooser)
    {
        var schedule = new Schedule(chooser, _carriers);
        Runs++;
        schedule.Run(new ScenarioRun(scenario, schedule, make).Main);
        return schedule.Fault is { } fault ? $"{scenario}\n{fault}{schedule.Story()}" : null;
    }
}
