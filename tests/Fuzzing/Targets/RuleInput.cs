using System;
using System.Collections.Generic;
using System.Text;
using AotServe.Http;
using AotServe.Sites.Paths;

namespace AotServe.Fuzzing;

/// <summary>An input of rules: a file, a NUL byte, and the target of a request.</summary>
internal static class RuleInput
{
    /// <summary>A longer file is not read: it takes long, and finds nothing that a short one does not.</summary>
    private const int LongestFile = 4096;

    /// <summary>Takes an input apart. The path is resolved; false where it is none that rules are asked about.</summary>
    public static bool TrySplit(
        ReadOnlySpan<byte> input, out ReadOnlySpan<byte> file, scoped ref ResolvedPath path, out ReadOnlySpan<byte> query)
    {
        int end = input.IndexOf((byte)0);
        file = end < 0 ? input : input[..end];
        ReadOnlySpan<byte> target = end < 0 ? "/a/b/c.html?x=1"u8 : input[(end + 1)..];
        int question = target.IndexOf((byte)'?');
        query = question < 0 ? default : target[(question + 1)..];

        // A request's query has passed the parser.
        return file.Length <= LongestFile
            && path.Resolve(question < 0 ? target : target[..question]) == RequestPathStatus.Valid
            && query.IndexOfAnyExceptInRange((byte)0x21, (byte)0x7E) < 0 && !query.Contains((byte)'#');
    }

    /// <summary>What is said of a file that is refused: one line that names the line of the file.</summary>
    public static void CheckError(string error)
    {
        int colon = error.IndexOf(": ", StringComparison.Ordinal);
        FuzzFinding.Unless(colon > 0 && int.TryParse(error.AsSpan(0, colon), out int line) && line > 0, $"no line is named: {error}");
        FuzzFinding.Unless(!error.Replace('\n', ' ').AsSpan().ContainsAnyInRange('\0', '\x1F'), $"a control character: {error}");
    }

    /// <summary>The lines that are neither empty nor comments, trimmed, as Latin-1.</summary>
    public static List<string> Lines(ReadOnlySpan<byte> file)
    {
        string text = Encoding.Latin1.GetString(file.StartsWith(Encoding.UTF8.Preamble) ? file[3..] : file);
        var lines = new List<string>();
        foreach (string line in text.Split('\n'))
        {
            string trimmed = (line.EndsWith('\r') ? line[..^1] : line).Trim(' ', '\t');
            if (trimmed.Length > 0 && trimmed[0] != '#')
            {
                lines.Add(trimmed);
            }
        }

        return lines;
    }

    /// <summary>A response that rules write to.</summary>
    public static Response Respond(OutputBuffer output)
    {
        var response = new Response(output);
        response.Reset(isHeadRequest: false, minorVersion: 1, keepAlive: true, nowUnixSeconds: 0);
        return response;
    }

    /// <summary>The field lines of a response, which are made of what a field may hold.</summary>
    public static List<string> Fields(OutputBuffer output)
    {
        string head = Encoding.Latin1.GetString(output.Written);
        FuzzFinding.Unless(head.EndsWith("\r\n\r\n", StringComparison.Ordinal), $"no whole head: {head}");
        List<string> lines = [.. head[..^4].Split("\r\n")[1..]];
        foreach (string line in lines)
        {
            FuzzFinding.Unless(
                line.IndexOf(": ", StringComparison.Ordinal) > 0 && !line.AsSpan().ContainsAny("\r\n\0"), $"a line that is no field: {line}");
        }

        return lines;
    }
}
