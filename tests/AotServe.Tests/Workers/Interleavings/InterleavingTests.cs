using System;
using AotServe.Fuzzing;
using Xunit;

namespace AotServe.Tests.Workers.Interleavings;

/// <summary>
/// The protocol of the queue and its workers, in the orders of a few events. In each run: nothing is left in the source, in the queue or with a worker once
/// nobody can go on; no item runs twice; what an item uses is not written again; no more workers run than may, but for those that were recalled; as many wait in the source as may;
/// and Dispose returns, when all items have run that the pool took.
/// </summary>
public sealed class InterleavingTests(ITestOutputHelper output)
{
    /// <summary>More runs than any of the searches has: one that reaches it says so and fails, for it is to be made smaller.</summary>
    private const int MostRuns = 20_000;

    private const int RandomRuns = 6_000;

    /// <summary>With every choice of at most two deviations from the plain run.</summary>
    [Theory]
    [InlineData("1 worker, 1 active, all: bring a | add b; a: next c; b: next d")]
    [InlineData("1 worker, 1 active, all, fresh: bring a b | add c | close")]
    [InlineData("2 workers, 1 active, all: bring a b | add c; a: block b")]
    [InlineData("2 workers, 1 active, all: bring a | bring b; a: block, next c")]
    [InlineData("3 workers, 2 active, all: bring a | bring b; a: add c; b: block")]
    [InlineData("2 workers, 1 active, all: add a | close; a: next b, block")]
    [InlineData("2 workers, 1 active, all, looks 2: bring a | bring b; a: stuck b")]
    [InlineData("2 workers, 1 active, all, looks 3: bring a, quiet, bring b; a: stuck b")]
    [InlineData("2 workers, 1 active, all, looks 4: bring a, quiet, bring b; a: block, stuck b")]
    [InlineData("2 workers, 2 active, all, looks 2: bring a b c d; a: stuck d")]
    [InlineData("2 workers, 2 active, all: bring a b c | add d; a: long")]
    [InlineData("2 workers, 1 active, one: bring a b | add c; a: block b")]
    [InlineData("2 workers, 1 active, one, looks 2: bring a | bring b; a: stuck b")]
    [InlineData("2 workers, 2 active, one: bring a b | close; a: add c")]
    [InlineData("3 workers, 2 active, all: bring a b | add c")]
    [InlineData("3 workers, 2 active, none: add a | add b; a: block b")]
    [InlineData("3 workers, 3 active, all: add a | close; a: next b")]
    [InlineData("3 workers, 3 active, one: bring a b | add c; a: stuck b")]
    [InlineData("1 worker, 1 active, all: bring a b | drop, rewrite, quiet, rewrites; a: find, use; b: find, use")]
    [InlineData("2 workers, 2 active, all: bring a | bring b | drop, rewrite; a: find, use; b: find, use")]
    [InlineData("2 workers, 1 active, all, looks 2: bring a | bring b | drop, rewrite; a: find, stuck b, use; b: find, use")]
    [InlineData("2 workers, 1 active, none: add a | add b | drop, rewrite; a: find, block, use; b: find, use")]
    public void Nothing_is_lost_in_any_order(string text) => Search(text, mostDeviations: 2);

    /// <summary>A reader whose own number is not seen yet takes four: it is hidden, and three times somebody else goes on.</summary>
    [Fact]
    public void What_an_item_uses_is_not_written_again() =>
        Search("1 worker, 1 active, all: bring a | drop, rewrite; a: find, use", mostDeviations: 4);

    /// <summary>Other scenarios, each in one random order; a seed is one run.</summary>
    [Fact]
    public void Nothing_is_lost_in_random_orders_of_random_events()
    {
        int seed = FuzzSeed.OfThisRun;
        using var explorer = new Explorer(ExploredAssembly.AsTheyAre);
        for (int i = 0; i < RandomRuns; i++)
        {
            string? fault = explorer.RunRandomly(RandomScenario.Make(new Random(seed + i)), seed + i);
            Assert.True(fault is null, fault);
        }
    }

    private void Search(string text, int mostDeviations)
    {
        using var explorer = new Explorer(ExploredAssembly.AsTheyAre);
        string? fault = null;
        for (int deviations = 0; deviations <= mostDeviations && fault is null; deviations++)
        {
            fault = explorer.Search(new Scenario(text), deviations, MostRuns);
        }

        Assert.True(fault is null, fault);
        output.WriteLine($"{explorer.Runs} runs");
        Assert.True(explorer.IsComplete, "There are more runs.");
    }
}
