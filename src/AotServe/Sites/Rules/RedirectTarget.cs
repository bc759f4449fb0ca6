using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using AotServe.Http;

namespace AotServe.Sites.Rules;

/// <summary>The target of a redirect rule: a path of this site, or a URL of another site.</summary>
/// <param name="origin">Scheme and authority (<c>https://a.example</c>); empty: this site.</param>
/// <param name="path">The path, with its first slash; empty only behind an origin.</param>
/// <param name="query">The query without its question mark; null: the request's own is passed on.</param>
/// <param name="fragment">The fragment without its number sign; null: none.</param>
internal sealed class RedirectTarget(byte[] origin, Template path, Template? query, Template? fragment)
{
    /// <summary>Whether it leads to another site.</summary>
    public bool HasOrigin => origin.Length > 0;

    /// <summary>Reads a target. The error is worded to follow the quoted text.</summary>
    /// <param name="text">The target as it was written.</param>
    /// <param name="names">The captures that it may refer to.</param>
    /// <param name="target">The target, if it is valid.</param>
    /// <param name="error">Why it is refused.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> text,
        ReadOnlySpan<string> names,
        [NotNullWhen(true)] out RedirectTarget? target,
        [NotNullWhen(false)] out string? error)
    {
        target = null;
        ReadOnlySpan<byte> rest = text[OriginLength(text)..];
        ReadOnlySpan<byte> origin = text[..^rest.Length];
        if (!IsBeginning(origin, rest, out error))
        {
            return false;
        }

        ReadOnlySpan<byte> fragment = CutAt(ref rest, (byte)'#', out bool hasFragment);
        ReadOnlySpan<byte> query = CutAt(ref rest, (byte)'?', out bool hasQuery);
        if (!TryReadPart(rest, names, out Template? pathTemplate, out error)
            || !TryReadPart(query, names, out Template? queryTemplate, out error)
            || !TryReadPart(fragment, names, out Template? fragmentTemplate, out error))
        {
            return false;
        }

        target = new RedirectTarget(
            origin.ToArray(), pathTemplate, hasQuery ? queryTemplate : null, hasFragment ? fragmentTemplate : null);
        return true;
    }

    /// <summary>The length of a URL's scheme and authority; 0 if it is no URL with http or https.</summary>
    public static int OriginLength(ReadOnlySpan<byte> text)
    {
        int scheme = text.IndexOf("://"u8);
        if (scheme < 0 || !(Ascii.EqualsIgnoreCase(text[..scheme], "http"u8) || Ascii.EqualsIgnoreCase(text[..scheme], "https"u8)))
        {
            return 0;
        }

        int authority = scheme + 3;
        int length = text[authority..].IndexOfAny("/?#"u8);
        return length < 0 ? text.Length : authority + length;
    }

    /// <summary>
    /// Writes the target of one request. SECURITY: without an origin it begins with exactly one slash, and what comes from
    /// the request is percent-encoded, so that it can name no host.
    /// </summary>
    /// <param name="captures">What the rule's wildcards stand for.</param>
    /// <param name="passQuery">Whether the request's query is passed on if the target has none of its own.</param>
    /// <param name="destination">The buffer, which the result refers to.</param>
    /// <param name="target">The target.</param>
    /// <returns>False: it does not fit.</returns>
    public bool TryExpand(scoped in Captures captures, bool passQuery, Span<byte> destination, out ExpandedTarget target)
    {
        target = default;
        int length = 0;
        if (!TryWrite(origin, destination, ref length) || !path.TryExpand(captures, destination, ref length, isPath: true))
        {
            return false;
        }

        int pathEnd = length;
        if (query is not null
            ? !(TryWrite("?"u8, destination, ref length) && query.TryExpand(captures, destination, ref length, isPath: false))
            : passQuery && !captures.Query.IsEmpty
                && !(TryWrite("?"u8, destination, ref length) && TryWrite(captures.Query, destination, ref length)))
        {
            return false;
        }

        int queryEnd = length;
        if (fragment is not null
            && !(TryWrite("#"u8, destination, ref length) && fragment.TryExpand(captures, destination, ref length, isPath: false)))
        {
            return false;
        }

        target = new ExpandedTarget
        {
            Reference = destination[..length],
            Path = destination[origin.Length..pathEnd],
            Query = pathEnd == queryEnd ? default : destination[(pathEnd + 1)..queryEnd],
        };
        return true;
    }

    private static bool TryWrite(ReadOnlySpan<byte> bytes, Span<byte> destination, ref int length)
    {
        bool fits = bytes.TryCopyTo(destination[length..]);
        length += fits ? bytes.Length : 0;
        return fits;
    }

    /// <summary>Whether a target begins with a path, or with an origin whose host the rule's owner wrote out.</summary>
    private static bool IsBeginning(
        ReadOnlySpan<byte> origin, ReadOnlySpan<byte> rest, [NotNullWhen(false)] out string? error)
    {
        if (origin.IsEmpty)
        {
            error = rest.IsEmpty || rest[0] != '/' ? "is neither a path nor a URL; begin with /, http:// or https://"u8.Text()
                : rest.Length > 1 && rest[1] is (byte)'/' or (byte)'\\' ? "begins with two slashes, which names a host; write https:// before it"u8.Text()
                : null;
            return error is null;
        }

        ReadOnlySpan<byte> authority = origin[(origin.IndexOf("://"u8) + 3)..];
        for (int i = 0; i < authority.Length; i++)
        {
            if (PathPatternReader.PlaceholderLength(authority[i..]) > 0)
            {
                error = "lets a request choose the host; write the host out"u8.Text();
                return false;
            }
        }

        error = Authority.IsValid(authority) ? null : "has no valid host; write https://example.org/"u8.Text();
        return error is null;
    }

    private static ReadOnlySpan<byte> CutAt(ref ReadOnlySpan<byte> text, byte separator, out bool isThere)
    {
        int at = text.IndexOf(separator);
        isThere = at >= 0;
        ReadOnlySpan<byte> behind = isThere ? text[(at + 1)..] : default;
        text = isThere ? text[..at] : text;
        return behind;
    }

    /// <summary>Reads a part of the target. Characters that a URL cannot hold are percent-encoded.</summary>
    private static bool TryReadPart(
        ReadOnlySpan<byte> text,
        ReadOnlySpan<string> names,
        [NotNullWhen(true)] out Template? part,
        [NotNullWhen(false)] out string? error)
    {
        part = null;
        var bytes = new List<byte>(text.Length);
        Span<byte> triplet = stackalloc byte[PercentEncoding.TripletLength];
        for (int i = 0; i < text.Length; i++)
        {
            byte octet = text[i];
            if (octet == '%' && !PercentEncoding.TryDecode(text, i, out _))
            {
                error = "has a % without two hexadecimal digits behind it; write %25 for a percent sign"u8.Text();
                return false;
            }

            if (PathPatternReader.PlaceholderLength(text[i..]) is > 0 and int length)
            {
                string name = Encoding.ASCII.GetString(text.Slice(i + 1, length - 1));
                bool isReference = i == 0 || text[i - 1] is (byte)'/' or (byte)'=' || name == PathPattern.SplatName;
                if (isReference && !names.Contains(name))
                {
                    error = $"refers to :{name}" + ", which the rule's path does not have; name it there"u8.Text();
                    return false;
                }
            }

            if (octet is > 0x20 and < 0x7F && !"\"<>\\^`{|}"u8.Contains(octet))
            {
                bytes.Add(octet);
            }
            else
            {
                PercentEncoding.WriteTriplet(octet, triplet);
                bytes.AddRange(triplet);
            }
        }

        part = Template.Read([.. bytes], names);
        error = null;
        return true;
    }
}
