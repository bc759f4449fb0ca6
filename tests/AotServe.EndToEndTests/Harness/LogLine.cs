using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace AotServe.EndToEndTests.Harness;

/// <summary>A line of an access log in the combined format, read strictly.</summary>
/// <param name="Client">The address.</param>
/// <param name="User">Who signed in, or a dash.</param>
/// <param name="Request">The request line, escaped as it stands there.</param>
/// <param name="Status">The status.</param>
/// <param name="Bytes">The bytes of the content; 0 for a dash.</param>
/// <param name="Referer">As it stands there.</param>
/// <param name="Agent">As it stands there.</param>
/// <param name="IsAborted">Whether the connection was lost.</param>
internal sealed partial record LogLine(
    string Client, string User, string Request, int Status, long Bytes, string Referer, string Agent, bool IsAborted)
{
    /// <summary>Reads a line; anything unusual fails the test.</summary>
    public static LogLine Parse(string line)
    {
        Match match = Pattern().Match(line);
        Assert.True(match.Success, "No line of the combined format: " + line);
        string bytes = match.Groups["bytes"].Value;
        return new LogLine(
            match.Groups["client"].Value,
            match.Groups["user"].Value,
            match.Groups["request"].Value,
            int.Parse(match.Groups["status"].ValueSpan, CultureInfo.InvariantCulture),
            bytes == "-" ? 0 : long.Parse(bytes, CultureInfo.InvariantCulture),
            match.Groups["referer"].Value,
            match.Groups["agent"].Value,
            match.Groups["aborted"].Success);
    }

    /// <summary>The lines of a file so far; those of a file that there is not yet are none.</summary>
    public static IReadOnlyList<string> Of(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        string text = File.ReadAllText(path, Encoding.Latin1);
        return text.Length == 0 ? [] : text[..(text.LastIndexOf('\n') + 1)].Split('\n')[..^1];
    }

    /// <summary>Waits until a file has so many lines, and gives them; more are an error.</summary>
    public static IReadOnlyList<string> Await(string path, int count)
    {
        Eventually.Holds(() => Of(path).Count >= count, $"the log has {count} lines");
        IReadOnlyList<string> lines = Of(path);
        Assert.Equal(count, lines.Count);
        return lines;
    }

    /// <summary>The same, read.</summary>
    public static IReadOnlyList<LogLine> AwaitParsed(string path, int count) => [.. Await(path, count).Select(Parse)];

    [GeneratedRegex(
        """^(?<client>\S+) - (?<user>\S+) \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000\] "(?<request>(?:[^"\\]|\\.)*)" (?<status>\d{3}) (?<bytes>-|[1-9]\d*) "(?<referer>(?:[^"\\]|\\.)*)" "(?<agent>(?:[^"\\]|\\.)*)"(?<aborted> aborted)?$""")]
    private static partial Regex Pattern();
}
