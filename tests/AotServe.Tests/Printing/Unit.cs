using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using AotServe.Cli;
using AotServe.Printing;
using Xunit;

namespace AotServe.Tests.Printing;

/// <summary>A printed unit, and a second reading of its command line, by what systemd.service(5) says.</summary>
/// <param name="text">The unit.</param>
internal sealed class Unit(string text)
{
    /// <summary>Where the tests say that the server lies.</summary>
    public const string Binary = "/usr/local/bin/aotserve";

    public string Text => text;

    /// <summary>The words of ExecStart=.</summary>
    public IReadOnlyList<string> Command => Words(Assert.Single(this["ExecStart"]));

    /// <summary>The values of a setting.</summary>
    public string[] this[string name] =>
        [.. text.Split('\n').Where(line => line.StartsWith(name + "=", StringComparison.Ordinal)).Select(line => line[(name.Length + 1)..])];

    /// <summary>What <c>print unit</c> prints.</summary>
    public static Unit OfService(params string[] arguments) => OfService(Binary, [], arguments);

    /// <summary>The same for a server that lies elsewhere.</summary>
    public static Unit OfService(string binary, List<string> notes, params string[] arguments)
    {
        ParsedCommand.PrintText asked = Parse("unit", arguments);
        Assert.True(ServiceUnit.TryMake(binary, asked.Options, asked.Given, notes, out string? text, out string? error), error);
        return new Unit(text);
    }

    /// <summary>What <c>print socket</c> prints.</summary>
    public static Unit OfSocket(params string[] arguments)
    {
        Assert.True(SocketUnit.TryMake(Parse("socket", arguments).Options, out string? text, out string? error), error);
        return new Unit(text);
    }

    public static ParsedCommand.PrintText Parse(string what, params string[] arguments)
    {
        ParsedCommand parsed = CommandLine.Parse(["print", what, .. arguments], _ => null);
        return parsed as ParsedCommand.PrintText ?? throw new InvalidOperationException((parsed as ParsedCommand.Invalid)?.Error);
    }

    /// <summary>Takes quotes, escapes, specifiers and variables out, as systemd does. There are no variables but doubled signs.</summary>
    private static List<string> Words(string line)
    {
        List<string> words = [];
        int at = 0;
        while (at < line.Length)
        {
            var word = new StringBuilder();
            bool quoted = line[at] == '"';
            for (at += quoted ? 1 : 0; at < line.Length && line[at] != (quoted ? '"' : ' '); at++)
            {
                char c = line[at];
                Assert.True(quoted || (c is not ('\\' or '"' or '\'' or '$' or '%' or ';') && c > ' '), line);
                if (c == '\\')
                {
                    c = line[++at];
                    if (c == 'x')
                    {
                        c = (char)Convert.ToInt32(line.Substring(at + 1, 2), 16);
                        at += 2;
                    }
                    else
                    {
                        Assert.True(c is '\\' or '"', line);
                    }
                }
                else if (c == '%' || (c == '$' && words.Count > 0))
                {
                    Assert.Equal(c, line[++at]);
                }

                word.Append(c);
            }

            words.Add(word.ToString());
            at += quoted ? 2 : 1;
        }

        return words;
    }
}
