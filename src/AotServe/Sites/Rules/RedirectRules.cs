using System;
using System.Collections.Generic;
using AotServe.Http;
using AotServe.Sites.Paths;

namespace AotServe.Sites.Rules;

/// <summary>The rules of a <c>_redirects</c> file. Immutable; any thread may use it.</summary>
internal sealed class RedirectRules
{
    /// <summary>
    /// A request tries no more rules than this that would lead to itself. Own choice: one is usual, <c>/* /</c>; each costs a
    /// pass over the rules.
    /// </summary>
    private const int MostToItself = 4;

    private readonly RedirectRule[] _rules;
    private readonly PathIndex _index;
    private readonly bool _expectsParameters;

    public RedirectRules(IReadOnlyList<RedirectRule> rules)
    {
        _rules = [.. rules];
        _index = new PathIndex(Array.ConvertAll(_rules, static rule => rule.Pattern));
        _expectsParameters = Array.Exists(_rules, static rule => rule.Parameters.Length > 0);
        AnyForced = Array.Exists(_rules, static rule => rule.IsForced);
    }

    public int Count => _rules.Length;

    /// <summary>Whether any rule applies even if a file exists at the path.</summary>
    public bool AnyForced { get; }

    /// <summary>Applies the first rule that matches. The target of the rule is expanded once.</summary>
    /// <param name="path">The path of the request; the path of another file after a rewrite.</param>
    /// <param name="query">The request's query.</param>
    /// <param name="forcedOnly">Whether the rule only applies if it is forced, because there may be a file at the path.</param>
    /// <param name="response">The response, which a redirect is written to.</param>
    public RedirectOutcome Apply(ref ResolvedPath path, ReadOnlySpan<byte> query, bool forcedOnly, Response response)
    {
        Span<(int, int)> slots = stackalloc (int, int)[RuleFile.MaxCaptures];
        var captures = new Captures(path.WithSlash, query, slots)
        {
            Parameters = _expectsParameters ? QueryDecoding.Split(query, stackalloc (int, int)[RuleFile.MaxCaptures]) : default,
        };
        if (forcedOnly && FindMatch(ref captures, after: -1, forcedOnly) < 0)
        {
            return RedirectOutcome.None;
        }

        int rule = FindMatch(ref captures, after: -1);
        for (int tried = 0; rule >= 0 && tried < MostToItself; tried++)
        {
            if (_rules[rule].TryApply(captures, forcedOnly, ref path, response, out RedirectOutcome outcome))
            {
                return outcome;
            }

            rule = FindMatch(ref captures, after: rule);
        }

        return RedirectOutcome.None;
    }

    /// <summary>The first matching rule behind the one numbered <paramref name="after"/>; −1 if there is none.</summary>
    private int FindMatch(ref Captures captures, int after, bool forcedOnly = false)
    {
        int first = int.MaxValue;
        for (PathIndex.Walk walk = _index.Candidates(captures.Path); walk.Next();)
        {
            foreach (int rule in walk.Rules)
            {
                if (rule >= first)
                {
                    break;
                }

                if (rule > after && (_rules[rule].IsForced || !forcedOnly) && _rules[rule].Matches(ref captures))
                {
                    first = rule;
                }
            }
        }

        if (first == int.MaxValue)
        {
            return -1;
        }

        _rules[first].Matches(ref captures); // Once more: the slots are those of the last rule that was tried.
        return first;
    }
}
