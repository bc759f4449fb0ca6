using System;
using System.Text;
using AotServe.Http;

namespace AotServe.Sites.Rules;

/// <summary>
/// Recognises files whose names have a hash of the content, as bundlers write them (<c>app.3f2a9c1b.js</c>,
/// <c>index-BX7s9dKq.js</c>): such a file never changes. A hash that is missed costs a revalidation; a name that is wrongly taken for one
/// would be cached for a year. So type, form and place have to fit.
/// </summary>
internal static class HashedName
{
    private const int ShortestHex = 8;

    /// <summary>The length of the hashes of Vite, Rollup and esbuild.</summary>
    private const int MixedLength = 8;

    /// <summary>How many changes between capitals, small letters and figures tell a random text from what people write.</summary>
    private const int LeastPartsElsewhere = 5;
    private const int MostPartsOfNumbers = 5;

    /// <summary>MongoDB's ObjectId, MD5: names of data, unless a bundler wrote them.</summary>
    private const int ObjectIdLength = 24;
    private const int Md5Length = 32;

    /// <summary>The folders of which their frameworks' own servers say that nothing in them changes; each between colons.</summary>
    private static ReadOnlySpan<byte> Immutable => ":_next/static/:_nuxt/:_astro/:_app/immutable/:"u8;

    /// <summary>The folders that bundlers write to; each between colons.</summary>
    private static ReadOnlySpan<byte> Bundled => ":assets:static:build:dist:chunks:immutable:media:bundles:_expo:"u8;

    /// <summary>The types that bundlers put a hash into the names of; each between colons.</summary>
    private static ReadOnlySpan<byte> Programs => ":js:mjs:cjs:css:wasm:map:woff:woff2:ttf:otf:eot:"u8;

    private static ReadOnlySpan<byte> Images => ":png:jpg:jpeg:gif:webp:avif:svg:ico:"u8;

    /// <summary>Whether the file at <paramref name="path"/> beneath the root never changes, by its name and its place.</summary>
    public static bool IsCertain(ReadOnlySpan<byte> path)
    {
        int nameStart = path.LastIndexOf((byte)'/') + 1;
        ReadOnlySpan<byte> name = WithoutCoding(path[nameStart..]);
        int dot = name.LastIndexOf((byte)'.');
        if (dot <= 0)
        {
            return false;
        }

        bool isImage = IsIn(Images, name[(dot + 1)..]);
        if (!isImage && !IsIn(Programs, name[(dot + 1)..]))
        {
            return false;
        }

        ReadOnlySpan<byte> folders = path[..nameStart];
        if (IsBeneathImmutable(folders))
        {
            return true;
        }

        return HasHash(name[..dot], isImage, IsBeneathBundled(folders));
    }

    private static ReadOnlySpan<byte> WithoutCoding(ReadOnlySpan<byte> name) =>
        name.EndsWith(".br"u8) || name.EndsWith(".gz"u8) ? name[..^3] : name.EndsWith(".zst"u8) ? name[..^4] : name;

