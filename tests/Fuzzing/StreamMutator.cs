using System;
using System.Linq;

namespace AotServe.Fuzzing;

/// <summary>
/// Makes streams of the corpus's by a few random changes each. The same random numbers make the same streams.
/// </summary>
internal sealed class StreamMutator(Random random)
{
    private const int LongestSample = 2000;

    private static readonly string[] Valid = Samples(ValidStreams.All);
    private static readonly string[] Smuggling = Samples(SmugglingStreams.All);

    /// <summary>What changes put in: what means something to a parser, or nearly does.</summary>
    private static readonly string[] Pieces =
    [
        "\r", "\n", "\r\n", "\r\n\r\n", "\n\n", "\0", " ", "\t", "\u000b", "\u0085", "\u00a0", "\u007f", "\u00ff",
        ":", ";", ",", "=", "\"", "\\", "/", "?", "#", "*", "@", "[", "]", "%", "+", "-", "_", "0x", "0", "1", "9", "a", "F",
        "HTTP/1.1", "HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "GET ", "HEAD ", "POST ", "http://a", "chunked", "gzip, ", "identity",
        "Host: b\r\n", "Content-Length: 3\r\n", "Content-Length: 0\r\n", "Transfer-Encoding: chunked\r\n",
        "Connection: close\r\n", "Connection: keep-alive\r\n", "Expect: 100-continue\r\n", "X: y\r\n", " folded\r\n",
        "0\r\n\r\n", "1\r\nx\r\n", "5;a=b\r\n", "GET /echo HTTP/1.1\r\nHost: c\r\n\r\n", "9999999999999999999", "FFFFFFFFFFFFFFFF",
    ];

    /// <summary>The next stream; now and then one of the corpus as it is.</summary>
    public string Next()
    {
        string text = Sample();
        for (int changes = random.Next(5); changes > 0; changes--)
        {
            text = Change(text);
        }

        return text;
    }

    private static string[] Samples(WireStream[] streams) =>
        [.. streams.Select(stream => stream.Bytes).Where(bytes => bytes.Length <= LongestSample)];

    private string Sample()
    {
        string[] samples = random.Next(3) > 0 ? Valid : Smuggling;
        return samples[random.Next(samples.Length)];
    }

    private string Change(string text)
    {
        int at = random.Next(text.Length + 1);
        switch (random.Next(13))
        {
            case 0 when at < text.Length:
                return Replace(text, at, 1, ((char)(text[at] ^ (1 << random.Next(8)))).ToString());
            case 1 when at < text.Length:
                return Replace(text, at, 1, ((char)random.Next(256)).ToString());
            case 2:
                return Replace(text, at, Math.Min(random.Next(1, 8), text.Length - at), "");
            case 3:
                string copied = text.Substring(at, Math.Min(random.Next(1, 40), text.Length - at));
                return text.Insert(random.Next(text.Length + 1), copied);
            case 4:
                string other = Sample();
                return text[..at] + other[random.Next(other.Length + 1)..];
            case 5:
                return text + Sample();
            case 6:
                return ChangeLine(text);
            case 7:
                return ChangeDigit(text, at);
            case 8:
                return ChangeLineEnd(text, at);
            case 9:
                return text[..at];
            default:
                return text.Insert(at, Pieces[random.Next(Pieces.Length)]);
        }
    }

    /// <summary>A line goes, comes twice, or changes places with the next.</summary>
    private string ChangeLine(string text)
    {
        string[] lines = text.Split("\r\n");
        int line = random.Next(lines.Length);
        return string.Join("\r\n", random.Next(3) switch
        {
            0 => lines.Where((_, index) => index != line),
            1 => lines.SelectMany((value, index) => Enumerable.Repeat(value, index == line ? 2 : 1)),
            _ => line == 0 ? lines : [.. lines[..(line - 1)], lines[line], lines[line - 1], .. lines[(line + 1)..]],
        });
    }

    private string ChangeDigit(string text, int from)
    {
        int at = text.AsSpan(from).IndexOfAnyInRange('0', '9');
        return at < 0 ? text : Replace(text, from + at, 1, random.Next(12).ToString("x"));
    }

    private string ChangeLineEnd(string text, int from)
    {
        int at = text.IndexOf("\r\n", from, StringComparison.Ordinal);
        string[] ends = ["\n", "\r", "\n\r", "\r\r\n", "\r\n ", " \r\n", ""];
        return at < 0 ? text : Replace(text, at, 2, ends[random.Next(ends.Length)]);
    }

    private static string Replace(string text, int at, int length, string by) => text.Remove(at, length).Insert(at, by);
}
