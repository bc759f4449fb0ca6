using System;
using AotServe.Sites.Representations;

namespace AotServe.Cli;

/// <summary>The values of <c>--mime</c>: the grammar of a media type (RFC 9110 §8.3.1) and of a file's extension.</summary>
internal static class MediaTypeText
{
    /// <summary>Whether a text is 1 to 16 ASCII letters, digits, <c>_</c>, <c>-</c> and <c>+</c>.</summary>
    public static bool IsExtension(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '+'))
            {
                return false;
            }
        }

        return text.Length is > 0 and <= MediaTypes.LongestExtension;
    }

    /// <summary>
    /// Whether a text is <c>type/subtype</c> and parameters whose values are tokens or quoted strings, all in visible ASCII.
    /// SECURITY: such a text is written into a field line unchanged, and cannot end the line.
    /// </summary>
    public static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text.Length > MediaTypes.LongestType || !TakeToken(ref text) || !Take(ref text, '/') || !TakeToken(ref text))
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
