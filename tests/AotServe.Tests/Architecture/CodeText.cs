using System;
using System.Text;

namespace AotServe.Tests.Architecture;

/// <summary>C# with its comments and literals taken out, so that a rule about code is not broken by a sentence about it.</summary>
internal static class CodeText
{
    /// <summary>
    /// The code alone, line breaks kept. Knows line and block comments, character literals, and strings: ordinary,
    /// verbatim, raw, interpolated or not. Code within an interpolation goes with its string where that holds no quotes.
    /// </summary>
    public static string Of(string source)
    {
        var code = new StringBuilder(source.Length);
        int at = 0;
        while (at < source.Length)
        {
            int end = EndOfSkipped(source, at);
            if (end == at)
            {
                code.Append(source[at++]);
                continue;
            }

            code.Append(' ');
            for (; at < end; at++)
            {
                if (source[at] == '\n')
                {
                    code.Append('\n');
                }
            }
        }

        return code.ToString();
    }

    /// <summary>Where the comment or literal beginning at <paramref name="at"/> ends; there itself: none begins there.</summary>
    private static int EndOfSkipped(string source, int at)
    {
        ReadOnlySpan<char> rest = source.AsSpan(at);
        if (rest.StartsWith("//"))
        {
            return End(source, at, "\n", 0);
        }

        if (rest.StartsWith("/*"))
        {
            return End(source, at + 2, "*/", 2);
        }

        if (rest[0] == '\'')
        {
            return Escaped(source, at, '\'');
        }

        int quote = at;
        while (quote < source.Length && source[quote] is '$' or '@')
        {
            quote++;
        }

        if (quote == source.Length || source[quote] != '"')
        {
            return at;
        }

        int quotes = 0;
        while (quote + quotes < source.Length && source[quote + quotes] == '"')
        {
            quotes++;
        }

        if (quotes >= 3)
        {
            return End(source, quote + quotes, new string('"', quotes), quotes);
        }

        return source.AsSpan(at, quote - at).Contains('@') ? Verbatim(source, quote) : Escaped(source, quote, '"');
    }

    private static int End(string source, int from, string mark, int and)
    {
        int found = source.IndexOf(mark, from, StringComparison.Ordinal);
        return found < 0 ? source.Length : found + and;
    }

    private static int Escaped(string source, int at, char quote)
    {
        for (at++; at < source.Length && source[at] != quote && source[at] != '\n'; at++)
        {
            if (source[at] == '\\')
            {
                at++;
            }
        }

        return Math.Min(at + 1, source.Length);
    }

    private static int Verbatim(string source, int quote)
    {
        int at = quote + 1;
        while (at < source.Length)
        {
            if (source[at] != '"')
            {
                at++;
            }
            else if (at + 1 < source.Length && source[at + 1] == '"')
            {
                at += 2;
            }
            else
            {
                return at + 1;
            }
        }

        return at;
    }
}
