using System;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using AotServe.Http;

namespace AotServe.Sites.Rules;

/// <summary>The rules of a <c>_headers</c> file. Immutable; any thread may use it.</summary>
internal sealed class HeaderRules
{
    private readonly HeaderRule[] _rules;
    private readonly PathTree _tree;

    private HeaderRules(HeaderRule[] rules)
    {
        _rules = rules;
        _tree = new PathTree(
            Array.ConvertAll(rules, static rule => rule.Pattern), Array.ConvertAll(rules, static rule => rule.Steps));
        AnyCaching = Array.Exists(
            rules, static rule => Array.Exists(rule.Changes, static change => change.Field.Scope == FieldScope.Caching));
    }

    /// <summary>Whether any rule changes a field for caches.</summary>
    public bool AnyCaching { get; }

    /// <summary>Takes rules in their order. False: a request could take more than <see cref="RuleFile.MaxSteps"/>.</summary>
    /// <param name="rules">The rules, at least one.</param>
    /// <param name="created">The rules, if they are not too many.</param>
    /// <param name="line">The line of the last of those that together are.</param>
    public static bool TryCreate(HeaderRule[] rules, [NotNullWhen(true)] out HeaderRules? created, out int line)
    {
        var all = new HeaderRules(rules);
        bool isCheap = all._tree.MostSteps(out int last) <= RuleFile.MaxSteps;
        line = rules[last].Line;
        created = isCheap ? all : null;
        return isCheap;
    }

    public int Count => _rules.Length;

    /// <summary>
    /// Makes the changes of all rules that match, in their order. Where they become <see cref="FieldOverrides.IsTooLong"/>, the rest is
    /// left.
    /// </summary>
    /// <param name="path">The request's path, in the form of <see cref="Captures.Path"/>.</param>
    /// <param name="overrides">The changes of the response, added to.</param>
    /// <param name="part">Which fields are changed. A part that follows another belongs to the same layer.</param>
    [SkipLocalsInit]
    public void Apply(ReadOnlySpan<byte> path, FieldOverrides overrides, HeaderPart part = HeaderPart.All)
    {
        Span<(int, int)> slots = stackalloc (int, int)[RuleFile.MaxCaptures];
        var captures = new Captures(path, default, slots, stackalloc int[Captures.PlacesLength]);
        Span<ulong> matching = stackalloc ulong[(RuleFile.MaxRules + 63) / 64];
        matching = matching[..((_rules.Length + 63) / 64)];
        matching.Clear();
        _tree.Match(captures, matching);
        if (part != HeaderPart.Caching)
        {
            overrides.StartLayer();
        }

        for (int i = 0; i < matching.Length; i++)
        {
            for (ulong bits = matching[i]; bits != 0 && !overrides.IsTooLong; bits &= bits - 1)
            {
                Apply(_rules[(i * 64) + BitOperations.TrailingZeroCount(bits)], part, ref captures, overrides);
            }
        }
    }

    private static void Apply(HeaderRule rule, HeaderPart part, ref Captures captures, FieldOverrides overrides)
    {
        if (rule.HasReferences)
        {
            rule.Pattern.Match(ref captures);
        }

        foreach (FieldChange change in rule.Changes)
        {
            if (part != HeaderPart.All && (change.Field.Scope == FieldScope.Caching) != (part == HeaderPart.Caching))
            {
                continue;
            }

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
        Span<byte> space = stackalloc byte[RuleFile.MaxExpanded];
        int length = 0;
        if (!value.TryExpand(captures, space, ref length, isPath: false))
        {
            overrides.AddTooLong();
            return;
        }

        // A splat may be empty, and recipients remove whitespace at both ends of a field value.
        overrides.Add(field, ByteClass.TrimWhitespace(space[..length]));
    }
}
