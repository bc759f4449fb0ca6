using System;
using System.Collections.Generic;

namespace AotServe.Files;

/// <summary>Makes a <see cref="GlobAutomaton"/> of patterns. For one thread.</summary>
/// <param name="ignoreCase">Whether lower and upper case ASCII letters are the same.</param>
internal sealed class GlobBuilder(bool ignoreCase)
{
    private readonly List<GlobState> _states = [];

    /// <summary>How many states there are: about one for each character.</summary>
    public int Length => _states.Count;

    /// <summary>Adds a pattern.</summary>
    /// <param name="pattern">In UTF-8, without a slash at either end.</param>
    /// <param name="isName">Whether it is compared with each name on a path, rather than with the whole.</param>
    public void Add(ReadOnlySpan<byte> pattern, bool isName)
    {
        bool isStart = true;
        for (int i = 0; i < pattern.Length;)
        {
            int stars = pattern[i..].IndexOfAnyExcept((byte)'*');
            stars = stars < 0 ? pattern.Length - i : stars;
            bool beginsName = i == 0 || pattern[i - 1] == '/';
            GlobKind kind = stars == 1 ? GlobKind.AnyInName
                : stars > 1 && beginsName && i + stars < pattern.Length && pattern[i + stars] == '/' ? GlobKind.AnyFolders
                : stars > 1 ? GlobKind.Any
                : pattern[i] == '?' ? GlobKind.Character
                : GlobKind.Byte;
            byte octet = pattern[i];
            i += kind == GlobKind.AnyFolders ? stars + 1 : Math.Max(1, stars);
            if (kind == GlobKind.AnyFolders && !isStart && _states[^1].Kind == GlobKind.AnyFolders)
            {
                continue; // Twice any number of folders is any number of folders.
            }

            _states.Add(new GlobState(kind, octet, isName, isStart));
            isStart = false;
        }

        _states.Add(new GlobState(GlobKind.End, 0, isName, isStart));
    }

    public GlobAutomaton Build() => new(_states, ignoreCase);
}
