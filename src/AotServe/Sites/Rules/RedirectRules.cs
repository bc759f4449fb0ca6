using System;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using AotServe.Http;
using AotServe.Sites.Paths;

namespace AotServe.Sites.Rules;

/// <summary>The rules of a <c>_redirects</c> file. Immutable; any thread may use it.</summary>
internal sealed class RedirectRules
{
    /// <summary>
    /// A request tries no more rules than this that would lead to itself. Own choice: one is usual, <c>/* /</c>.
    /// </summary>
    private const int MostToItself = 4;

    private readonly RedirectRule[] _rules;
    private readonly PathTree _tree;
    private readonly bool _expectsParameters;

    private RedirectRules(RedirectRule[] rules)
    {
        _rules = rules;
        _tree = new PathTree(
            Array.ConvertAll(rules, static rule => rule.Pattern), Array.ConvertAll(rules, static rule => rule.Steps));
        _expectsParameters = Array.Exists(_rules, static rule => rule.Parameters.Length > 0);
        AnyForced = Array.Exists(_rules, static rule => rule.IsForced);
    }

    public int Count => _rules.Length;

    /// <summary>Whether any rule applies even if a file exists at the path.</summary>
    public bool AnyForced { get; }

    /// <summary>Takes rules in their order. False: a request could take more than <see cref="RuleFile.MaxSteps"/>.</summary>
    /// <param name="rules">The rules, at least one.</param>
    /// <param name="created">The rules, if they are not too many.</param>
    /// <param name="line">The line of the last of those that together are.</param>
    public static bool TryCreate(RedirectRule[] rules, [NotNullWhen(true)] out RedirectRules? created, out int line)
    {
        var all = new RedirectRules(rules);
        bool isCheap = all._tree.MostSteps(out int last) <= RuleFile.MaxSteps;
        line = rules[last].Line;
        created = isCheap ? all : null;
        return isCheap;
    }

    /// <summary>Applies the first rule that matches. The target of the rule is expanded once.</summary>
    /// <param name="path">The path of the request; the path of another file after a rewrite.</param>
    /// <param name="query">The request's query.</param>
    /// <param name="forcedOnly">Whether the rule only applies if it is forced, because there may be a file at the path.</param>
    /// <param name="response">The response, which a redirect is written to.</param>
    [SkipLocalsInit]
    public RedirectOutcome Apply(ref ResolvedPath path, ReadOnlySpan<byte> query, bool forcedOnly, Response response)
    {
        Span<(int, int)> slots = stackalloc (int, int)[RuleFile.MaxCaptures];
        var captures = new Captures(path.WithSlash, query, slots, stackalloc int[Captures.PlacesLength]);
        if (_expectsParameters)
        {
            Span<byte> decoded = stackalloc byte[HttpLimits.RequestLine];
            captures.Parameters = QueryDecoding.Split(query, stackalloc SentParameter[RuleFile.MaxCaptures], decoded);
            captures.Decoded = decoded;
        }

        Span<ulong> matching = stackalloc ulong[(RuleFile.MaxRules + 63) / 64];
        matching = matching[..((_rules.Length + 63) / 64)];
        matching.Clear();
        _tree.Match(captures, matching);
        if (forcedOnly && Next(matching, after: -1, forcedOnly, ref captures) < 0)
        {
            return RedirectOutcome.None;
        }

        int rule = Next(matching, after: -1, forcedOnly: false, ref captures);
        for (int tried = 0; rule >= 0 && tried < MostToItself; tried++)
        {
            if (_rules[rule].TryApply(captures, forcedOnly, ref path, response, out RedirectOutcome outcome))
            {
                return outcome;
            }

            rule = Next(matching, after: rule, forcedOnly: false, ref captures);
        }

        return RedirectOutcome.None;
    }

    /// <summary>
    /// The first rule behind the one numbered <paramref name="after"/> whose pattern is marked and that is for the request; −1 if there
    /// is none. The slots are then its own.
    /// </summary>
    private int Next(ReadOnlySpan<ulong> matching, int after, bool forcedOnly, ref Captures captures)
    {
        for (int rule = after + 1; rule < _rules.Length; rule++)
        {
            ulong rest = matching[rule / 64] >> (rule % 64);
            if (rest == 0)
            {
                rule |= 63; // None of this word is left: on to the next.
                continue;
            }

            rule += BitOperations.TrailingZeroCount(rest);
            if ((_rules[rule].IsForced || !forcedOnly) && _rules[rule].Matches(ref captures))
            {
                return rule;
            }
        }

        return -1;
    }
}
