using System;

namespace AotServe.Sites.Rules;

/// <summary>One segment of a <see cref="PathPattern"/>: a literal, or a wildcard with literal bytes around it.</summary>
/// <param name="Before">The bytes before the wildcard, or all of a literal.</param>
/// <param name="After">The bytes after the wildcard; null for a literal.</param>
internal readonly record struct PathSegment(byte[] Before, byte[]? After)
{
    public bool IsLiteral => After is null;

    /// <summary>
    /// Whether <paramref name="segment"/> matches, with at least <paramref name="least"/> bytes for the wildcard.
    /// </summary>
    public bool Matches(ReadOnlySpan<byte> segment, int least) => After is null
        ? segment.SequenceEqual(Before)
        : segment.Length >= Before.Length + After.Length + least && segment.StartsWith(Before) && segment.EndsWith(After);
}
