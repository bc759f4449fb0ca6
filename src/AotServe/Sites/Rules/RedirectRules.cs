using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using AotServe.Http;
using AotServe.Sites.Paths;

namespace AotServe.Sites.Rules;

/// <summary>The rules of a <c>_redirects</c> file. Immutable; any thread may use it.</summary>
internal sealed class RedirectRules
{
    private readonly RedirectRule[] _rules;
    private readonly PathIndex _index;

    public RedirectRules(IReadOnlyList<RedirectRule> rules)
    {
        _rules = [.. rules];
        _index = new PathIndex(Array.ConvertAll(_rules, static rule => rule.Pattern));
        AnyForced = Array.Exists(_rules, static rule => rule.IsForced);
    }

    public int Count => _rules.Length;

    /// <summary>Whether any rule goes before files that exist.</summary>
    public bool AnyForced { get; }

    /// <summary>Applies the first rule that matches; only if it is forced, where <paramref name="forcedOnly"/> says so.</summary>
    /// <param name="path">The request's path, in the form of <see cref="Captures.Path"/>.</param>
    /// <param name="query">The request's query.</param>
    /// <param name="forcedOnly">Whether a file may be there.</param>
    /// <param name="destination">
    /// Where the path of another file goes, as <see cref="RequestPath.Resolve"/> makes it; may be where
    /// <paramref name="path"/> is.
    /// </param>
    /// <param name="length">Its length, after <see cref="RedirectOutcome.Rewritten"/> and its like.</param>
    /// <param name="namesFolder">Whether it ends in a slash.</param>
    /// <param name="response">Where a redirect is written to.</param>
    [SkipLocalsInit]
    public RedirectOutcome Apply(
        ReadOnlySpan<byte> path,
        ReadOnlySpan<byte> query,
        bool forcedOnly,
        Span<byte> destination,
        out int length,
        out bool namesFolder,
        Response response)
    {
        length = 0;
        namesFolder = false;
        Span<(int, int)> slots = stackalloc (int, int)[RuleFile.MaxCaptures];
        var captures = new Captures(path, query, slots);
        if (Find(ref captures) is not { } rule || (forcedOnly && !rule.IsForced))
        {
            return RedirectOutcome.None;
        }

        const int Usual = 16 * 1024;
        int longest = rule.Target.MaxLength(captures);
        Span<byte> location = longest <= Usual ? stackalloc byte[Usual] : new byte[longest];
        if (rule.IsRewrite)
        {
            int end = 0;
            rule.Target.Path.Expand(captures, location, ref end, isPath: true);
            RequestPathStatus status = RequestPath.Resolve(
                location[..end], destination, out length, out namesFolder, OperatingSystem.IsWindows());
            return status != RequestPathStatus.Valid ? RedirectOutcome.RewrittenToNothing
                : rule.Status == 200 ? RedirectOutcome.Rewritten
                : RedirectOutcome.RewrittenNotFound;
        }

        // A query whose parameters the rule took apart is not passed on as well.
        int written = rule.Target.WriteTo(captures, passQuery: rule.Parameters.Length == 0, location);
        response.Start(rule.Status);
        response.Field("Location"u8, location[..written]);
        response.EndWithBody(default);
        return RedirectOutcome.Answered;
    }

    private RedirectRule? Find(ref Captures captures)
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

                if (_rules[rule].Matches(ref captures))
                {
                    first = rule;
                }
            }
        }

        if (first == int.MaxValue)
        {
            return null;
        }

        _rules[first].Matches(ref captures); // Again: the slots are those of the last rule that was tried.
        return _rules[first];
    }
}
