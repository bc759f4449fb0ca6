using System;

namespace AotServe.Cli;

/// <summary>The grammar of a media type (RFC 9110 §8.3.1) and of an extension that one is given to.</summary>
internal static class MediaTypeText
{
    /// <summary>The longest extension in letters.</summary>
    public const int LongestExtension = 16;

    private const int LongestType = 200;

    /// <summary>Whether it is one to sixteen ASCII letters, digits, <c>_</c>, <c>-</c> and <c>+</c>.</summary>
    public static bool IsExtension(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '+'))
            {
                return false;
            }
        }

        return text.Length is > 0 and <= LongestExtension;
    }

    /// <summary>
    /// Whether it is <c>type/subtype</c> and parameters with values that are tokens or quoted, all in visible ASCII.
    /// SECURITY: what passes goes into a field line as it is, and cannot end it.
    /// </summary>
    public static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text.Length > LongestType || !TakeToken(ref text) || !Take(ref text, '/') || !TakeToken(ref text))
        {
            return false;
        }

        while (!text.IsEmpty)
        {
            text = text.TrimStart(' ');
            if (!Take(ref text, ';'))
            {
                return false;
            }

            text = text.TrimStart(' ');
            if (!TakeToken(ref text) || !Take(ref text, '=') || !(TakeToken(ref text) || TakeQuoted(ref text)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Take(ref ReadOnlySpan<char> text, char c)
    {
        if (text.IsEmpty || text[0] != c)
        {
            return false;
        }

        text = text[1..];
        return true;
    }

    /// <summary>A token of RFC 9110 §5.6.2.</summary>
    private static bool TakeToken(ref ReadOnlySpan<char> text)
    {
        int length = 0;
        while (length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || "!#$%&'*+-.^_`|~".Contains(text[length])))
        {
            length++;
        }

        text = text[length..];
        return length > 0;
    }

    /// <summary>A quoted string without escapes, which no media type's parameter needs.</summary>
    private static bool TakeQuoted(ref ReadOnlySpan<char> text)
    {
        if (!Take(ref text, '"'))
        {
            return false;
        }

        int length = text.IndexOf('"');
        if (length < 0 || text[..length].ContainsAnyExceptInRange(' ', '~') || text[..length].Contains('\\'))
        {
            return false;
        }

        text = text[(length + 1)..];
        return true;
    }
}
