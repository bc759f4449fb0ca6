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

    /// <summary>301, 302, 303, 307, 308: redirect; 200, 404: answer with that status and the target's content.</summary>
    public required int Status { get; init; }

    /// <summary>Whether it applies even if a file exists at the path (<c>!</c>).</summary>
    public required bool IsForced { get; init; }

    /// <summary>Whether pattern and target differ by a slash at the end only, so that the slash has to match.</summary>
    public required bool SlashMatters { get; init; }

    /// <summary>Whether the client gets the target's content, and is not redirected.</summary>
    public bool IsRewrite => Status is 200 or 404;

    /// <summary>Whether the rule is for this request; the slots of <paramref name="captures"/> are then filled.</summary>
    public bool Matches(ref Captures captures) =>
        Pattern.Match(ref captures, SlashMatters) && (Parameters.Length == 0 || MatchesQuery(ref captures));

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
        const int Usual = 16 * 1024;
        int longest = Target.MaxLength(captures);
        Span<byte> buffer = longest <= Usual ? stackalloc byte[Usual] : new byte[longest];

        // A query whose parameters the rule has taken apart is not passed on as well.
        ExpandedTarget target = Target.Expand(captures, passQuery: Parameters.Length == 0, buffer);
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
            outcome = path.Resolve(target.Path) != RequestPathStatus.Valid ? RedirectOutcome.RewrittenToNothing
                : Status == 200 ? RedirectOutcome.Rewritten
                : RedirectOutcome.RewrittenNotFound;
            return true;
        }

        response.Start(Status);
        response.Field("Location"u8, target.Reference);
        response.EndWithBody(default);
        outcome = RedirectOutcome.Answered;
        return true;
    }

    /// <summary>Parameters may come in any order. One that the rule does not name means no match.</summary>
    private bool MatchesQuery(ref Captures captures)
    {
        if (captures.Parameters.Length != Parameters.Length)
        {
            return false;
        }

        int found = 0;
        foreach ((int start, int length) in captures.Parameters)
        {
            if (!MatchesParameter(captures.Query.Slice(start, length), start, ref captures, out int slot) || (found & (1 << slot)) != 0)
            {
                return false;
            }

            found |= 1 << slot;
        }

        return found == (1 << Parameters.Length) - 1;
    }

    private bool MatchesParameter(ReadOnlySpan<byte> parameter, int start, ref Captures captures, out int index)
    {
        int equals = parameter.IndexOf((byte)'=');
        ReadOnlySpan<byte> name = equals < 0 ? parameter : parameter[..equals];
        ReadOnlySpan<byte> value = equals < 0 ? default : parameter[(equals + 1)..];
        int slot = captures.FromPath;
        for (index = 0; index < Parameters.Length; index++)
        {
            byte[]? literal = Parameters[index].Value;
            if (name.SequenceEqual(Parameters[index].Name))
            {
                if (literal is null)
                {
                    captures.Slots[slot] = (start + parameter.Length - value.Length, value.Length);
                }

                return literal is null || EqualsDecoded(value, literal);
            }

            if (literal is null)
            {
                slot++;
            }
        }

        return false;
    }

    private static bool EqualsDecoded(ReadOnlySpan<byte> value, ReadOnlySpan<byte> decoded)
    {
        int at = 0;
        foreach (byte octet in decoded)
        {
            if (at >= value.Length || QueryDecoding.Next(value, ref at) != octet)
            {
                return false;
            }
        }

        return at == value.Length;
    }

    [SkipLocalsInit]
    private bool LeadsToItself(scoped in ExpandedTarget target, scoped in Captures captures)
    {
        if (IsRewrite || Target.HasOrigin)
        {
            return false;
        }

        var path = new ResolvedPath(stackalloc byte[ResolvedPath.BufferLength]);
        return path.Resolve(target.Path) == RequestPathStatus.Valid
            && path.WithSlash.SequenceEqual(captures.Path)
            && (Parameters.Length == 0 || target.Query.SequenceEqual(captures.Query));
    }
}
