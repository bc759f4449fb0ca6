using System;

namespace AotServe.Sites.Rules;

/// <summary>
/// Tells words, and what people make of words and numbers (<c>DarkMode</c>, <c>Vue3Page</c>), from letters and figures in random
/// order.
/// </summary>
internal static class WordShape
{
    /// <summary>A name has no more parts than this.</summary>
    private const int MostParts = 4;

    /// <summary>At least one of the parts is as long as this, in letters.</summary>
    private const int ShortestWord = 4;

    /// <summary>
    /// For each letter, those that often follow it: the 415 pairs that make 99.3 % of all in the words of .NET's documentation and
    /// Debian's. About 3 % of words have another pair, and 93 % of random strings of eight letters.
    /// </summary>
    private static ReadOnlySpan<uint> Followers =>
    [
        67026943, 18799423, 20970943, 20900351, 33554431, 18762047, 56523253, 18775313, 46071423, 1327377, 2025977, 20773247, 18143515,
        58654719, 33488895, 18795997, 1048576, 25099647, 25165237, 31390207, 34535807, 1923351, 453009, 823573, 5044503, 16785,
    ];

    /// <summary>Abbreviations with pairs that words do not have; each between spaces.</summary>
    private static ReadOnlySpan<byte> Abbreviations =>
        " svg xml html css js mjs pdf http https npm sdk jpg jpeg png gif webp mp mpeg ftp ssh sql mysql db cwd kbd rtl ltr bg fg hd tv wp rgb hsl xs sm md lg xl btn cfg tpl gdpr gpt "u8;

    /// <summary>
    /// Whether a text consists of few words and numbers, as they are told apart by case, figures, <c>-</c> and <c>_</c>.
    /// </summary>
    /// <param name="text">ASCII letters, figures, <c>-</c> and <c>_</c>.</param>
    public static bool IsWords(ReadOnlySpan<byte> text)
    {
        int parts = 0;
        int length = 0;
        bool hasWord = false;
        for (int start = 0; start < text.Length;)
        {
            int end = EndOfPart(text, start);
            ReadOnlySpan<byte> part = text[start..end];
            start = end;
            if (part[0] is (byte)'-' or (byte)'_')
            {
                continue;
            }

            parts++;
            length += part.Length;
            if (!char.IsAsciiLetter((char)part[0]))
            {
                continue;
            }

            if (!IsWord(part))
            {
                return false;
            }

            hasWord |= part.Length >= ShortestWord;
        }

        return hasWord && parts <= MostParts && length >= 2 * parts;
    }

    /// <summary>How many parts a text has, as they are told apart by case, figures, <c>-</c> and <c>_</c>.</summary>
    public static int CountParts(ReadOnlySpan<byte> text)
    {
        int parts = 0;
        for (int start = 0; start < text.Length; start = EndOfPart(text, start))
        {
            parts += text[start] is (byte)'-' or (byte)'_' ? 0 : 1;
        }

        return parts;
    }

    /// <summary>Where a part ends: figures, one separator, capitals, or letters of which only the first may be a capital.</summary>
    private static int EndOfPart(ReadOnlySpan<byte> text, int start)
    {
        int end = start + 1;
        char first = (char)text[start];
        if (char.IsAsciiDigit(first))
        {
            while (end < text.Length && char.IsAsciiDigit((char)text[end]))
            {
                end++;
            }
        }
        else if (char.IsAsciiLetterUpper(first) && end < text.Length && char.IsAsciiLetterUpper((char)text[end]))
        {
            // Of "HTMLPage" the last capital belongs to the next word.
            while (end < text.Length && char.IsAsciiLetterUpper((char)text[end])
                && !(end + 1 < text.Length && char.IsAsciiLetterLower((char)text[end + 1])))
            {
                end++;
            }
        }
        else if (char.IsAsciiLetter(first))
        {
            while (end < text.Length && char.IsAsciiLetterLower((char)text[end]))
            {
                end++;
            }
        }

        return end;
    }

    private static bool IsWord(ReadOnlySpan<byte> part)
    {
        for (int i = 1; i < part.Length; i++)
        {
            if ((Followers[(part[i - 1] | 0x20) - 'a'] >> ((part[i] | 0x20) - 'a') & 1) == 0)
            {
                return IsAbbreviation(part);
            }
        }

        return true;
    }

    private static bool IsAbbreviation(ReadOnlySpan<byte> part)
    {
        Span<byte> sought = stackalloc byte[part.Length + 2];
        sought[0] = sought[^1] = (byte)' ';
        for (int i = 0; i < part.Length; i++)
        {
            sought[i + 1] = (byte)(part[i] | 0x20);
        }

        return Abbreviations.IndexOf(sought) >= 0;
    }
}
