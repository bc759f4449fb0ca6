using System;
using System.Collections.Generic;

namespace AotServe.Tests.Workers.Interleavings;

/// <summary>
/// Goes through all runs that deviate at most so many times from the plain one, depth first. In the plain run everybody runs until he has to
/// wait, and then the first one that can. To stop somebody who could run, or to keep a write hidden, is a deviation; so is
/// not to take the first one where somebody has to be taken. A run that comes into a state in which another one was before with as many
/// deviations left is not gone into once more.
/// </summary>
internal sealed class BoundedSearch : IChooser
{
    private readonly List<(int Chosen, int Count)> _path = [];
    private readonly Dictionary<ulong, int> _known = [];
    private readonly int _most;
    private int _depth;
    private int _left;
    private bool _isKnown;

    /// <param name="most">The largest number of deviations.</param>
    public BoundedSearch(int most)
    {
        _most = most;
        _left = most;
    }

    /// <summary>The choices of the last run that were not the first of several.</summary>
    public string Choices
    {
        get
        {
            var choices = new List<string>();
            for (int i = 0; i < _path.Count; i++)
            {
                if (_path[i].Chosen != 0)
                {
                    choices.Add($"{i}:{_path[i].Chosen}");
                }
            }

            return string.Join(' ', choices);
        }
    }

    /// <inheritdoc/>
    public int Next(ReadOnlySpan<Fiber> able, bool isFree, ulong state) => Choose(able.Length, state);

    /// <inheritdoc/>
    public bool Hides(ulong state) => Choose(2, state) == 1;

    /// <summary>Goes on to the next run; false: there is none.</summary>
    public bool MoveNext()
    {
        _depth = 0;
        _left = _most;
        _isKnown = false;
        while (_path.Count > 0)
        {
            (int chosen, int count) = _path[^1];
            _path.RemoveAt(_path.Count - 1);
            if (chosen + 1 < count)
            {
                _path.Add((chosen + 1, count));
                return true;
            }
        }

        return false;
    }

    private int Choose(int count, ulong state)
    {
        if (_depth < _path.Count)
        {
            int chosen = _path[_depth++].Chosen;
            _left -= chosen == 0 ? 0 : 1;
            return chosen;
        }

        if (_left == 0 || _isKnown)
        {
            return 0;
        }

        if (_known.TryGetValue(state, out int left) && left >= _left)
        {
            _isKnown = true;
            return 0;
        }

        _known[state] = _left;
        _path.Add((0, count));
        _depth++;
        return 0;
    }
}
