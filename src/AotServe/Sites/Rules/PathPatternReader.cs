using System;
using System.Collections.Generic;
using System.Text;
using AotServe.Http;

namespace AotServe.Sites.Rules;

/// <summary>Reads the path that a rule begins with.</summary>
internal static class PathPatternReader
{
    /// <summary>
    /// The pattern, or null and a error that reads well after the quoted path. Percent-encodings are decoded, so that a
    /// rule may be written either way, and <c>%2A</c> and <c>%3A</c> stand for a star and a colon.
    /// </summary>
    public static PathPattern? Read(ReadOnlySpan<byte> text, out string? error)
    {
        error = WhyNot(text);
        if (error is not null)
        {
            return null;
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
                if (ReadSegment(rest[range], names, out bool isSplat, out error) is not { } segment)
                {
                    return null;
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
                    error = "has two stars; one is as much as a path can have";
                }

                if (error is not null)
                {
                    return null;
                }
            }
        }

        // "/a/*/" is "/a/*": the star stands for the slash too.
        return new PathPattern([.. front], splat, [.. back], [.. names], hasSlash);
    }

    /// <summary>How many bytes of <paramref name="text"/> are a placeholder's colon and name; 0: it is no placeholder.</summary>
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

    private static string? WhyNot(ReadOnlySpan<byte> text) =>
        text.IndexOf("://"u8) is > 0 and int scheme && scheme < 8
            ? "names a host, and rules are for this site whatever its name; begin with /"
        : text.IsEmpty || text[0] != '/' ? "does not begin with /; write a path from the root, such as /blog/*"
        : text.Contains((byte)'?') ? "has a query; write its parameters behind the path, as name=:value"
        : text.Contains((byte)'#') ? "has a fragment, which browsers keep to themselves; leave it out"
        : text.Contains((byte)'\\') ? "has a backslash; write / or %5C"
        : null;

    private static PathSegment? ReadSegment(
        ReadOnlySpan<byte> text, List<string> names, out bool isSplat, out string? error)
    {
        int star = text.IndexOf((byte)'*');
        isSplat = star >= 0;
        int wildcard = -1;
        int length = 1;
        for (int i = 0; i < text.Length && wildcard < 0; i++)
        {
            if (PlaceholderLength(text[i..]) is > 0 and int found)
            {
                (wildcard, length) = (i, found);
            }
        }

        error = null;
        if ((isSplat && (wildcard >= 0 || text[(star + 1)..].Contains((byte)'*')))
            || (wildcard >= 0 && HasPlaceholder(text[(wildcard + length)..])))
        {
            error = "has two wildcards between two slashes, which could match in several ways; leave one";
        }

        if (error is null && (isSplat || wildcard >= 0))
        {
            string name = isSplat ? PathPattern.SplatName : Encoding.ASCII.GetString(text.Slice(wildcard + 1, length - 1));
            if (names.Contains(name))
            {
                error = isSplat ? "has two stars; one is as much as a path can have" : $"has :{name} twice; give each its own name";
            }
            else if (names.Count == RuleFile.MaxCaptures)
            {
                error = $"has more than {RuleFile.MaxCaptures} placeholders; have fewer";
            }
            else
            {
                names.Add(name);
            }
        }

        if (isSplat)
        {
            wildcard = star;
        }

        byte[]? before = error is null ? Decode(wildcard < 0 ? text : text[..wildcard], ref error) : null;
        byte[]? after = wildcard < 0 || before is null ? null : Decode(text[(wildcard + length)..], ref error);
        if (wildcard < 0 && before is { } literal && (literal.Length == 0 || literal is [(byte)'.'] or [(byte)'.', (byte)'.']))
        {
            error = "has an empty segment, . or .., which the paths of requests never have; leave it out";
        }

        return error is null ? new PathSegment(before!, after) : null;
    }

    private static bool HasPlaceholder(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (PlaceholderLength(text[i..]) > 0)
            {
                return true;
            }
        }

        return false;
    }

    private static byte[]? Decode(ReadOnlySpan<byte> text, ref string? error)
    {
        byte[] bytes = new byte[text.Length];
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            byte octet = text[i];
            if (octet == '%')
            {
                int high = i + 2 < text.Length ? ByteClass.HexValue(text[i + 1]) : -1;
                int low = i + 2 < text.Length ? ByteClass.HexValue(text[i + 2]) : -1;
                octet = (byte)((high << 4) | low);
                i += 2;
                if (high < 0 || low < 0)
                {
                    error = "has a % without two hexadecimal digits behind it; write %25 for a percent sign";
                }
                else if (octet is 0 or (byte)'/')
                {
                    error = "has an encoded slash or NUL, which no file's path has; leave it out";
                }

                if (error is not null)
                {
                    return null;
                }
            }

            bytes[length++] = octet;
        }

        return bytes.AsSpan(0, length).ToArray();
    }
}
