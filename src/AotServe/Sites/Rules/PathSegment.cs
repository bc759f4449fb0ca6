using System;

namespace AotServe.Sites.Rules;

/// <summary>One segment of a <see cref="PathPattern"/>: a literal, or a wildcard with literal bytes around it.</summary>
/// <param name="Before">The whole of a literal; what comes before a wildcard.</param>
/// <param name="After">What comes after the wildcard; null: a literal.</param>
internal readonly record struct PathSegment(byte[] Before, byte[]? After)
{
    public bool IsLiteral => After is null;

    /// <summary>
    /// Whether <paramref name="segment"/> is of this form, with at least <paramref name="least"/> bytes where the wildcard
    /// stands.
    /// </summary>
    public bool Matches(ReadOnlySpan<byte> segment, int least) => After is null
        ? segment.SequenceEqual(Before)
        : segment.Length >= Before.Length + After.Length + least && segment.StartsWith(Before) && segment.EndsWith(After);
}
