using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using AotServe.EndToEndTests.Harness;

namespace AotServe.EndToEndTests.Fuzzing;

/// <summary>Reads all that a server sent on one connection, and takes nothing for a response that is not one.</summary>
internal static partial class AnswerStream
{
    /// <summary>The responses, interim ones among them.</summary>
    /// <param name="bytes">All that was received, each byte a character.</param>
    /// <param name="methods">Those of the requests in their order: an answer to HEAD has no content.</param>
    /// <param name="isCutOff">Whether the end may be missing, since the connection was reset.</param>
    /// <exception cref="InvalidDataException">It is no sequence of responses.</exception>
    public static List<Answer> Read(string bytes, IReadOnlyList<string> methods, bool isCutOff)
    {
        List<Answer> answers = [];
        Read(bytes, methods, isCutOff, answers);
        return answers;
    }

    /// <summary>
    /// The same for a server that may have read other requests than the reference: its answers up to where they make no
    /// sense any more.
    /// </summary>
    public static List<Answer> ReadSome(string bytes, IReadOnlyList<string> methods)
    {
        List<Answer> answers = [];
        try
        {
            Read(bytes, methods, isCutOff: true, answers);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or InvalidOperationException)
        {
            // The two have parted before: what follows is not compared.
        }

        return answers;
    }

    private static void Read(string bytes, IReadOnlyList<string> methods, bool isCutOff, List<Answer> answers)
    {
        int finals = 0;
        for (int at = 0; at < bytes.Length;)
        {
            int start = at;
            Answer? answer = TryReadHead(bytes, ref at);
            if (answer is { Status: >= 200 })
            {
                bool isHead = finals < methods.Count && methods[finals] == "HEAD";
                answer = TryReadContent(answer, bytes, ref at, isHead);
                finals++;
            }

            if (answer is null && isCutOff)
            {
                return;
            }

            answers.Add(answer ?? throw new InvalidDataException($"It ends within what begins at {start}"));
        }
    }

    private static Answer? TryReadHead(string bytes, ref int at)
    {
        int end = bytes.IndexOf("\r\n\r\n", at, StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }

        string[] lines = bytes[at..end].Split("\r\n");
        at = end + 4;
        Match status = StatusPattern().Match(lines[0]);
        Match[] fields = lines.Skip(1).Select(line => FieldPattern().Match(line)).ToArray();
        if (!status.Success || Array.Exists(fields, field => !field.Success))
        {
            throw new InvalidDataException($"No head of a response: {string.Join("\\r\\n", lines)}");
        }

        return new Answer(
            "HTTP/1.1",
            int.Parse(status.Groups[1].ValueSpan, CultureInfo.InvariantCulture),
            [.. fields.Select(field => (field.Groups["name"].Value, field.Groups["value"].Value))],
            []);
    }

    private static Answer? TryReadContent(Answer answer, string bytes, ref int at, bool isHead)
    {
        string? length = answer["Content-Length"];
        string? coding = answer["Transfer-Encoding"];
        if ((length is null) == (coding is null) && answer.Status is not (204 or 304) && !isHead)
        {
            throw new InvalidDataException($"{answer.Status} has Content-Length {length} and Transfer-Encoding {coding}");
        }

        if (isHead || answer.Status is 204 or 304)
        {
            return answer;
        }

        var content = new StringBuilder();
        if (length is not null)
        {
            if (!TryTake(bytes, ref at, int.Parse(length, NumberStyles.None, CultureInfo.InvariantCulture), content))
            {
                return null;
            }
        }
        else if (!TryTakeChunks(bytes, ref at, content))
        {
            return null;
        }

        return answer with { Body = Encoding.Latin1.GetBytes(content.ToString()) };
    }

    private static bool TryTakeChunks(string bytes, ref int at, StringBuilder content)
    {
        for (int size = -1; size != 0;)
        {
            int end = bytes.IndexOf("\r\n", at, StringComparison.Ordinal);
            if (end < 0)
            {
                return false;
            }

            size = int.Parse(bytes.AsSpan(at..end), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            at = end + 2;
            if (!TryTake(bytes, ref at, size, content) || string.CompareOrdinal(bytes, at, "\r\n", 0, 2) != 0)
            {
                return false;
            }

            at += 2;
        }

        return true;
    }

    private static bool TryTake(string bytes, ref int at, int length, StringBuilder content)
    {
        if (bytes.Length - at < length)
        {
            return false;
        }

        content.Append(bytes, at, length);
        at += length;
        return true;
    }

    [GeneratedRegex(@"^HTTP/1\.1 ([1-5][0-9][0-9]) [\t\x20-\x7E]*\z")]
    private static partial Regex StatusPattern();

    [GeneratedRegex(@"^(?<name>[!#$%&'*+\-.^_`|~0-9A-Za-z]+):[\t\x20]*(?<value>[\t\x20-\x7E\x80-\xFF]*?)[\t\x20]*\z")]
    private static partial Regex FieldPattern();
}
