using System;
using System.Runtime.CompilerServices;
using AotServe.Http;
using AotServe.Sites.Paths;

namespace AotServe.Sites.Rules;

/// <summary>A line of <c>_redirects</c>.</summary>
internal sealed class RedirectRule
{
    /// <summary>The paths that it is for.</summary>
    public required PathPattern Pattern { get; init; }

    /// <summary>The parameters that the query must have, and no others; empty: any query matches.</summary>
    public required ExpectedParameter[] Parameters { get; init; }

    /// <summary>The address that it leads to.</summary>
    public required RedirectTarget Target { get; init; }

    /// <summary>301, 302, 303, 307, 308: redirect; 200, 404, 410, 451, 503: answer with that status and the target's content.</summary>
    public required int Status { get; init; }

    /// <summary>Whether it applies even if a file exists at the path (<c>!</c>).</summary>
    public required bool IsForced { get; init; }

    /// <summary>Whether pattern and target differ by a slash at the end only, so that the slash has to match.</summary>
    public required bool SlashMatters { get; init; }

    /// <summary>The number of its line.</summary>
    public required int Line { get; init; }

    /// <summary>
    /// The most steps that a request takes for it once its pattern matches: each parameter that was sent is looked for among those that
    /// it names. A forced rule is looked at twice.
    /// </summary>
    public int Steps => (IsForced ? 2 : 1) * (1 + (Parameters.Length * (Parameters.Length + 1) / 2));

    /// <summary>Whether the client gets the target's content, and is not redirected.</summary>
    public bool IsRewrite => RedirectsReader.IsRewrite(Status);

    /// <summary>
    /// Whether the rule is for a request whose path its pattern matches; the slots of <paramref name="captures"/> are then filled.
    /// </summary>
    public bool Matches(ref Captures captures)
    {
        captures.FromPath = Pattern.Names.Length;
        return (!SlashMatters || Pattern.HasSlashAs(captures))
            && (Parameters.Length == 0 || MatchesQuery(ref captures))
            && Pattern.Match(ref captures);
    }

    /// <summary>
    /// Applies the rule to a request that it <see cref="Matches"/>. False, and nothing is done, where it would send the client
    /// back to the address that it asks for, without end (<c>/* /</c> for <c>/</c> itself).
    /// </summary>
    /// <param name="captures">What the wildcards stand for.</param>
    /// <param name="forcedOnly">Whether only a forced rule does anything.</param>
    /// <param name="path">The path of the request; the path of another file after a rewrite.</param>
    /// <param name="response">The response, which a redirect is written to.</param>
    /// <param name="outcome">What was done.</param>
    [SkipLocalsInit]
    public bool TryApply(
        scoped Captures captures, bool forcedOnly, ref ResolvedPath path, Response response, out RedirectOutcome outcome)
    {
        // A query whose parameters the rule has taken apart is not passed on as well.
        Span<byte> buffer = stackalloc byte[RuleFile.MaxExpanded];
        if (!Target.TryExpand(captures, passQuery: Parameters.Length == 0, buffer, out ExpandedTarget target))
        {
            outcome = AnswerTooLong(forcedOnly, response);
            return true;
        }

        outcome = RedirectOutcome.None;
        if (LeadsToItself(target, captures))
        {
            return false;
        }

        if (forcedOnly && !IsForced)
        {
            return true;
        }

        if (IsRewrite)
        {
            path.Resolve(target.Path);
            outcome = (RedirectOutcome)Status;
            return true;
        }

        response.Start(Status);
        response.Field("Location"u8, target.Reference);
        response.EndWithBody(default);
        outcome = RedirectOutcome.Answered;
        return true;
    }

    private RedirectOutcome AnswerTooLong(bool forcedOnly, Response response)
    {
        if (forcedOnly && !IsForced)
        {
            return RedirectOutcome.None;
        }

        ErrorPage.Write(response, 414, "A rule of this site makes an address of this one that is too long."u8);
        return RedirectOutcome.Answered;
    }

    /// <summary>Parameters may come in any order. One that the rule does not name means no match.</summary>
    private bool MatchesQuery(ref Captures captures)
    {
        if (captures.Parameters.Length != Parameters.Length)
        {
            return false;
        }

        int found = 0;
        foreach (ref readonly SentParameter sent in captures.Parameters)
        {
            if (!MatchesParameter(sent, ref captures, out int index) || (found & (1 << index)) != 0)
            {
                return false;
            }

            found |= 1 << index;
        }

        return found == (1 << Parameters.Length) - 1;
    }

    private bool MatchesParameter(in SentParameter sent, ref Captures captures, out int index)
    {
        ReadOnlySpan<byte> name = captures.Query.Slice(sent.Start, sent.NameLength);
        int slot = captures.FromPath;
        for (index = 0; index < Parameters.Length; index++)
        {
            byte[]? literal = Parameters[index].Value;
            if (name.SequenceEqual(Parameters[index].Name))
            {
                if (literal is null)
                {
                    captures.Slots[slot] = (sent.ValueStart, sent.ValueLength);
                }

                return literal is null || captures.Decoded.Slice(sent.ValueStart, sent.DecodedLength).SequenceEqual(literal);
            }

            if (literal is null)
            {
                slot++;
            }
        }

        return false;
    }

    [SkipLocalsInit]
    private bool LeadsToItself(scoped in ExpandedTarget target, scoped in Captures captures)
    {
        if (IsRewrite || Target.HasOrigin)
        {
            return false;
        }

        var path = new ResolvedPath(stackalloc byte[ResolvedPath.BufferLength]);
        return path.Resolve(target.Path) is RequestPathStatus.Valid or RequestPathStatus.NoFile
            && path.WithSlash.SequenceEqual(captures.Path)
            && (Parameters.Length == 0 || target.Query.SequenceEqual(captures.Query));
    }
}
