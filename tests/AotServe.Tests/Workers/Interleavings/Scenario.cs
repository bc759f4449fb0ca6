using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace AotServe.Tests.Workers.Interleavings;

/// <summary>
/// What happens to a pool, in a line of text: <c>2 workers, 1 active, all: bring a b | add c; a: block b</c>. Two workers of which one may be active,
/// and all may wait in the source. Two threads from outside, of which one has the source bring two items at once, and the other one adds an item. The first
/// one blocks until the second one has run, and says so.
/// </summary>
/// <remarks>
/// Before the colon: <c>all</c>, <c>one</c> or <c>none</c> for the source; <c>fresh</c>, if the start of the
/// pool is explored too; <c>looks N</c>, if a watcher looks so many times at any moment, and from then on when nothing else
/// goes on; <c>looks first N</c>, if it does so before the others where nothing else is chosen.
/// From outside: <c>bring</c>, <c>add</c>, <c>quiet</c> (waits until nothing goes on), <c>close</c> (disposes of the pool), <c>drop</c> (takes the bytes out of
/// reach, which items <c>find</c> and <c>use</c>), <c>rewrite</c> (writes these again, if nobody uses them), <c>rewrites</c> (that has to be possible). In an item: <c>next x</c>
/// (ExecuteNext), <c>add x</c>, <c>bring x</c>, <c>block</c> or <c>block x</c>, <c>stuck x</c>, which waits for another item without a word, <c>find</c>, <c>use</c>, and <c>long</c>, which
/// says that it takes long.
/// </remarks>
internal sealed class Scenario
{
    private readonly string _text;

    public Scenario(string text)
    {
        _text = text;
        string[] headAndBody = text.Split(": ", 2);
        foreach (string part in headAndBody[0].Split(", "))
        {
            string[] words = part.Split(' ');
            switch (words[^1])
            {
                case "worker" or "workers":
                    Workers = int.Parse(words[0], CultureInfo.InvariantCulture);
                    break;
                case "active":
                    MostActive = int.Parse(words[0], CultureInfo.InvariantCulture);
                    break;
                case "all" or "one" or "none":
                    MostWaiting = part == "all" ? int.MaxValue : part == "one" ? 1 : 0;
                    break;
                case "fresh":
                    IsFresh = true;
                    break;
                case var last when words[0] == "looks":
                    Looks = int.Parse(last, CultureInfo.InvariantCulture);
                    LooksFirst = words[1] == "first";
                    break;
                default:
                    throw new FormatException(text);
            }
        }

        string[] threadsAndItems = headAndBody[1].Split("; ");
        Outside = [.. threadsAndItems[0].Split(" | ").Select(Steps)];
        foreach (string item in threadsAndItems[1..])
        {
            string[] nameAndSteps = item.Split(": ");
            Items.Add(nameAndSteps[0], Steps(nameAndSteps[1]));
        }
    }

    public int Workers { get; } = 1;

    public int MostActive { get; } = int.MaxValue;

    /// <summary>How many may wait in the source; 0: there is none.</summary>
    public int MostWaiting { get; } = int.MaxValue;

    public bool IsFresh { get; }

    /// <summary>How many looks of the watcher come at any moment; −1: there is no watcher.</summary>
    public int Looks { get; } = -1;

    /// <summary>Whether the watcher is before the others, where nothing else is chosen.</summary>
    public bool LooksFirst { get; }

    /// <summary>What each thread from outside does.</summary>
    public string[][][] Outside { get; }

    /// <summary>What items do that do something.</summary>
    public Dictionary<string, string[][]> Items { get; } = [];

    /// <inheritdoc/>
    public override string ToString() => _text;

    private static string[][] Steps(string text) => [.. text.Split(", ").Select(step => step.Split(' '))];
}
