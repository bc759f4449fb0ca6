using System;
using System.Collections.Generic;
using System.Text;
using AotServe.Http;

namespace AotServe.Sites.Rules;

/// <summary>
/// Reads a <c>_redirects</c> file, as Netlify and Cloudflare Pages document it: a rule a line,
/// <c>from [name=value …] to [status[!]]</c>.
/// </summary>
internal static class RedirectsReader
{
    private const int DefaultStatus = 301;

    /// <summary>
    /// The rules; null where there are none, or where <paramref name="error"/> says which line is wrong: its number, what
    /// is wrong, what would be right.
    /// </summary>
    public static RedirectRules? Read(ReadOnlySpan<byte> content, out string? error)
    {
        var rules = new List<RedirectRule>();
        var lines = new RuleLines(content);
        while (lines.Next(out error))
        {
            RedirectRule? rule = ReadLine(lines.Current, out error);
            if (rule is not null)
            {
                rules.Add(rule);
            }

            if (rules.Count > RuleFile.MaxRules)
            {
                error = $"is one rule more than {RuleFile.MaxRules}; have fewer";
            }

            if (error is not null)
            {
                break;
            }
        }

        if (error is null)
        {
            return rules.Count == 0 ? null : new RedirectRules(rules);
        }

        error = $"{lines.Number}: {error}";
        return null;
    }

    private static RedirectRule? ReadLine(ReadOnlySpan<byte> line, out string? error)
    {
        ReadOnlySpan<byte> rest = line;
        ReadOnlySpan<byte> from = NextWord(ref rest);
        PathPattern? pattern = PathPatternReader.Read(from, out error);
        if (pattern is null)
        {
            error = $"{RuleFile.Quote(from)} {error}";
            return null;
        }

        var names = new List<string>(pattern.Names.ToArray());
        var parameters = new List<ExpectedParameter>();
        ReadOnlySpan<byte> to = NextWord(ref rest);
        for (; IsParameter(to); to = NextWord(ref rest))
        {
            parameters.Add(ReadParameter(to, parameters, names, out error));
            if (error is not null)
            {
                return null;
            }
        }

        if (to.IsEmpty)
        {
            error = "has no target; write from, to, and perhaps a status: /old /new 301";
            return null;
        }

        var target = RedirectTarget.Read(to, [.. names], out error);
        if (target is null)
        {
            error = $"{RuleFile.Quote(to)} {error}";
            return null;
        }

        int status = ReadStatus(ref rest, out bool isForced, out error);
        if (error is null && status is 200 or 404 && target.Origin.Length > 0)
        {
            error = $"{RuleFile.Quote(to)} with status {status} would be proxying, which is not supported; write a path, or a status such as 302";
        }

        if (error is null && NextWord(ref rest) is { IsEmpty: false } word)
        {
            error = WhyNot(word);
        }

        bool slashMatters = false;
        if (error is null && parameters.Count == 0 && target.Origin.Length == 0 && status is not (200 or 404))
        {
            slashMatters = ComparePaths(from, to, out error);
        }

        return error is null ? new RedirectRule(pattern, [.. parameters], target, status, isForced, slashMatters) : null;
    }

    /// <summary>Whether a target differs from where the rule begins by a slash at the end; an error if by nothing at all.</summary>
    private static bool ComparePaths(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, out string? error)
    {
        string source = Encoding.Latin1.GetString(from).Replace("*", ":splat", StringComparison.Ordinal);
        string target = Encoding.Latin1.GetString(to).Split('#', '?')[0];
        error = source == target ? $"{RuleFile.Quote(to)} leads to itself, for ever; lead somewhere else" : null;
        return source.TrimEnd('/') == target.TrimEnd('/') && source.TrimEnd('/').Length > 0;
    }

    private static bool IsParameter(ReadOnlySpan<byte> word) =>
        !word.IsEmpty && word[0] != '/' && word.Contains((byte)'=') && RedirectTarget.OriginLength(word) == 0;

    private static ExpectedParameter ReadParameter(
        ReadOnlySpan<byte> word, List<ExpectedParameter> before, List<string> names, out string? error)
    {
        int equals = word.IndexOf((byte)'=');
        byte[] name = word[..equals].ToArray();
        ReadOnlySpan<byte> value = word[(equals + 1)..];
        error = name.Length == 0 || value.IsEmpty ? $"{RuleFile.Quote(word)} is no parameter; write name=:value or name=text"
            : before.Count == RuleFile.MaxCaptures ? $"has more than {RuleFile.MaxCaptures} parameters; have fewer"
            : before.Exists(other => other.Name.AsSpan().SequenceEqual(name)) ? $"has the parameter {RuleFile.Quote(name)} twice; write it once"
            : null;
        if (PathPatternReader.PlaceholderLength(value) != value.Length || value.IsEmpty)
        {
            var decoded = new List<byte>();
            for (int at = 0; at < value.Length;)
            {
                decoded.Add(QueryDecoding.Next(value, ref at));
            }

            return new ExpectedParameter(name, [.. decoded]);
        }

        string capture = Encoding.ASCII.GetString(value[1..]);
        if (names.Contains(capture))
        {
            error ??= $"has :{capture} twice; give each its own name";
        }
        else if (names.Count == RuleFile.MaxCaptures)
        {
            error ??= $"has more than {RuleFile.MaxCaptures} placeholders; have fewer";
        }

        names.Add(capture);
        return new ExpectedParameter(name, null);
    }

    private static int ReadStatus(ref ReadOnlySpan<byte> rest, out bool isForced, out string? error)
    {
        ReadOnlySpan<byte> after = rest;
        ReadOnlySpan<byte> word = NextWord(ref after);
        isForced = word.EndsWith("!"u8);
        ReadOnlySpan<byte> digits = isForced ? word[..^1] : word;
        error = null;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            isForced = false;
            return DefaultStatus;
        }

        rest = after;
        int status = digits.Length == 3 ? ((digits[0] - '0') * 100) + ((digits[1] - '0') * 10) + digits[2] - '0' : 0;
        if (status is not (200 or 301 or 302 or 303 or 307 or 308 or 404))
        {
            error = $"{RuleFile.Quote(word)} is no status that a rule can have; write 301, 302, 303, 307, 308, 200 or 404";
        }

        return status;
    }

    private static string WhyNot(ReadOnlySpan<byte> word)
    {
        int equals = word.IndexOf((byte)'=');
        return equals > 0
            ? $"has the condition {RuleFile.Quote(word[..equals])}, which is not supported; leave the rule out or make it hold for all"
            : $"{RuleFile.Quote(word)} is not understood; write from, to, and perhaps a status: /old /new 301";
    }

    /// <summary>The next word of the line; empty at its end, and from a <c>#</c> that begins a word on.</summary>
    private static ReadOnlySpan<byte> NextWord(ref ReadOnlySpan<byte> rest)
    {
        rest = ByteClass.TrimWhitespace(rest);
        if (rest.IsEmpty || rest[0] == '#')
        {
            return default;
        }

        int end = rest.IndexOfAny((byte)' ', (byte)'\t');
        ReadOnlySpan<byte> word = end < 0 ? rest : rest[..end];
        rest = rest[word.Length..];
        return word;
    }
}
