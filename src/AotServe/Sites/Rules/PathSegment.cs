using System;

namespace AotServe.Sites.Rules;

/// <summary>One segment of a <see cref="PathPattern"/>: a literal, or a wildcard with literal bytes around it.</summary>
/// <param name="before">The bytes before the wildcard, or all of a literal.</param>
/// <param name="after">The bytes after the wildcard; null for a literal.</param>
internal readonly struct PathSegment(byte[] before, byte[]? after)
{
    /// <summary>The bytes before the wildcard, or all of a literal.</summary>
    public byte[] Before => before;

    /// <summary>The bytes after the wildcard; null for a literal.</summary>
    public byte[]? After => after;

    /// <summary>Whether there is no wildcard in it.</summary>
    public bool IsLiteral => After is null;

    /// <summary>Whether there is a wildcard and nothing around it.</summary>
    public bool MatchesAny => Before.Length == 0 && After is { Length: 0 };

    /// <summary>Whether it matches what <paramref name="other"/> matches.</summary>
    public bool IsSameAs(in PathSegment other) =>
        Before.AsSpan().SequenceEqual(other.Before) && IsLiteral == other.IsLiteral && After.AsSpan().SequenceEqual(other.After);

    /// <summary>
    /// Whether <paramref name="segment"/> matches, with at least <paramref name="least"/> bytes for the wildcard.
    /// </summary>
    public bool Matches(ReadOnlySpan<byte> segment, int least) => After is null ? segment.SequenceEqual(Before)
        : MatchesAny ? segment.Length >= least
        : segment.Length >= Before.Length + After.Length + least && segment.StartsWith(Before) && segment.EndsWith(After);
}
