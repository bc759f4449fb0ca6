using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace AotServe.Tests.Workers.Interleavings;

/// <summary>What <see cref="InterleavingTests"/> would find: each rule of the queue is broken, and a run shows it.</summary>
public sealed class MutationTests(ITestOutputHelper output)
{
    public static IEnumerable<TheoryDataRow<string>> Rules =>
        Mutations.All.Select(mutation => new TheoryDataRow<string>(mutation.Rule));

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_that_is_broken_is_found(string rule)
    {
        Mutation mutation = Mutations.All.Single(mutation => mutation.Rule == rule);
        var scenario = new Scenario(mutation.Scenario);
        using (var explorer = new Explorer(ExploredAssembly.Compile(mutation)))
        {
            string? fault = null;
            for (int deviations = 0; deviations <= 4 && fault is null; deviations++)
            {
                fault = explorer.Search(scenario, deviations, 5_000);
            }

            for (int seed = 0; seed < 20_000 && fault is null; seed++)
            {
                fault = explorer.RunRandomly(scenario, seed);
            }

            Assert.True(fault is not null, $"No run of {explorer.Runs} shows it.");
            output.WriteLine($"{explorer.Runs} runs: {fault.Split('\n')[1]} {fault.Split('\n')[^1]}");
        }

        using var asTheyAre = new Explorer(ExploredAssembly.AsTheyAre);
        string? none = asTheyAre.Search(scenario, 1, 10_000);
        Assert.True(none is null, none);
    }
}
