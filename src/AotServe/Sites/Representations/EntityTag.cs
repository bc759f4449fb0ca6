using System;
using System.Buffers.Binary;
using AotServe.Buffers;
using AotServe.Files;

namespace AotServe.Sites.Representations;

/// <summary>Entity tags (RFC 9110 §8.8.3): those of files, and lists of them in preconditions.</summary>
internal static class EntityTag
{
    /// <summary>The length of the longest tag that is written here.</summary>
    public const int MaxLength = 2 + 2 + HashLength + MaxSuffixLength;

    private const int HashLength = 16;

    /// <summary>The length of the longest suffix.</summary>
    private const int MaxSuffixLength = 4;

    private static ReadOnlySpan<byte> Weak => "W/"u8;

    /// <summary>
    /// Writes the strong entity tag of bytes: their hash in hexadecimal. It changes whenever the bytes do, whatever time a file
    /// has, and is the same on every server that holds the same bytes.
    /// </summary>
    /// <param name="hash">The hash, <see cref="XxHash64"/>.</param>
    /// <param name="destination">At least <see cref="MaxLength"/> bytes.</param>
    /// <param name="suffix">Distinguishes a content coding from the file itself; at most 4 bytes.</param>
    /// <returns>The tag, with its quotes.</returns>
    public static ReadOnlySpan<byte> Format(ulong hash, Span<byte> destination, scoped ReadOnlySpan<byte> suffix = default)
    {
        destination[0] = (byte)'"';
        hash.TryFormat(destination[1..], out _, "x16");
        suffix.CopyTo(destination[(1 + HashLength)..]);
        int length = 1 + HashLength + suffix.Length;
        destination[length++] = (byte)'"';
        return destination[..length];
    }

    /// <summary>
    /// Writes the weak entity tag of a version of a file whose bytes are not known: a hash of its identity, size and times. It
    /// changes whenever the file is touched, and differs between servers; no client joins two versions by it.
    /// </summary>
    /// <returns>The tag, with <c>W/</c> and its quotes.</returns>
    /// <inheritdoc cref="Format"/>
    public static ReadOnlySpan<byte> FormatVersion(
        scoped in FileEntry version, Span<byte> destination, scoped ReadOnlySpan<byte> suffix = default)
    {
        Span<byte> description = stackalloc byte[3 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(description, version.Version);
        BinaryPrimitives.WriteInt64LittleEndian(description[sizeof(ulong)..], version.Length);
        BinaryPrimitives.WriteInt64LittleEndian(description[(2 * sizeof(ulong))..], version.ModifiedTotalNanoseconds);
        Weak.CopyTo(destination);
        int length = Format(XxHash64.Compute(description), destination[Weak.Length..], suffix).Length;
        return destination[..(Weak.Length + length)];
    }

    /// <summary>
    /// Whether <paramref name="list"/>, the value of one If-Match or If-None-Match field line, holds
    /// <paramref name="tag"/> (RFC 9110 §8.8.3.2). Members behind a malformed one are ignored, which is safe: without a match the
    /// client gets the whole representation or 412.
    /// </summary>
    /// <param name="list">A list of entity tags; the caller handles <c>*</c>.</param>
    /// <param name="tag">A tag; empty: there is none, and nothing matches.</param>
    /// <param name="isWeak">Whether the comparison is weak, which ignores <c>W/</c>. In a strong one no weak tag matches.</param>
    public static bool IsInList(ReadOnlySpan<byte> list, ReadOnlySpan<byte> tag, bool isWeak)
    {
        if (tag.StartsWith(Weak))
        {
            tag = isWeak ? tag[Weak.Length..] : default;
        }

        while (true)
        {
            list = list.TrimStart(" \t,"u8);
            bool isComparable = isWeak || !list.StartsWith(Weak);
            if (list.StartsWith(Weak))
            {
                list = list[Weak.Length..];
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
