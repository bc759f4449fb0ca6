using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using AotServe.Http;

namespace AotServe.Sites.Rules;

/// <summary>
/// Reads the path pattern that a rule begins with. Percent-encodings are decoded, so that a rule may be written either way;
/// <c>%2A</c> and <c>%3A</c> stand for a literal star and colon.
/// </summary>
internal static class PathPatternReader
{
    private static string TwoSplats => "has two stars; one is as much as a path can have"u8.Text();

    /// <summary>Reads a pattern. The error is worded to follow the quoted pattern.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> text,
        [NotNullWhen(true)] out PathPattern? pattern,
        [NotNullWhen(false)] out string? error)
    {
        pattern = null;
        if (!IsPath(text, out error))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = text[1..];
        bool hasSlash = rest.IsEmpty || rest[^1] == '/';
        if (!rest.IsEmpty && hasSlash)
        {
            rest = rest[..^1];
        }

        var front = new List<PathSegment>();
        var back = new List<PathSegment>();
        var names = new List<string>();
        PathSegment? splat = null;
        if (!rest.IsEmpty)
        {
            foreach (Range range in rest.Split((byte)'/'))
            {
                if (!TryReadSegment(rest[range], names, out PathSegment segment, out bool isSplat, out error))
                {
                    return false;
                }

                if (!isSplat)
                {
                    (splat is null ? front : back).Add(segment);
                }
                else if (splat is null)
                {
                    splat = segment;
                }
                else
                {
                    error = TwoSplats;
                    return false;
                }
            }
        }

        // "/a/*/" is the same as "/a/*": the splat also matches a slash at the end.
        pattern = new PathPattern([.. front], splat, [.. back], [.. names], hasSlash);
        return true;
    }

    /// <summary>The length of the placeholder (a colon and a name) at the start of <paramref name="text"/>; 0 if there is none.</summary>
    public static int PlaceholderLength(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2 || text[0] != ':' || !char.IsAsciiLetter((char)text[1]))
        {
            return 0;
        }

        int length = 2;
        while (length < text.Length && (char.IsAsciiLetterOrDigit((char)text[length]) || text[length] == '_'))
        {
            length++;
        }

        return length;
    }

    private static bool IsPath(ReadOnlySpan<byte> text, [NotNullWhen(false)] out string? error)
    {
        error = text.IndexOf("://"u8) is > 0 and < 8 ? "names a host, and rules are for this site whatever its name; begin with /"u8.Text()
            : text.IsEmpty || text[0] != '/' ? "does not begin with /; write a path from the root, such as /blog/*"u8.Text()
            : text.Contains((byte)'?') ? "has a query; write its parameters behind the path, as name=:value"u8.Text()
            : text.Contains((byte)'#') ? "has a fragment, which browsers keep to themselves; leave it out"u8.Text()
            : text.Contains((byte)'\\') ? "has a backslash; write / or %5C"
            : null;
        return error is null;
    }

    private static bool TryReadSegment(
        ReadOnlySpan<byte> text,
        List<string> names,
        out PathSegment segment,
        out bool isSplat,
        [NotNullWhen(false)] out string? error)
    {
        segment = default;
        if (!TryFindWildcard(text, out int wildcard, out int length, out isSplat, out error)
            || (wildcard >= 0 && !TryAddName(text.Slice(wildcard, length), isSplat, names, out error)))
        {
            return false;
        }

        byte[]? after = null;
        if (!TryDecode(wildcard < 0 ? text : text[..wildcard], out byte[]? before, out error)
            || (wildcard >= 0 && !TryDecode(text[(wildcard + length)..], out after, out error)))
        {
            return false;
        }

        if (wildcard < 0 && (before.Length == 0 || before is [(byte)'.'] or [(byte)'.', (byte)'.']))
        {
            error = "has an empty segment, . or .., which the paths of requests never have; leave it out"u8.Text();
            return false;
        }

        segment = new PathSegment(before, after);
        return true;
    }

    /// <summary>Finds the one wildcard of a segment, a star or a placeholder; its index is −1 if there is none.</summary>
    private static bool TryFindWildcard(
        ReadOnlySpan<byte> text, out int wildcard, out int length, out bool isSplat, [NotNullWhen(false)] out string? error)
    {
        int placeholder = IndexOfPlaceholder(text, out length);
        int star = text.IndexOf((byte)'*');
        isSplat = star >= 0;
        bool isAmbiguous = isSplat
            ? placeholder >= 0 || text[(star + 1)..].Contains((byte)'*')
            : placeholder >= 0 && IndexOfPlaceholder(text[(placeholder + length)..], out _) >= 0;
        (wildcard, length) = isSplat ? (star, 1) : (placeholder, length);
        error = isAmbiguous ? "has two wildcards between two slashes, which could match in several ways; leave one"u8.Text() : null;
        return !isAmbiguous;
    }

    private static int IndexOfPlaceholder(ReadOnlySpan<byte> text, out int length)
    {
        for (int i = 0; i < text.Length; i++)
        {
            length = PlaceholderLength(text[i..]);
            if (length > 0)
            {
                return i;
            }
        }

        length = 0;
        return -1;
    }

    private static bool TryAddName(
        ReadOnlySpan<byte> wildcard, bool isSplat, List<string> names, [NotNullWhen(false)] out string? error)
    {
        string name = isSplat ? PathPattern.SplatName : Encoding.ASCII.GetString(wildcard[1..]);
        error = names.Contains(name) ? isSplat ? TwoSplats : $"has :{name} twice; give each its own name"
            : names.Count == RuleFile.MaxCaptures ? $"has more than {RuleFile.MaxCaptures} placeholders; have fewer"
            : null;
        names.Add(name);
        return error is null;
    }

    private static bool TryDecode(
        ReadOnlySpan<byte> text, [NotNullWhen(true)] out byte[]? decoded, [NotNullWhen(false)] out string? error)
    {
        byte[] bytes = new byte[text.Length];
        int length = 0;
        decoded = null;
        for (int i = 0; i < text.Length; i++)
        {
            byte octet = text[i];
            if (octet == '%')
            {
                if (!PercentEncoding.TryDecode(text, i, out octet))
                {
                    error = "has a % without two hexadecimal digits behind it; write %25 for a percent sign"u8.Text();
                    return false;
                }

                if (octet is 0 or (byte)'/')
                {
                    error = "has an encoded slash or NUL, which no file's path has; leave it out"u8.Text();
                    return false;
                }

                i += PercentEncoding.TripletLength - 1;
            }

            bytes[length++] = octet;
        }

        decoded = bytes.AsSpan(0, length).ToArray();
        error = null;
        return true;
    }
}
