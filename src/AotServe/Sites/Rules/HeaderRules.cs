using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.CompilerServices;
using AotServe.Http;

namespace AotServe.Sites.Rules;

/// <summary>The rules of a <c>_headers</c> file. Immutable; any thread may use it.</summary>
internal sealed class HeaderRules
{
    private readonly HeaderRule[] _rules;
    private readonly PathIndex _index;

    public HeaderRules(IReadOnlyList<HeaderRule> rules)
    {
        _rules = [.. rules];
        _index = new PathIndex(Array.ConvertAll(_rules, static rule => rule.Pattern));
    }

    public int Count => _rules.Length;

    /// <summary>Makes the changes of all rules that match, in their order.</summary>
    /// <param name="path">The request's path, in the form of <see cref="Captures.Path"/>.</param>
    /// <param name="overrides">The changes of the response, added to.</param>
    [SkipLocalsInit]
    public void Apply(ReadOnlySpan<byte> path, FieldOverrides overrides)
    {
        Span<(int, int)> slots = stackalloc (int, int)[RuleFile.MaxCaptures];
        var captures = new Captures(path, default, slots);
        Span<ulong> matching = stackalloc ulong[(RuleFile.MaxRules + 63) / 64];
        matching = matching[..((_rules.Length + 63) / 64)];
        matching.Clear();
        for (PathIndex.Walk walk = _index.Candidates(path); walk.Next();)
        {
            foreach (int rule in walk.Rules)
            {
                if (_rules[rule].Pattern.Match(ref captures))
                {
                    matching[rule / 64] |= 1UL << (rule % 64);
                }
            }
        }

        overrides.StartLayer();
        for (int i = 0; i < matching.Length; i++)
        {
            for (ulong bits = matching[i]; bits != 0; bits &= bits - 1)
            {
                Apply(_rules[(i * 64) + BitOperations.TrailingZeroCount(bits)], ref captures, overrides);
            }
        }
    }

    private static void Apply(HeaderRule rule, ref Captures captures, FieldOverrides overrides)
    {
        if (rule.Pattern.Names.Length > 0)
        {
            rule.Pattern.Match(ref captures); // Once more: the slots are those of the last rule that was tried.
        }

        foreach (FieldChange change in rule.Changes)
        {
            if (change.Value is not { } value)
            {
                overrides.Remove(change.Field);
            }
            else if (value.IsLiteral)
            {
                overrides.Add(change.Field, value.Literal);
            }
            else
            {
                AddExpanded(change.Field, value, captures, overrides);
            }
        }
    }

    [SkipLocalsInit]
    private static void AddExpanded(OverridableField field, Template value, in Captures captures, FieldOverrides overrides)
    {
        const int Usual = 4096;
        int longest = value.MaxLength(captures);
        Span<byte> space = longest <= Usual ? stackalloc byte[Usual] : new byte[longest];
        int length = 0;
        value.Expand(captures, space, ref length, isPath: false);

        // A splat may be empty, and recipients remove whitespace at both ends of a field value.
        overrides.Add(field, ByteClass.TrimWhitespace(space[..length]));
    }
}
