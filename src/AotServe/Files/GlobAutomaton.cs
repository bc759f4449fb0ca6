using System;
using System.Collections.Generic;

namespace AotServe.Files;

/// <summary>
/// Compares a path with any number of patterns in one pass. A state says what of a pattern is to be matched next; one bit for
/// each state says whether the bytes so far lead there. A byte of the path takes a few operations for each 64 states (the
/// Shift-And method of Baeza-Yates and Gonnet), whatever path and patterns are. Immutable; any thread may use it.
/// </summary>
internal sealed class GlobAutomaton
{
    /// <summary>
    /// How many states in a row may be passed without a byte: <c>**/*</c> has two, and no pattern more, since equal ones are
    /// made one.
    /// </summary>
    private const int LongestSkip = 3;

    // For each byte, the states that it leads from to the next one.
    private readonly ulong[][] _advance = new ulong[256][];
    private readonly ulong[] _starts;
    private readonly ulong[] _nameStarts;
    private readonly ulong[] _names;
    private readonly ulong[] _ends;
    private readonly ulong[] _skip;
    private readonly ulong[] _skipAtNameStart;
    private readonly ulong[] _loopInName;
    private readonly ulong[] _loopAny;
    private readonly ulong[] _afterCharacter;

    /// <summary>Makes the tables: some 2 KB for each 64 states.</summary>
    public GlobAutomaton(List<GlobState> states, bool ignoreCase)
    {
        Words = Math.Max(1, (states.Count + 63) / 64);
        for (int i = 0; i < _advance.Length; i++)
        {
            _advance[i] = new ulong[Words];
        }

        _starts = new ulong[Words];
        _nameStarts = new ulong[Words];
        _names = new ulong[Words];
        _ends = new ulong[Words];
        _skip = new ulong[Words];
        _skipAtNameStart = new ulong[Words];
        _loopInName = new ulong[Words];
        _loopAny = new ulong[Words];
        _afterCharacter = new ulong[Words];
        for (int i = 0; i < states.Count; i++)
        {
            Add(states[i], i / 64, 1UL << (i % 64), ignoreCase);
            if (states[i].Kind == GlobKind.Character)
            {
                _afterCharacter[(i + 1) / 64] |= 1UL << ((i + 1) % 64);
            }
        }
    }

    /// <summary>How many words the states take.</summary>
    public int Words { get; }

    /// <summary>Sets the states before the first byte.</summary>
    public void Start(ulong[] states)
    {
        _starts.CopyTo(states, 0);
        Skip(states, isNameStart: true);
    }

    /// <summary>Whether a pattern ends where the states are, at the end of a name.</summary>
    public bool Accepts(ulong[] states)
    {
        for (int i = 0; i < Words; i++)
        {
            if ((states[i] & _ends[i]) != 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Goes on with some bytes of a path. True, and at once: a pattern has ended before a slash.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="states">The states, changed.</param>
    /// <param name="steps">Counts the words that are computed.</param>
    public bool Run(ReadOnlySpan<byte> bytes, ulong[] states, ref long steps)
    {
        steps += (long)bytes.Length * Words;
        foreach (byte octet in bytes)
        {
            if (octet == '/' && Accepts(states))
            {
                return true;
            }

            Step(octet, states);
        }

        return false;
    }

    private void Step(byte octet, ulong[] states)
    {
        bool isSlash = octet == '/';
        bool continues = (octet & 0xC0) == 0x80;
        ulong[] advance = _advance[octet];
        ulong carry = 0;
        for (int i = 0; i < states.Length; i++)
        {
            ulong now = states[i];
            ulong moved = now & advance[i];
            ulong stays = now & (isSlash ? _loopAny[i] : _loopAny[i] | _loopInName[i]);
            stays |= continues ? now & _afterCharacter[i] : 0;
            ulong next = (moved << 1) | carry | stays;
            carry = moved >> 63;
            states[i] = isSlash ? (next & ~_names[i]) | _nameStarts[i] : next;
        }

        Skip(states, isSlash);
    }

    /// <summary>Adds the states that are reached without a byte.</summary>
    private void Skip(ulong[] states, bool isNameStart)
    {
        for (int round = 0; round < LongestSkip; round++)
        {
            ulong carry = 0;
            ulong added = 0;
            for (int i = 0; i < states.Length; i++)
            {
                ulong skipped = states[i] & (isNameStart ? _skip[i] | _skipAtNameStart[i] : _skip[i]);
                ulong reached = (skipped << 1) | carry;
                carry = skipped >> 63;
                added |= reached & ~states[i];
                states[i] |= reached;
            }

            if (added == 0)
            {
                return;
            }
        }
    }

    private void Add(GlobState state, int word, ulong bit, bool ignoreCase)
    {
        _starts[word] |= state.IsStart ? bit : 0;
        _nameStarts[word] |= state.IsStart && state.IsName ? bit : 0;
        _names[word] |= state.IsName ? bit : 0;
        switch (state.Kind)
        {
            case GlobKind.Byte:
                _advance[state.Octet][word] |= bit;
                if (ignoreCase && char.IsAsciiLetter((char)state.Octet))
                {
                    _advance[state.Octet ^ 0x20][word] |= bit;
                }

                break;
            case GlobKind.Character:
                for (int octet = 0; octet < _advance.Length; octet++)
                {
                    _advance[octet][word] |= octet != '/' && (octet & 0xC0) != 0x80 ? bit : 0;
                }

                break;
            case GlobKind.AnyInName:
                _loopInName[word] |= bit;
                _skip[word] |= bit;
                break;
            case GlobKind.Any:
                _loopAny[word] |= bit;
                _skip[word] |= bit;
                break;
            case GlobKind.AnyFolders:
                _loopAny[word] |= bit;
                _skipAtNameStart[word] |= bit;
                break;
            case GlobKind.End:
                _ends[word] |= bit;
                break;
        }
    }
}