    private static bool IsBeneathImmutable(ReadOnlySpan<byte> folders)
    {
        foreach (Range range in Immutable.Split((byte)':'))
        {
            ReadOnlySpan<byte> folder = Immutable[range];
            int at = folder.IsEmpty ? -1 : folders.IndexOf(folder);
            if (at == 0 || (at > 0 && folders[at - 1] == '/'))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsBeneathBundled(ReadOnlySpan<byte> folders)
    {
        foreach (Range range in folders.Split((byte)'/'))
        {
            if (IsIn(Bundled, folders[range]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsIn(ReadOnlySpan<byte> table, ReadOnlySpan<byte> word)
    {
        if (word.IsEmpty || word.Length > 10)
        {
            return false;
        }

        Span<byte> sought = stackalloc byte[word.Length + 2];
        sought[0] = sought[^1] = (byte)':';
        Ascii.ToLower(word, sought[1..^1], out _);
        return table.IndexOf(sought) >= 0;
    }

    /// <summary>Whether one of the parts between dots, the first aside, is a hash, or one ends in a separator and a hash.</summary>
    private static bool HasHash(ReadOnlySpan<byte> stem, bool isImage, bool isBundled)
    {
        bool isFirst = true;
        for (ReadOnlySpan<byte> rest = stem; !rest.IsEmpty;)
        {
            int dot = rest.IndexOf((byte)'.');
            ReadOnlySpan<byte> part = dot < 0 ? rest : rest[..dot];
            rest = dot < 0 ? default : rest[(dot + 1)..];
            if (!isFirst && IsHash(part, isAfterDot: true, isImage, isBundled))
            {
                return true;
            }

            int separator = part.LastIndexOfAny((byte)'-', (byte)'_');
            if (separator > 0 && !IsUuid(part) && IsHex(part[(separator + 1)..], isAfterDot: false, isImage, isBundled))
            {
                return true;
            }

            // These hashes may have separators in them.
            int before = part.Length - MixedLength - 1;
            if (before > 0 && part[before] is (byte)'-' or (byte)'_' && IsMixed(part[^MixedLength..], part[before], isImage, isBundled))
            {
                return true;
            }

            isFirst = false;
        }

        return false;
    }

    private static bool IsHash(ReadOnlySpan<byte> part, bool isAfterDot, bool isImage, bool isBundled) =>
        IsHex(part, isAfterDot, isImage, isBundled)
        || (part.Length == MixedLength && IsMixed(part, (byte)'.', isImage, isBundled));

    /// <summary>
    /// Hexadecimal digits in lower case with both letters and figures: a date has no letters, a word no figures. Images elsewhere than
    /// in a bundler's folder need a dot before it: photo services write hexadecimal numbers behind a hyphen.
    /// </summary>
    private static bool IsHex(ReadOnlySpan<byte> text, bool isAfterDot, bool isImage, bool isBundled)
    {
        if (text.Length < ShortestHex || text.Length == ObjectIdLength || (isImage && !isBundled && (!isAfterDot || text.Length == Md5Length)))
        {
            return false;
        }

        int letters = 0;
        foreach (byte octet in text)
        {
            if (ByteClass.HexValue(octet) < 0 || char.IsAsciiLetterUpper((char)octet))
            {
                return false;
            }

            letters += char.IsAsciiLetter((char)octet) ? 1 : 0;
        }

        return letters > 0 && letters < text.Length && !BeginsWithDate(text);
    }

    private static bool BeginsWithDate(ReadOnlySpan<byte> text) =>
        (text.StartsWith("19"u8) || text.StartsWith("20"u8)) && !text[..8].ContainsAnyExceptInRange((byte)'0', (byte)'9')
        && text[4] is (byte)'0' or (byte)'1' && text[6] <= '3';

    /// <summary>A UUID does not depend on the content. Its groups have 8, 4, 4, 4 and 12 digits.</summary>
    private static bool IsUuid(ReadOnlySpan<byte> part) =>
        part.Length >= 36 && part[^36..] is var uuid && uuid[8] == '-' && uuid[13] == '-' && uuid[18] == '-' && uuid[23] == '-';

    /// <summary>
    /// Eight letters and figures in random order. In a bundler's folder: anything that is not made of words. Elsewhere only programs,
    /// with esbuild's alphabet behind a hyphen (A–Z and 2–7), or with capitals, small letters and figures.
    /// </summary>
    private static bool IsMixed(ReadOnlySpan<byte> text, byte separator, bool isImage, bool isBundled)
    {
        int figures = 0;
        int capitals = 0;
        int smalls = 0;
        bool isBase32 = true;
        foreach (byte octet in text)
        {
            char letter = (char)octet;
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_'))
            {
                return false;
            }

            figures += char.IsAsciiDigit(letter) ? 1 : 0;
            capitals += char.IsAsciiLetterUpper(letter) ? 1 : 0;
            smalls += char.IsAsciiLetterLower(letter) ? 1 : 0;
            isBase32 &= letter is (>= 'A' and <= 'Z') or (>= '2' and <= '7');
        }

        if (capitals + smalls == 0 || WordShape.IsWords(text))
        {
            return false;
        }

        // Of capitals and figures only are episodes, quarters and years too: S01E02AB, Q3FY2024.
        int parts = WordShape.CountParts(text);
        return isBundled
            ? isBase32 || (smalls > 0 && capitals + figures > 0) || parts > MostPartsOfNumbers || text.ContainsAny((byte)'-', (byte)'_')
            : !isImage && ((isBase32 && separator == '-') || (smalls > 0 && capitals > 0 && figures > 0 && parts >= LeastPartsElsewhere));
    }
}
