using System;
using AotServe.Files;

namespace AotServe.Sites.Representations;

/// <summary>Entity tags (RFC 9110 §8.8.3): those of files, and lists of them in preconditions.</summary>
internal static class EntityTag
{
    /// <summary>The length of the longest tag that <see cref="Format"/> writes.</summary>
    public const int MaxLength = 2 + 16 + 1 + 16 + MaxSuffixLength;

    /// <summary>The length of the longest suffix.</summary>
    private const int MaxSuffixLength = 4;

    /// <summary>
    /// Writes the strong entity tag of a file: the time of its last change in nanoseconds and its size, both in
    /// hexadecimal. Two versions of the same size that are written within one tick of the file system's clock have the same tag.
    /// </summary>
    /// <param name="entry">The file.</param>
    /// <param name="destination">At least <see cref="MaxLength"/> bytes.</param>
    /// <param name="suffix">Distinguishes a content coding from the file itself; at most 4 bytes.</param>
    /// <returns>The tag, with its quotes.</returns>
    public static ReadOnlySpan<byte> Format(
        scoped in FileEntry entry, Span<byte> destination, scoped ReadOnlySpan<byte> suffix = default)
    {
        destination[0] = (byte)'"';
        entry.ModifiedTotalNanoseconds.TryFormat(destination[1..], out int time, "x");
        destination[1 + time] = (byte)'-';
        entry.Length.TryFormat(destination[(2 + time)..], out int size, "x");
        int length = 2 + time + size;
        suffix.CopyTo(destination[length..]);
        length += suffix.Length;
        destination[length++] = (byte)'"';
        return destination[..length];
    }

    /// <summary>
    /// Whether <paramref name="list"/>, the value of one If-Match or If-None-Match field line, holds
    /// <paramref name="tag"/> (RFC 9110 §8.8.3.2). Members behind a malformed one are ignored, which is safe: without a match the
    /// client gets the whole representation or 412.
    /// </summary>
    /// <param name="list">A list of entity tags; the caller handles <c>*</c>.</param>
    /// <param name="tag">A strong tag.</param>
    /// <param name="isWeak">Whether the comparison is weak, which ignores <c>W/</c>. In a strong one no weak tag matches.</param>
    public static bool IsInList(ReadOnlySpan<byte> list, ReadOnlySpan<byte> tag, bool isWeak)
    {
        while (true)
        {
            list = list.TrimStart(" \t,"u8);
            bool isComparable = isWeak || !list.StartsWith("W/"u8);
            if (list.StartsWith("W/"u8))
            {
                list = list[2..];
            }

            if (list.Length < 2 || list[0] != '"')
            {
                return false;
            }

            int length = list[1..].IndexOf((byte)'"') + 2;
            if (length < 2)
            {
                return false;
            }

            if (isComparable && list[..length].SequenceEqual(tag))
            {
                return true;
            }

            list = list[length..].TrimStart(" \t"u8);
            if (!list.IsEmpty && list[0] != ',')
            {
                return false;
            }
        }
    }
}
