using System;

namespace AotServe.Sites.Representations.Ranges;

/// <summary>A satisfiable range of a representation (RFC 9110 §14.1.2), in bytes.</summary>
/// <param name="First">The position of its first byte.</param>
/// <param name="Length">How many bytes it has; at least one.</param>
internal readonly record struct ByteRange(long First, long Length)
{
    /// <summary>
    /// Roughly how many bytes a part of a multipart response takes beside its content. Ranges with a smaller gap between them are
    /// combined (RFC 9110 §15.3.7.2).
    /// </summary>
    private const int PartOverhead = 80;

    /// <summary>The position after its last byte.</summary>
    public long End => First + Length;

    /// <summary>Whether it overlaps the other, or one part for both takes fewer bytes than two parts.</summary>
    public bool IsNear(ByteRange other) => other.First - End < PartOverhead && First - other.End < PartOverhead;

    /// <summary>The range from the start of the first to the end of the last of the two.</summary>
    public ByteRange Span(ByteRange other)
    {
        long first = Math.Min(First, other.First);
        return new ByteRange(first, Math.Max(End, other.End) - first);
    }
}
