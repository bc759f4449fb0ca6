using System;
using System.Collections.Generic;
using System.Text;
using AotServe.Http;

namespace AotServe.Sites.Rules;

/// <summary>How long the clients of a site may keep its files (<c>--cache-control</c>). Immutable; any thread may use it.</summary>
/// <remarks>
/// None of the defaults says <c>public</c>: it would change nothing but that caches shared by several users keep what one of
/// them had to log in for (RFC 9111 §3.5).
/// </remarks>
internal sealed class CachePolicy
{
    private readonly (PathPattern? Pattern, byte[] Value)[] _rules;

    /// <summary>The defaults.</summary>
    public static readonly CachePolicy Default = new([]);

    private CachePolicy((PathPattern?, byte[])[] rules) => _rules = rules;

    private static ReadOnlySpan<byte> Page => "no-cache"u8;

    private static ReadOnlySpan<byte> Hashed => "max-age=31536000, immutable"u8;

    private static ReadOnlySpan<byte> Other => "max-age=3600"u8;

    /// <summary>
    /// Reads the rules: <c>PATTERN=VALUE</c>, where the pattern begins with <c>/</c>, or with <c>*</c> for any folder;
    /// <c>VALUE</c> for all files; <c>off</c> as a value for none. The first whose pattern matches counts, then the
    /// defaults. Null and the error where one is refused.
    /// </summary>
    public static CachePolicy? Read(IReadOnlyList<string> rules, out string? error)
    {
        error = null;
        var read = new (PathPattern?, byte[])[rules.Count];
        for (int i = 0; i < read.Length && error is null; i++)
        {
            read[i] = Read(Encoding.UTF8.GetBytes(rules[i]), out error);
            if (error is not null)
            {
                error = $"--cache-control: {RuleFile.Quote(Encoding.UTF8.GetBytes(rules[i]))} {error}";
            }
        }

        return error is null ? new CachePolicy(read) : null;
    }

    /// <summary>The value of Cache-Control for a file; empty: it gets none.</summary>
    /// <param name="path">The file's path beneath the root, decoded, without a first slash.</param>
    /// <param name="mediaType">Its media type.</param>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> path, ReadOnlySpan<byte> mediaType)
    {
        if (_rules.Length > 0)
        {
            Span<(int, int)> slots = stackalloc (int, int)[RuleFile.MaxCaptures];
            var captures = new Captures(path, default, slots);
            foreach ((PathPattern? pattern, byte[] value) in _rules)
            {
                if (pattern is null || pattern.Match(ref captures))
                {
                    return value;
                }
            }
        }

        return mediaType.StartsWith("text/html"u8) || mediaType.StartsWith("application/xhtml"u8) ? Page
            : ContentHash.IsIn(path) ? Hashed
            : Other;
    }

    private static (PathPattern? Pattern, byte[] Value) Read(ReadOnlySpan<byte> rule, out string? error)
    {
        PathPattern? pattern = null;
        error = null;
        if (!rule.IsEmpty && rule[0] is (byte)'/' or (byte)'*')
        {
            int equals = rule.IndexOf((byte)'=');
            if (equals < 0)
            {
                error = "has a pattern and no value; write PATTERN=VALUE, such as *.js=max-age=60";
                return default;
            }

            ReadOnlySpan<byte> text = rule[..equals];
            pattern = PathPatternReader.Read(text[0] == '*' ? [(byte)'/', .. text] : text, out error);
            rule = rule[(equals + 1)..];
        }

        rule = ByteClass.TrimWhitespace(rule);
        if (rule.SequenceEqual("off"u8))
        {
            return (pattern, []);
        }

        if (rule.IsEmpty || ByteClass.IndexOfNonFieldContent(rule) >= 0 || !char.IsAsciiLetter((char)rule[0]))
        {
            error ??= "has no value that Cache-Control could have; write one such as no-cache or max-age=60, or off";
        }

        return (pattern, rule.ToArray());
    }
}
