using System;
using System.Collections.Generic;

namespace AotServe.Tests.Workers.Interleavings;

/// <summary>
/// Random priorities (PCT): the one of the highest priority runs, and at a few random steps the running one gets the lowest. It finds faults
/// that need a few deviations in long runs.
/// </summary>
/// <param name="random">The source of the choices.</param>
/// <param name="changes">At how many steps a priority changes.</param>
/// <param name="length">About how many choices a run has.</param>
internal sealed class RandomChoices(Random random, int changes, int length) : IChooser
{
    private readonly Dictionary<Fiber, int> _priorities = [];
    private readonly HashSet<int> _changes = Steps(random, changes, length);
    private readonly int _oneHidden = random.Next(2, 20);
    private int _step;
    private int _lowest;

    /// <inheritdoc/>
    public int Next(ReadOnlySpan<Fiber> able, bool isFree, ulong state)
    {
        if (_changes.Contains(_step++))
        {
            _priorities[able[0]] = --_lowest;
        }

        int best = 0;
        for (int i = 0; i < able.Length; i++)
        {
            best = Priority(able[i]) > Priority(able[best]) ? i : best;
        }

        return best;
    }

    /// <inheritdoc/>
    public bool Hides(ulong state) => random.Next(_oneHidden) == 0;

    private static HashSet<int> Steps(Random random, int changes, int length)
    {
        var steps = new HashSet<int>();
        for (int i = 0; i < changes; i++)
        {
            _ = steps.Add(random.Next(length));
        }

        return steps;
    }

    private int Priority(Fiber fiber)
    {
        if (!_priorities.TryGetValue(fiber, out int priority))
        {
            priority = random.Next(1, 1_000_000);
            _priorities[fiber] = priority;
        }

        return priority;
    }
}
