using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
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

    /// <summary>Whether a rule with that status answers with the content of its target.</summary>
    public static bool IsRewrite(int status) => status is 200 or 404 or 410 or 451 or 503;

    /// <summary>Reads the rules.</summary>
    /// <param name="content">The content of the file.</param>
    /// <param name="rules">The rules; null if the file has none.</param>
    /// <param name="error">For each wrong line its number, what is wrong, and what would be right; a line each.</param>
    /// <param name="ignored">Takes what is supported elsewhere and not here, in the same form; null: that is wrong too.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> content, out RedirectRules? rules, [NotNullWhen(false)] out string? error, List<string>? ignored = null)
    {
        rules = null;
        var read = new List<RedirectRule>();
        var problems = new RuleProblems(ignored);
        for (var lines = new RuleLines(content); lines.Next();)
        {
            bool isUnsupported = false;
            if (!lines.IsValid(out error) || !TryReadLine(lines.Current, lines.Number, read, out isUnsupported, out error))
            {
                problems.Add(lines.Number, error, isUnsupported);
            }
        }

        if (problems.Text is { } text)
        {
            error = text;
            return false;
        }

        error = read.Count > 0 && !RedirectRules.TryCreate([.. read], out rules, out int last) ? $"{last}: {RuleFile.TooManySteps}" : null;
        return error is null;
    }

    private static bool TryReadLine(
        ReadOnlySpan<byte> line, int number, List<RedirectRule> rules, out bool isUnsupported, [NotNullWhen(false)] out string? error)
    {
        ReadOnlySpan<byte> rest = line;
        ReadOnlySpan<byte> from = NextWord(ref rest);
        isUnsupported = RedirectTarget.OriginLength(from) > 0;
        if (!PathPatternReader.TryRead(from, out PathPattern? pattern, out error))
        {
            error = $"{RuleFile.Quote(from)} {error}";
            return false;
        }

        var names = new List<string>(pattern.Names.ToArray());
        var parameters = new List<ExpectedParameter>();
        ReadOnlySpan<byte> to = NextWord(ref rest);
        for (; IsParameter(to); to = NextWord(ref rest))
        {
            if (!TryReadParameter(to, parameters, names, out error))
            {
                return false;
            }
        }

        if (to.IsEmpty)
        {
            error = "has no target; write from, to, and perhaps a status: /old /new 301"u8.Text();
            return false;
        }

        if (!RedirectTarget.TryRead(to, [.. names], out RedirectTarget? target, out error))
        {
            error = $"{RuleFile.Quote(to)} {error}";
            return false;
        }

        if (!TryReadStatus(ref rest, out int status, out bool isForced, out error))
        {
            return false;
        }

        bool isRewrite = IsRewrite(status);
        if (isRewrite && target.HasOrigin)
        {
            isUnsupported = true;
            error = $"{RuleFile.Quote(to)} with status {status}" + " would be proxying, which is not supported; write a path, or a status such as 302"u8.Text();
            return false;
        }

        ReadOnlySpan<byte> word = NextWord(ref rest);
        if (!word.IsEmpty)
        {
            isUnsupported = word.IndexOf((byte)'=') > 0;
            error = DescribeExtraWord(word);
            return false;
        }

        bool slashMatters = false;
        if (parameters.Count == 0 && !target.HasOrigin && !isRewrite
            && !TryComparePaths(from, to, out slashMatters, out error))
        {
            return false;
        }

        rules.Add(new RedirectRule
        {
            Pattern = pattern,
            Parameters = [.. parameters],
            Target = target,
            Status = status,
            IsForced = isForced,
            SlashMatters = slashMatters,
            Line = number,
        });
        error = rules.Count > RuleFile.MaxRules ? $"is one rule more than {RuleFile.MaxRules}; have fewer" : null;
        return error is null;
    }

    /// <summary>
    /// Whether the target differs from the pattern by a slash at the end only. A target that does not differ at all is an
    /// error.
    /// </summary>
    private static bool TryComparePaths(
        ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, out bool slashMatters, [NotNullWhen(false)] out string? error)
    {
        string source = Encoding.Latin1.GetString(from).Replace("*", ":splat", StringComparison.Ordinal);
        string target = Encoding.Latin1.GetString(to).Split('#', '?')[0];
        slashMatters = source.TrimEnd('/') == target.TrimEnd('/') && source.TrimEnd('/').Length > 0;
        error = source == target ? RuleFile.Quote(to) + " leads to itself, for ever; lead somewhere else"u8.Text() : null;
        return error is null;
    }

    private static bool IsParameter(ReadOnlySpan<byte> word) =>
        !word.IsEmpty && word[0] != '/' && word.Contains((byte)'=') && RedirectTarget.OriginLength(word) == 0;

    private static bool TryReadParameter(
        ReadOnlySpan<byte> word,
        List<ExpectedParameter> parameters,
        List<string> names,
        [NotNullWhen(false)] out string? error)
    {
        int equals = word.IndexOf((byte)'=');
        byte[] name = word[..equals].ToArray();
        ReadOnlySpan<byte> value = word[(equals + 1)..];
        error = name.Length == 0 || value.IsEmpty ? RuleFile.Quote(word) + " is no parameter; write name=:value or name=text"u8.Text()
            : parameters.Count == RuleFile.MaxCaptures ? $"has more than {RuleFile.MaxCaptures} parameters; have fewer"
            : parameters.Exists(other => other.Name.AsSpan().SequenceEqual(name)) ? $"has the parameter {RuleFile.Quote(name)} twice; write it once"
            : null;
        if (error is not null)
        {
            return false;
        }

        if (PathPatternReader.PlaceholderLength(value) != value.Length)
        {
            var decoded = new List<byte>();
            for (int at = 0; at < value.Length;)
            {
                decoded.Add(QueryDecoding.Next(value, ref at));
            }

            parameters.Add(new ExpectedParameter(name, [.. decoded]));
            return true;
        }

        string capture = Encoding.ASCII.GetString(value[1..]);
        error = names.Contains(capture) ? $"has :{capture} twice; give each its own name"
            : names.Count == RuleFile.MaxCaptures ? $"has more than {RuleFile.MaxCaptures} placeholders; have fewer"
            : null;
        names.Add(capture);
        parameters.Add(new ExpectedParameter(name, null));
        return error is null;
    }

    /// <summary>Reads the status, if the next word is one; otherwise the word is left for the caller.</summary>
    private static bool TryReadStatus(
        ref ReadOnlySpan<byte> rest, out int status, out bool isForced, [NotNullWhen(false)] out string? error)
    {
        ReadOnlySpan<byte> after = rest;
        ReadOnlySpan<byte> word = NextWord(ref after);
        isForced = word.EndsWith("!"u8);
        ReadOnlySpan<byte> digits = isForced ? word[..^1] : word;
        error = null;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            isForced = false;
            status = DefaultStatus;
            return true;
        }

        rest = after;
        status = digits.Length == 3 ? ((digits[0] - '0') * 100) + ((digits[1] - '0') * 10) + digits[2] - '0' : 0;
        if (!IsRewrite(status) && status is not (301 or 302 or 303 or 307 or 308))
        {
            error = RuleFile.Quote(word) + " is no status that a rule can have; write 301, 302, 303, 307, 308, 200, 404, 410, 451 or 503"u8.Text();
        }

        return error is null;
    }

    private static string DescribeExtraWord(ReadOnlySpan<byte> word)
    {
        int equals = word.IndexOf((byte)'=');
        return equals > 0
            ? $"has the condition {RuleFile.Quote(word[..equals])}" + ", which is not supported; leave the rule out or make it hold for all"u8.Text()
            : RuleFile.Quote(word) + " is not understood; write from, to, and perhaps a status: /old /new 301"u8.Text();
    }

    /// <summary>The next word of the line; empty at its end. A <c>#</c> at the start of a word begins a comment.</summary>
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
