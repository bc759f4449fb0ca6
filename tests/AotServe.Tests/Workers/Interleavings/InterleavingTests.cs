using System.Diagnostics;
using Xunit;

namespace AotServe.Tests.Workers.Interleavings;

/// <summary>
/// The protocol of the queue and its workers, in all orders of a few events. In each run: nothing is left in the source, in the queue or with a worker once
/// nobody can go on; no item runs twice; no more workers run than may, but for those that were recalled; as many wait in the source as may;
/// and Dispose returns, when all items have run that the pool took.
/// </summary>
public sealed class InterleavingTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("2 workers, 1 active, all: bring a b | add c; a: block b")]
    [InlineData("2 workers, 1 active, one: bring a b | add c; a: block b")]
    [InlineData("3 workers, 2 active, all: bring a b | add c")]
    [InlineData("3 workers, 2 active, one: bring a b | add c")]
    [InlineData("3 workers, 2 active, none: add a | add b; a: next c")]
    public void Probe(string text)
    {
        using var explorer = new Explorer(ExploredAssembly.AsTheyAre);
        for (int deviations = 0; deviations <= 3; deviations++)
        {
            long start = Stopwatch.GetTimestamp();
            int before = explorer.Runs;
            Assert.Null(explorer.Search(new Scenario(text), deviations, 30_000));
            output.WriteLine($"{deviations}: {explorer.Runs - before} runs, complete {explorer.IsComplete}, {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms");
        }
    }
}
