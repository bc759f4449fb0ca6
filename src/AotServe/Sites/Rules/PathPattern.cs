using System;
using AotServe.Sites.Paths;

namespace AotServe.Sites.Rules;

/// <summary>
/// The paths that a rule is for: literal segments, <c>:placeholders</c>, each of which matches one segment or a part of it, and
/// one <c>*</c> (the splat), which matches any bytes. Every wildcard can match in one way only, so that matching takes one pass.
/// Immutable; any thread may use it.
/// </summary>
/// <remarks>
/// Paths are in the form of <see cref="ResolvedPath.WithSlash"/>: decoded and normalised. A slash at the end is ignored unless
/// the caller says otherwise; and <c>/blog/*</c> matches <c>/blog</c> too.
/// </remarks>
internal sealed class PathPattern(PathSegment[] front, PathSegment? splat, PathSegment[] back, string[] names, bool hasSlash)
{
    /// <summary>The name of the splat's capture.</summary>
    public const string SplatName = "splat";

    /// <summary>The names of the captures, in the order of their slots.</summary>
    public ReadOnlySpan<string> Names => names;

    /// <summary>Whether it ends in the splat, which then also matches a slash at the end.</summary>
    private bool EndsInSplat => splat is { After.Length: 0 } && back.Length == 0;

    /// <summary>The literal segments that it begins with, joined by slashes. Every path that matches begins with them.</summary>
    public byte[] LiteralStart()
    {
        int count = 0;
        int length = 0;
        for (; count < front.Length && front[count].IsLiteral; count++)
        {
            length += front[count].Before.Length + 1;
        }

        byte[] start = new byte[Math.Max(0, length - 1)];
        for (int i = 0, at = 0; i < count; at += front[i++].Before.Length + 1)
        {
            if (at > 0)
            {
                start[at - 1] = (byte)'/';
            }

            front[i].Before.CopyTo(start.AsSpan(at));
        }

        return start;
    }

    /// <summary>Whether the path of <paramref name="captures"/> matches; its slots are then filled.</summary>
    /// <param name="captures">The path, and the slots for the values of the wildcards.</param>
    /// <param name="slashMatters">Whether the pattern and the path must both, or neither, end in a slash.</param>
    public bool Match(ref Captures captures, bool slashMatters = false)
    {
        ReadOnlySpan<byte> path = captures.Path;
        captures.FromPath = 0;
        bool endsInSlash = path.IsEmpty || path[^1] == '/';
        if (slashMatters && !EndsInSplat && endsInSlash != hasSlash)
        {
            return false;
        }

        if (!path.IsEmpty && endsInSlash && !EndsInSplat)
        {
            path = path[..^1];
        }

        // Beyond the end: the whole path is matched. At the end, behind a slash: an empty splat may follow.
        int at = path.IsEmpty ? 1 : 0;
        foreach (PathSegment segment in front)
        {
            if (at > path.Length)
            {
                return false;
            }

            int length = path[at..].IndexOf((byte)'/');
            if (length < 0)
            {
                length = path.Length - at;
            }

            if (!MatchSegment(segment, path.Slice(at, length), at, ref captures))
            {
                return false;
            }

            at += length + 1;
        }

        return splat is { } wildcard ? MatchSplat(wildcard, path, at, ref captures) : at > path.Length;
    }

    /// <summary>Matches the splat and what follows it. Its slot comes before those of the segments behind it, as its name does.</summary>
    private bool MatchSplat(PathSegment wildcard, ReadOnlySpan<byte> path, int at, ref Captures captures)
    {
        if (at > path.Length)
        {
            captures.Slots[captures.FromPath++] = (path.Length, 0);
            return EndsInSplat && wildcard.Before.Length == 0;
        }

        int end = path.Length;
        for (int i = back.Length; i > 0; i--)
        {
            int slash = path[at..end].LastIndexOf((byte)'/');
            if (slash < 0)
            {
                return false;
            }

            end = at + slash;
        }

        if (!wildcard.Matches(path[at..end], 0))
        {
            return false;
        }

        int start = at + wildcard.Before.Length;
        captures.Slots[captures.FromPath++] = (start, end - wildcard.After!.Length - start);
        foreach (PathSegment segment in back)
        {
            end++;
            int length = path[end..].IndexOf((byte)'/');
            if (length < 0)
            {
                length = path.Length - end;
            }

            if (!MatchSegment(segment, path.Slice(end, length), end, ref captures))
            {
                return false;
            }

            end += length;
        }

        return true;
    }

    private static bool MatchSegment(PathSegment segment, ReadOnlySpan<byte> bytes, int at, ref Captures captures)
    {
        if (!segment.Matches(bytes, 1))
        {
            return false;
        }

        if (!segment.IsLiteral)
        {
            captures.Slots[captures.FromPath++] =
                (at + segment.Before.Length, bytes.Length - segment.Before.Length - segment.After!.Length);
        }

        return true;
    }
}
