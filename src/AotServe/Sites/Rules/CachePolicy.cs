using System;
using System.Diagnostics.CodeAnalysis;
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
    /// This policy with one more rule behind the others: <c>PATTERN=VALUE</c>, where the pattern begins with <c>/</c>, or with
    /// <c>*</c> for any folder; <c>VALUE</c> for all files; <c>off</c> as a value for no field. The first rule whose pattern
    /// matches counts, then the defaults. The error follows the quoted rule.
    /// </summary>
    public bool TryAdd(
        string rule, [NotNullWhen(true)] out CachePolicy? policy, [NotNullWhen(false)] out string? error)
    {
        (PathPattern?, byte[]) read = Read(Encoding.UTF8.GetBytes(rule), out error);
        if (error is not null)
        {
            policy = null;
            return false;
        }

        var rules = new (PathPattern?, byte[])[_rules.Length + 1];
        for (int i = 0; i < _rules.Length; i++)
        {
            rules[i] = _rules[i];
        }

        rules[^1] = read;
        policy = new CachePolicy(rules);
        return true;
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
