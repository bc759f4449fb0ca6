using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using AotServe.Http;

namespace AotServe.Sites.Rules;

/// <summary>The Cache-Control of a site's files (<c>--cache-control</c>). Immutable; any thread may use it.</summary>
/// <remarks>
/// None of the defaults has <c>public</c>. Its only effect would be that shared caches store responses to requests with
/// credentials (RFC 9111 §3.5).
/// </remarks>
internal sealed class CachePolicy
{
    private readonly (PathPattern? Pattern, byte[] Value)[] _rules;

    /// <summary>The defaults.</summary>
    public static readonly CachePolicy Default = new([]);

    private CachePolicy((PathPattern?, byte[])[] rules) => _rules = rules;

    /// <summary>Files have validators, so that asking again is cheap. An hour would run old scripts in new pages after a deploy.</summary>
    private static ReadOnlySpan<byte> Revalidated => "no-cache"u8;

    private static ReadOnlySpan<byte> Hashed => "max-age=31536000, immutable"u8;

    /// <summary>
    /// This policy with one more rule behind the others: <c>PATTERN=VALUE</c>, where the pattern begins with <c>/</c>, or with
    /// <c>*</c> for any folder; <c>VALUE</c> for all files; <c>off</c> as a value for no field. The first rule whose pattern
    /// matches counts, then the defaults. The error follows the quoted rule.
    /// </summary>
    public bool TryAdd(
        string rule, [NotNullWhen(true)] out CachePolicy? policy, [NotNullWhen(false)] out string? error)
    {
        if (!TryReadRule(Encoding.UTF8.GetBytes(rule), out (PathPattern?, byte[]) read, out error))
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

    /// <summary>This policy, but that all files for which it has no rule are not kept at all.</summary>
    public CachePolicy WithNoStore() => new([.. _rules, (null, "no-store"u8.ToArray())]);

    /// <summary>The value of Cache-Control for a file; empty if it has none.</summary>
    /// <param name="path">The file's path beneath the root, decoded, without a first slash.</param>
    [SkipLocalsInit]
    public ReadOnlySpan<byte> ValueFor(ReadOnlySpan<byte> path)
    {
        if (_rules.Length > 0)
        {
            Span<(int, int)> slots = stackalloc (int, int)[RuleFile.MaxCaptures];
            var captures = new Captures(path, default, slots, stackalloc int[Captures.PlacesLength]);
            foreach ((PathPattern? pattern, byte[] value) in _rules)
            {
                if (pattern is null || pattern.Match(ref captures))
                {
                    return value;
                }
            }
        }

        return HashedName.IsCertain(path) ? Hashed : Revalidated;
    }

    private static bool TryReadRule(
        ReadOnlySpan<byte> text,
        out (PathPattern? Pattern, byte[] Value) rule,
        [NotNullWhen(false)] out string? error)
    {
        rule = default;
        PathPattern? pattern = null;
        if (!text.IsEmpty && text[0] is (byte)'/' or (byte)'*')
        {
            int equals = text.IndexOf((byte)'=');
            if (equals < 0)
            {
                error = "has a pattern and no value; write PATTERN=VALUE, such as *.js=max-age=60"u8.Text();
                return false;
            }

            ReadOnlySpan<byte> path = text[..equals];
            if (!PathPatternReader.TryRead(path[0] == '*' ? [(byte)'/', .. path] : path, out pattern, out error))
            {
                return false;
            }

            text = text[(equals + 1)..];
        }

        ReadOnlySpan<byte> value = ByteClass.TrimWhitespace(text);
        error = value.SequenceEqual("off"u8) || IsValue(value)
            ? null
            : "has no value that Cache-Control could have; write one such as no-cache or max-age=60, or off"u8.Text();
        rule = (pattern, value.SequenceEqual("off"u8) ? [] : value.ToArray());
        return error is null;
    }

    /// <summary>Whether this looks like a list of cache directives (RFC 9111 §5.2). The directives are not checked.</summary>
    private static bool IsValue(ReadOnlySpan<byte> value) =>
        !value.IsEmpty && ByteClass.IndexOfNonFieldContent(value) < 0 && char.IsAsciiLetter((char)value[0]);
}
