using System;
using System.Collections.Generic;
using AotServe.Http;

namespace AotServe.Sites.Rules;

/// <summary>
/// Reads a <c>_headers</c> file, as Netlify and Cloudflare Pages document it: a line with a path, then the fields for it,
/// <c>Name: value</c> or <c>! Name</c>, which are indented by custom.
/// </summary>
internal static class HeadersReader
{
    /// <summary>
    /// The rules; null where there are none, or where <paramref name="error"/> says which line is wrong: its number, what
    /// is wrong, what would be right.
    /// </summary>
    public static HeaderRules? Read(ReadOnlySpan<byte> content, out string? error)
    {
        var rules = new List<HeaderRule>();
        var changes = new List<FieldChange>();
        PathPattern? pattern = null;
        var lines = new RuleLines(content);
        while (lines.Next(out error))
        {
            if (IsPath(lines.Current))
            {
                Finish(rules, pattern, changes);
                pattern = PathPatternReader.Read(lines.Current, out error);
                if (error is not null)
                {
                    error = $"{RuleFile.Quote(lines.Current)} {error}";
                }
                else if (rules.Count == RuleFile.MaxRules)
                {
                    error = $"is one rule more than {RuleFile.MaxRules}; have fewer";
                }
            }
            else if (pattern is null)
            {
                error = $"{RuleFile.Quote(lines.Current)} belongs to no path; begin with a line such as /*";
            }
            else
            {
                changes.Add(ReadChange(lines.Current, pattern, out error));
            }

            if (error is not null)
            {
                break;
            }
        }

        if (error is not null)
        {
            error = $"{lines.Number}: {error}";
            return null;
        }

        Finish(rules, pattern, changes);
        return rules.Count == 0 ? null : new HeaderRules(rules);
    }

    private static bool IsPath(ReadOnlySpan<byte> line) =>
        line[0] == '/' || line.StartsWith("https://"u8) || line.StartsWith("http://"u8);

    /// <summary>A path without fields says nothing, and is no error: its fields may be commented out.</summary>
    private static void Finish(List<HeaderRule> rules, PathPattern? pattern, List<FieldChange> changes)
    {
        if (pattern is not null && changes.Count > 0)
        {
            rules.Add(new HeaderRule(pattern, [.. changes]));
        }

        changes.Clear();
    }

    private static FieldChange ReadChange(
        ReadOnlySpan<byte> line, PathPattern pattern, out string? error)
    {
        if (line[0] == '!')
        {
            ReadOnlySpan<byte> name = ByteClass.TrimWhitespace(line[1..]);
            var removed = OverridableField.Create(name, isRemoval: true, out error);
            if (error is not null)
            {
                error = $"{RuleFile.Quote(name)} {error}";
            }

            return new FieldChange(removed!, null);
        }

        var setting = FieldSetting.Parse(line, out error);
        if (error is not null)
        {
            error = $"{RuleFile.Quote(line)} {error}";
        }

        return setting is null ? default : new FieldChange(setting.Field, Template.Read(setting.Value, pattern.Names));
    }
}
