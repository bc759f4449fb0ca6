using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using AotServe.Http;

namespace AotServe.Sites.Rules;

/// <summary>
/// Reads a <c>_headers</c> file, as Netlify and Cloudflare Pages document it: a line with a path, then the fields for it,
/// <c>Name: value</c> or <c>! Name</c>, which are indented by custom.
/// </summary>
internal static class HeadersReader
{
    /// <summary>Reads the rules.</summary>
    /// <param name="content">The content of the file.</param>
    /// <param name="rules">The rules; null if the file has none.</param>
    /// <param name="error">For each wrong line its number, what is wrong, and what would be right; a line each.</param>
    /// <param name="ignored">Takes what is supported elsewhere and not here, in the same form; null: that is wrong too.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> content, out HeaderRules? rules, [NotNullWhen(false)] out string? error, List<string>? ignored = null)
    {
        var problems = new RuleProblems(ignored);
        bool isSkipping = false;
        var read = new List<HeaderRule>();
        var changes = new List<FieldChange>();
        PathPattern? pattern = null;
        int patternLine = 0;
        for (var lines = new RuleLines(content); lines.Next();)
        {
            if (lines.IsValid(out error) && isSkipping && !IsPath(lines.Current))
            {
                continue; // It belongs to a path that was wrong, and has been reported.
            }

            if (error is not null || !TryReadLine(lines, read, ref pattern, ref patternLine, changes, out error))
            {
                bool isPath = IsPath(lines.Current);
                isSkipping |= isPath;
                problems.Add(lines.Number, error, isPath ? lines.Current[0] != '/' : IsBasicAuth(lines.Current));
            }
            else
            {
                isSkipping &= !IsPath(lines.Current);
            }
        }

        AddRule(read, isSkipping ? null : pattern, patternLine, changes);
        rules = null;
        if (problems.Text is { } text)
        {
            error = text;
            return false;
        }

        error = read.Count > 0 && !HeaderRules.TryCreate([.. read], out rules, out int last) ? $"{last}: {RuleFile.TooManySteps}" : null;
        return error is null;
    }

    private static bool TryReadLine(
        in RuleLines lines,
        List<HeaderRule> rules,
        ref PathPattern? pattern,
        ref int patternLine,
        List<FieldChange> changes,
        [NotNullWhen(false)] out string? error)
    {
        ReadOnlySpan<byte> line = lines.Current;
        if (IsPath(line))
        {
            AddRule(rules, pattern, patternLine, changes);
            patternLine = lines.Number;
            if (!PathPatternReader.TryRead(line, out pattern, out error))
            {
                error = $"{RuleFile.Quote(line)} {error}";
                return false;
            }

            error = rules.Count == RuleFile.MaxRules ? $"is one rule more than {RuleFile.MaxRules}; have fewer" : null;
            return error is null;
        }

        if (pattern is null)
        {
            error = RuleFile.Quote(line) + " belongs to no path; begin with a line such as /*"u8.Text();
            return false;
        }

        if (!TryReadChange(line, pattern, out FieldChange change, out error))
        {
            return false;
        }

        changes.Add(change);
        return true;
    }

    /// <summary>Netlify's way to ask for a password.</summary>
    private static bool IsBasicAuth(ReadOnlySpan<byte> line) => line.Length > 11 && Ascii.EqualsIgnoreCase(line[..11], "basic-auth:"u8);

    private static bool IsPath(ReadOnlySpan<byte> line) =>
        line[0] == '/' || line.StartsWith("https://"u8) || line.StartsWith("http://"u8);

    /// <summary>Adds the block that ends here. A path without fields is no error: its fields may be commented out.</summary>
    private static void AddRule(List<HeaderRule> rules, PathPattern? pattern, int line, List<FieldChange> changes)
    {
        if (pattern is not null && changes.Count > 0)
        {
            rules.Add(new HeaderRule(pattern, [.. changes], line));
        }

        changes.Clear();
    }

    private static bool TryReadChange(
        ReadOnlySpan<byte> line, PathPattern pattern, out FieldChange change, [NotNullWhen(false)] out string? error)
    {
        change = default;
        if (line[0] == '!')
        {
            ReadOnlySpan<byte> name = ByteClass.TrimWhitespace(line[1..]);
            if (!OverridableField.TryCreate(name, isRemoval: true, out OverridableField? removed, out error))
            {
                error = $"{RuleFile.Quote(name)} {error}";
                return false;
            }

            change = new FieldChange(removed, null);
            return true;
        }

        if (!FieldSetting.TryParse(line, out FieldSetting? setting, out error))
        {
            error = $"{RuleFile.Quote(line)} {error}";
            return false;
        }

        change = new FieldChange(setting.Field, Template.Read(setting.Value, pattern.Names));
        return true;
    }
}
