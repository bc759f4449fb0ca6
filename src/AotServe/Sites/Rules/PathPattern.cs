using System;
using AotServe.Sites.Paths;

namespace AotServe.Sites.Rules;

/// <summary>
/// The paths that a rule is for: literal segments, <c>:placeholders</c>, each of which matches one segment or a part of it, and
/// one <c>*</c> (the splat), which matches any bytes. Every wildcard can match in one way only, so that matching takes one pass.
/// Immutable; any thread may use it.
/// </summary>
/// <remarks>
/// Paths are in the form of <see cref="ResolvedPath.WithSlash"/>: decoded and normalised. A slash at the end is ignored; and <c>/blog/*</c> matches <c>/blog</c> too.
/// </remarks>
internal sealed class PathPattern(PathSegment[] front, PathSegment? splat, PathSegment[] back, string[] names, bool hasSlash)
{
    private readonly bool _takesAnyRest = splat is { MatchesAny: true } && back.Length == 0;

    /// <summary>The name of the splat's capture.</summary>
    public const string SplatName = "splat";

    /// <summary>The names of the captures, in the order of their slots.</summary>
    public ReadOnlySpan<string> Names => names;

    /// <summary>Whether it ends in the splat, which then also matches a slash at the end.</summary>
    private bool EndsInSplat => splat is { After.Length: 0 } && back.Length == 0;

    /// <summary>The segments before the splat; all of them where there is none.</summary>
    public ReadOnlySpan<PathSegment> Front => front;

    /// <summary>Whether there is a splat.</summary>
    public bool HasSplat => splat is not null;

    /// <summary>The most steps that <see cref="Match"/> takes: the segments that are compared, and one.</summary>
    public int Steps => front.Length + StepsFromSplat;

    /// <summary>The most steps that <see cref="MatchesFromSplat"/> takes.</summary>
    public int StepsFromSplat => 1 + back.Length;

    /// <summary>
    /// Whether pattern and path both, or neither, end in a slash. It matters for a rule that adds a slash to a path, or takes it away.
    /// </summary>
    public bool HasSlashAs(in Captures captures) => EndsInSplat || captures.EndsInSlash == hasSlash;

    /// <summary>Whether a path matches from the splat on, if its first segments match those of <see cref="Front"/>.</summary>
    public bool MatchesFromSplat(in Captures captures)
    {
        if (_takesAnyRest)
        {
            return true;
        }

        if (splat is not { } wildcard || !HasLength(captures.SegmentCount)
            || !wildcard.Matches(captures.Path[SplatStart(captures)..SplatEnd(captures)], 0))
        {
            return false;
        }

        int at = captures.SegmentCount - back.Length;
        foreach (ref readonly PathSegment segment in back.AsSpan())
        {
            if (!segment.Matches(captures.Path[captures.StartOf(at)..captures.EndOf(at)], 1))
            {
                return false;
            }

            at++;
        }

        return true;
    }

    /// <summary>Whether the path of <paramref name="captures"/> matches; its slots are then filled.</summary>
    public bool Match(ref Captures captures)
    {
        captures.FromPath = 0;
        return HasLength(captures.SegmentCount)
            && MatchSegments(front, 0, ref captures)
            && (splat is not { } wildcard || MatchSplat(wildcard, ref captures))
            && MatchSegments(back, captures.SegmentCount - back.Length, ref captures);
    }

    /// <summary>Whether a path can match that has so many segments.</summary>
    private bool HasLength(int segments)
    {
        int least = front.Length + back.Length;
        return splat is null ? segments == least : EndsInSplat ? segments >= least : segments > least;
    }

    /// <summary>Where the splat begins. "/blog/*" is for "/blog" too: it is then empty, beyond the last segment.</summary>
    private int SplatStart(in Captures captures) =>
        captures.SegmentCount == front.Length ? captures.Path.Length : captures.StartOf(front.Length);

    private int SplatEnd(in Captures captures) =>
        EndsInSplat ? captures.Path.Length : captures.EndOf(captures.SegmentCount - back.Length - 1);

    /// <summary>Matches the splat. Its slot comes before those of the segments behind it, as its name does.</summary>
    private bool MatchSplat(in PathSegment wildcard, ref Captures captures)
    {
        int start = SplatStart(captures);
        int end = SplatEnd(captures);
        if (!wildcard.Matches(captures.Path[start..end], 0))
        {
            return false;
        }

        start += wildcard.Before.Length;
        captures.Slots[captures.FromPath++] = (start, end - wildcard.After!.Length - start);
        return true;
    }

    private static bool MatchSegments(PathSegment[] segments, int at, ref Captures captures)
    {
        foreach (ref readonly PathSegment segment in segments.AsSpan())
        {
            int start = captures.StartOf(at);
            ReadOnlySpan<byte> bytes = captures.Path[start..captures.EndOf(at++)];
            if (!segment.Matches(bytes, 1))
            {
                return false;
            }

            if (!segment.IsLiteral)
            {
                captures.Slots[captures.FromPath++] =
                    (start + segment.Before.Length, bytes.Length - segment.Before.Length - segment.After!.Length);
            }
        }

        return true;
    }
}
