using System;
using AotServe.Sites.Paths;

namespace AotServe.Sites.Rules;

/// <summary>
/// The paths that a rule is for: literal segments, <c>:placeholders</c>, each of which stands for one segment or a part of
/// it, and one <c>*</c> (the splat), which stands for any bytes. Every wildcard can match in one way only, so that matching
/// takes one pass. Immutable; any thread may use it.
/// </summary>
/// <remarks>
/// Paths are matched as <see cref="RequestPath"/> makes them, decoded and normalised, in the form of
/// <see cref="Captures.Path"/>. A slash at the end makes no difference unless it is asked for; and <c>/blog/*</c> is for
/// <c>/blog</c> too.
/// </remarks>
internal sealed class PathPattern(PathSegment[] front, PathSegment? splat, PathSegment[] back, string[] names, bool hasSlash)
{
    /// <summary>The name by which a splat's value is referred to.</summary>
    public const string SplatName = "splat";

    /// <summary>The names of the captures, in the order of their slots.</summary>
    public ReadOnlySpan<string> Names => names;

    /// <summary>Whether there are no wildcards in it.</summary>
    public bool IsLiteral => names.Length == 0;

    /// <summary>Whether the last thing in it is the splat, which then takes a slash at the end as well.</summary>
    private bool EndsInSplat => splat is { After.Length: 0 } && back.Length == 0;

    /// <summary>The literal segments that it begins with, joined by slashes: what every path that matches begins with.</summary>
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
    /// <param name="captures">The path, and room for what the wildcards stand for.</param>
    /// <param name="slashMatters">Whether both or neither must end in a slash.</param>
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

        // One past the end: everything is matched. At it, behind a slash: an empty splat is left to match.
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

            if (!Take(segment, path.Slice(at, length), at, ref captures))
            {
                return false;
            }

            at += length + 1;
        }

        return splat is { } wildcard ? MatchSplat(wildcard, path, at, ref captures) : at > path.Length;
    }

    /// <summary>The splat's own slot comes before those of the segments behind it, as its name does.</summary>
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

            if (!Take(segment, path.Slice(end, length), end, ref captures))
            {
                return false;
            }

            end += length;
        }

        return true;
    }

    private static bool Take(PathSegment segment, ReadOnlySpan<byte> bytes, int at, ref Captures captures)
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
