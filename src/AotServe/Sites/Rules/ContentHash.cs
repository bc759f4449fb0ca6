using System;
using AotServe.Http;

namespace AotServe.Sites.Rules;

/// <summary>
/// Recognises file names with a hash of the content, as build tools write them (<c>app.3f2a9c1b.js</c>,
/// <c>index-BX7s9dKq.js</c>): such a file never changes. It is a heuristic. A hash that is missed costs revalidation; a date or
/// version that is taken for a hash would be cached for a year, so the rules are strict.
/// </summary>
internal static class ContentHash
{
    private const int ShortestHex = 8;

    /// <summary>For a name of hexadecimal digits only.</summary>
    private const int ShortestBareHex = 16;

    /// <summary>The length of the hashes of Vite, Rollup and esbuild: letters and digits, in some tools also - and _.</summary>
    private const int MixedLength = 8;

    /// <summary>Whether the last name of <paramref name="path"/> has a hash before one of its extensions.</summary>
    public static bool IsInName(ReadOnlySpan<byte> path)
    {
        ReadOnlySpan<byte> name = path[(path.LastIndexOf((byte)'/') + 1)..];
        bool isFirst = true;
        for (int dot = name.IndexOf((byte)'.'); dot >= 0; dot = name.IndexOf((byte)'.'))
        {
            if (EndsInHash(name[..dot], isFirst))
            {
                return true;
            }

            name = name[(dot + 1)..];
            isFirst = false;
        }

        return false;
    }

    /// <summary>Whether a part between dots is a hash, or ends in a separator and a hash.</summary>
    private static bool EndsInHash(ReadOnlySpan<byte> part, bool isFirst)
    {
        int separator = part.LastIndexOfAny((byte)'-', (byte)'_');
        ReadOnlySpan<byte> last = part[(separator + 1)..];
        bool isAlone = isFirst && separator < 0;
        if (last.Length >= (isAlone ? ShortestBareHex : ShortestHex) && IsHex(last))
        {
            return !IsUuid(part);
        }

        if (part.Length == MixedLength)
        {
            return !isFirst && IsMixed(part);
        }

        return part.Length > MixedLength && part[^(MixedLength + 1)] is (byte)'-' or (byte)'_' && IsMixed(part[^MixedLength..]);
    }

    /// <summary>
    /// Hexadecimal digits of one case, with both letters and figures (a date has no letters, a word no figures), and not a date
    /// followed by a letter.
    /// </summary>
    private static bool IsHex(ReadOnlySpan<byte> text)
    {
        int letters = 0;
        int capitals = 0;
        foreach (byte octet in text)
        {
            if (ByteClass.HexValue(octet) < 0)
            {
                return false;
            }

            letters += char.IsAsciiLetter((char)octet) ? 1 : 0;
            capitals += char.IsAsciiLetterUpper((char)octet) ? 1 : 0;
        }

        return letters > 0 && letters < text.Length && (capitals == 0 || capitals == letters) && !BeginsWithDate(text);
    }

    private static bool BeginsWithDate(ReadOnlySpan<byte> text) =>
        (text.StartsWith("19"u8) || text.StartsWith("20"u8)) && !text[..8].ContainsAnyExceptInRange((byte)'0', (byte)'9')
        && text[4] is (byte)'0' or (byte)'1' && text[6] <= '3';

    /// <summary>A UUID does not depend on the content. Its groups have 8, 4, 4, 4 and 12 digits.</summary>
    private static bool IsUuid(ReadOnlySpan<byte> part) =>
        part.Length >= 36 && part[^36..] is var uuid && uuid[8] == '-' && uuid[13] == '-' && uuid[18] == '-' && uuid[23] == '-';

    /// <summary>
    /// Letters and figures in random order: a figure before a letter, and more changes between kinds than a word with a number
    /// has. For capitals and figures only, fewer changes suffice.
    /// </summary>
    private static bool IsMixed(ReadOnlySpan<byte> text)
    {
        int changes = 0;
        bool hasFigureBeforeLetter = false;
        bool hasLowerCase = false;
        int before = -1;
        foreach (byte octet in text)
        {
            int kind = octet switch
            {
                >= (byte)'0' and <= (byte)'9' => 0,
                >= (byte)'A' and <= (byte)'Z' => 1,
                >= (byte)'a' and <= (byte)'z' => 2,
                (byte)'-' or (byte)'_' => 3,
                _ => -1,
            };
            if (kind < 0)
            {
                return false;
            }

            changes += before >= 0 && kind != before ? 1 : 0;
            hasFigureBeforeLetter |= before == 0 && kind is 1 or 2;
            hasLowerCase |= kind == 2;
            before = kind;
        }

        return hasFigureBeforeLetter && changes >= (hasLowerCase ? 4 : 2);
    }
}
