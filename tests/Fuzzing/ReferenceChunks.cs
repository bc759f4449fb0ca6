using System;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AotServe.Fuzzing;

/// <summary>Chunked content for <see cref="ReferenceReader"/>.</summary>
internal static partial class ReferenceChunks
{
    /// <summary>The longest first line of a chunk: own choice of the server, as the three that follow.</summary>
    private const int LongestChunkLine = 4 * 1024;

    private const int LongestExtensions = 16 * 1024;
    private const int LongestTrailers = 8 * 1024;
    private const int MostTrailers = 100;

    /// <summary>Completes a message of which <paramref name="text"/> is what follows its head.</summary>
    public static ReferenceMessage Read(ReferenceMessage message, string text)
    {
        var content = new StringBuilder();
        int at = 0;
        int extensions = 0;
        while (true)
        {
            if (!TryTakeLine(text, ref at, out string line))
            {
                return message with { Verdict = ReferenceVerdict.Unfinished };
            }

            Match match = ChunkLinePattern().Match(line);
            extensions += match.Success ? line.Length - match.Groups["size"].Length : 0;
            if (!match.Success || line.Length > LongestChunkLine || extensions > LongestExtensions)
            {
                return Refuse(message, Flaws.ChunkLine);
            }

            long size = long.Parse(match.Groups["size"].ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                return ReadTrailers(message, text, at) with { Content = content.ToString() };
            }

            if (text.Length - at < size)
            {
                return message with { Verdict = ReferenceVerdict.Unfinished };
            }

            content.Append(text, at, (int)size);
            at += (int)size;
            string end = text.Substring(at, Math.Min(2, text.Length - at));
            if (!"\r\n".StartsWith(end, StringComparison.Ordinal))
            {
                return Refuse(message, Flaws.ChunkEnd);
            }

            if (end.Length < 2)
            {
                return message with { Verdict = ReferenceVerdict.Unfinished };
            }

            at += 2;
        }
    }

    private static ReferenceMessage ReadTrailers(ReferenceMessage message, string text, int at)
    {
        int start = at;
        for (int count = 1; TryTakeLine(text, ref at, out string line); count++)
        {
            if (line.Length == 0)
            {
                return message with { Length = message.HeadLength + at };
            }

            if (count > MostTrailers || at - start > LongestTrailers || !TrailerPattern().IsMatch(line))
            {
                return Refuse(message, Flaws.Trailer);
            }
        }

        return message with { Verdict = ReferenceVerdict.Unfinished };
    }

    /// <summary>Takes a line, up to CRLF. What is in it without being allowed there is for its grammar to say.</summary>
    private static bool TryTakeLine(string text, ref int at, out string line)
    {
        int end = text.IndexOf("\r\n", at, StringComparison.Ordinal);
        line = end < 0 ? "" : text[at..end];
        at = end < 0 ? at : end + 2;
        return end >= 0;
    }

    private static ReferenceMessage Refuse(ReferenceMessage message, Flaws flaws) =>
        message with { Verdict = ReferenceVerdict.Refused, Flaws = flaws };

    [GeneratedRegex(
        """
        ^(?<size>[0-9A-Fa-f]{1,15})
        ([\x20\t]*;[\x20\t]*[!#$%&'*+\-.^_`|~0-9A-Za-z]+
            ([\x20\t]*=[\x20\t]*([!#$%&'*+\-.^_`|~0-9A-Za-z]+|"([\t\x20!\x23-\x5B\x5D-\x7E\x80-\xFF]|\\[\t\x20-\x7E\x80-\xFF])*"))?)*\z
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex ChunkLinePattern();

    [GeneratedRegex(
        @"^[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7E\x80-\xFF]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex TrailerPattern();
}
