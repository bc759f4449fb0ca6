using System;
using System.Collections.Generic;
using System.Linq;

namespace AotServe.Tests.Workers.Interleavings;

/// <summary>A scenario of up to three workers and four items that come in any way.</summary>
internal static class RandomScenario
{
    private static readonly string[] Names = ["a", "b", "c", "d"];

    public static Scenario Make(Random random)
    {
        int workers = random.Next(1, 4);
        int active = random.Next(1, workers + 1);
        string source = random.Next(3) == 0 ? "one" : "all";
        var first = new List<string>();
        var second = new List<string>();
        var items = new List<string>();
        for (int i = 0; i < Names.Length; i++)
        {
            // An item comes from outside, or from within one before it.
            string step = $"{(random.Next(2) == 0 ? "bring" : "add")} {Names[i]}";
            if (i == 0 || random.Next(3) != 0)
            {
                (random.Next(2) == 0 ? first : second).Add(step);
            }
            else
            {
                Give(items, Names[random.Next(i)], random.Next(2) == 0 ? step : $"next {Names[i]}");
            }
        }

        if (random.Next(2) == 0)
        {
            Give(items, Names[random.Next(Names.Length)], "block");
        }

        if (random.Next(3) == 0)
        {
            Give(items, Names[random.Next(Names.Length)], "long");
        }

        if (random.Next(3) == 0)
        {
            (random.Next(2) == 0 ? first : second).Add("close");
        }

        string outside = string.Join(" | ", new[] { first, second }.Where(steps => steps.Count > 0).Select(steps => string.Join(", ", steps)));
        string looks = random.Next(2) == 0 ? $", looks {random.Next(3)}" : "";
        return new Scenario($"{workers} workers, {active} active, {source}{looks}: {string.Join("; ", items.Prepend(outside))}");
    }

    /// <summary>An item does one thing more.</summary>
    private static void Give(List<string> items, string name, string step)
    {
        int known = items.FindIndex(item => item[..1] == name);
        if (known < 0)
        {
            items.Add($"{name}: {step}");
        }
        else
        {
            items[known] += $", {step}";
        }
    }
}
