using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using AotServe.Http;
using AotServe.Sites.Paths;
using AotServe.Sites.Rules;

namespace AotServe.Fuzzing;

/// <summary>A <c>_headers</c> file and a path: which blocks apply, in which order, and what they make of the fields.</summary>
internal static class HeadersFileTarget
{
    public static void Run(ReadOnlySpan<byte> input)
    {
        var path = new ResolvedPath(new byte[ResolvedPath.BufferLength]);
        if (!RuleInput.TrySplit(input, out ReadOnlySpan<byte> file, ref path, out _))
        {
            return;
        }

        if (!HeadersReader.TryRead(file, out HeaderRules? rules, out string? error))
        {
            RuleInput.CheckError(error);
            return;
        }

        var output = new OutputBuffer(256);
        Response response = RuleInput.Respond(output);
        rules?.Apply(path.WithSlash, response.Overrides);
        response.Start(200);
        response.EndWithoutBody();
        List<string> fields = RuleInput.Fields(output);
        foreach ((string name, List<string> values) in Expected(RuleInput.Lines(file), Encoding.Latin1.GetString(path.WithSlash)))
        {
            List<string> found = [.. fields.Where(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 2)..])];
            FuzzFinding.Unless(
                found.Count == values.Count && found.Zip(values).All(pair => pair.Second.Contains(':') || pair.First == pair.Second),
                $"{name} is '{string.Join("' and '", found)}', not '{string.Join("' and '", values)}'");
        }
    }

    /// <summary>
    /// The values that blocks give to each field; none where it is removed. A value with a colon in it may have a placeholder, and is
    /// not compared.
    /// </summary>
    private static Dictionary<string, List<string>> Expected(List<string> lines, string path)
    {
        var fields = new Dictionary<string, List<string>>(StringComparer.OrdinalIgnoreCase);
        bool applies = false;
        foreach (string line in lines)
        {
            if (line[0] == '/')
            {
                applies = ReferencePattern.IsMatch(line, path);
            }
            else if (applies && line[0] == '!')
            {
                fields[line[1..].Trim(' ', '\t')] = [];
            }
            else if (applies)
            {
                string name = line[..line.IndexOf(':', StringComparison.Ordinal)].TrimEnd(' ', '\t');
                string value = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim(' ', '\t');
                List<string> values = fields.TryGetValue(name, out List<string>? known) ? known : fields[name] = [];
                if (values.Count == 0 || name.Equals("set-cookie", StringComparison.OrdinalIgnoreCase))
                {
                    values.Add(value);
                }
                else
                {
                    values[0] += ", " + value;
                }
            }
        }

        return fields;
    }
}
