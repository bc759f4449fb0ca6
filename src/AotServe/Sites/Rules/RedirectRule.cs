using System;
using System.Runtime.CompilerServices;
using AotServe.Files;
using AotServe.Sites.Paths;

namespace AotServe.Sites.Rules;

/// <summary>A line of <c>_redirects</c>.</summary>
/// <param name="Pattern">The paths that it is for.</param>
/// <param name="Parameters">The parameters that the query must have, and no others; empty: whatever query.</param>
/// <param name="Target">Where it leads.</param>
/// <param name="Status">301, 302, 303, 307, 308: redirect; 200, 404: answer with that status and the target's content.</param>
/// <param name="IsForced">Whether it goes before a file that exists.</param>
/// <param name="SlashMatters">Whether it only adds or takes away a slash at the end.</param>
internal sealed record RedirectRule(
    PathPattern Pattern,
    ExpectedParameter[] Parameters,
    RedirectTarget Target,
    int Status,
    bool IsForced,
    bool SlashMatters)
{
    public bool IsRewrite => Status is 200 or 404;

    /// <summary>Whether the rule is for this request; the slots of <paramref name="captures"/> are then filled.</summary>
    public bool Matches(ref Captures captures) =>
        Pattern.Match(ref captures, SlashMatters) && (Parameters.Length == 0 || MatchesQuery(ref captures)) && !LeadsToItself(captures);

    /// <summary>Parameters may come in any order; one that the rule does not name is one too many.</summary>
    private bool MatchesQuery(ref Captures captures)
    {
        int found = 0;
        for (int start = 0; start < captures.Query.Length;)
        {
            ReadOnlySpan<byte> parameter = captures.Query[start..];
            int end = parameter.IndexOf((byte)'&');
            if (end >= 0)
            {
                parameter = parameter[..end];
            }

            if (!parameter.IsEmpty)
            {
                if (!MatchesParameter(parameter, start, ref captures, out int slot) || (found & (1 << slot)) != 0)
                {
                    return false;
                }

                found |= 1 << slot;
            }

            start += parameter.Length + 1;
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

    /// <summary>
    /// Whether it would send the client back to where it is, without end: such a rule is passed over (<c>/* /</c> for
    /// <c>/</c> itself).
    /// </summary>
    [SkipLocalsInit]
    private bool LeadsToItself(in Captures captures)
    {
        if (IsRewrite || Target.Origin.Length > 0)
        {
            return false;
        }

        const int Usual = 4096;
        int longest = Target.MaxLength(captures);
        Span<byte> location = longest <= Usual ? stackalloc byte[Usual] : new byte[longest];
        int length = 0;
        Target.Path.Expand(captures, location, ref length, isPath: true);
        Span<byte> path = stackalloc byte[RootFolder.LongestPath + 1];
        if (RequestPath.Resolve(location[..length], path[..RootFolder.LongestPath], out int resolved, out bool namesFolder, false)
            != RequestPathStatus.Valid)
        {
            return false;
        }

        if (namesFolder && resolved > 0)
        {
            path[resolved++] = (byte)'/';
        }

        if (!path[..resolved].SequenceEqual(captures.Path))
        {
            return false;
        }

        if (Parameters.Length == 0)
        {
            return true;
        }

        length = 0;
        Target.Query?.Expand(captures, location, ref length, isPath: false);
        return location[..length].SequenceEqual(captures.Query);
    }
}
