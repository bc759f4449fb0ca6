using System;
using System.Collections.Generic;
using System.Text;
using AotServe.Http;

namespace AotServe.Sites.Rules;

/// <summary>Where a redirect leads: a path of this site, or a URL of another as the rule's owner wrote it.</summary>
/// <param name="Origin">Scheme and authority (<c>https://a.example</c>); empty: this site.</param>
/// <param name="Path">The path, with its first slash; empty only behind an origin.</param>
/// <param name="Query">The query without its question mark; null: the request's own is passed on.</param>
/// <param name="Fragment">The fragment without its number sign; null: none.</param>
internal sealed record RedirectTarget(byte[] Origin, Template Path, Template? Query, Template? Fragment)
{
    /// <summary>
    /// The target, or null and a error that reads well after the quoted text.
    /// </summary>
    /// <param name="text">The target as it was written.</param>
    /// <param name="names">The captures that it may refer to.</param>
    /// <param name="error">Why it is refused.</param>
    public static RedirectTarget? Read(ReadOnlySpan<byte> text, ReadOnlySpan<string> names, out string? error)
    {
        ReadOnlySpan<byte> rest = text[OriginLength(text)..];
        ReadOnlySpan<byte> origin = text[..^rest.Length];
        error = WhyNot(origin, rest);
        ReadOnlySpan<byte> fragment = CutAt(ref rest, (byte)'#', out bool hasFragment);
        ReadOnlySpan<byte> query = CutAt(ref rest, (byte)'?', out bool hasQuery);
        Template path = Part(rest, names, ref error);
        var target = new RedirectTarget(
            origin.ToArray(),
            path,
            hasQuery ? Part(query, names, ref error) : null,
            hasFragment ? Part(fragment, names, ref error) : null);
        return error is null ? target : null;
    }

    /// <summary>How many bytes of a URL are its scheme and authority; 0 where it is no URL with http or https.</summary>
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

    /// <summary>The most bytes that <see cref="WriteTo"/> writes.</summary>
    public int MaxLength(in Captures captures) =>
        Origin.Length + Path.MaxLength(captures) + (Query?.MaxLength(captures) ?? captures.Query.Length)
            + (Fragment?.MaxLength(captures) ?? 0) + 2;

    /// <summary>
    /// Writes the whole URL reference and gives its length. SECURITY: without an origin it begins with exactly one slash, and
    /// what comes from the request is percent-encoded, so that it can name no host.
    /// </summary>
    /// <param name="captures">The request.</param>
    /// <param name="passQuery">Whether the request's query is passed on where the target has none of its own.</param>
    /// <param name="destination">Where it goes.</param>
    public int WriteTo(in Captures captures, bool passQuery, Span<byte> destination)
    {
        int length = 0;
        Path.Expand(captures, destination, ref length, isPath: true);
        if (Origin.Length > 0)
        {
            destination[..length].CopyTo(destination[Origin.Length..]);
            Origin.CopyTo(destination);
            length += Origin.Length;
        }

        if (Query is not null || (passQuery && !captures.Query.IsEmpty))
        {
            destination[length++] = (byte)'?';
            if (Query is not null)
            {
                Query.Expand(captures, destination, ref length, isPath: false);
            }
            else
            {
                captures.Query.CopyTo(destination[length..]);
                length += captures.Query.Length;
            }
        }

        if (Fragment is not null)
        {
            destination[length++] = (byte)'#';
            Fragment.Expand(captures, destination, ref length, isPath: false);
        }

        return length;
    }

    private static string? WhyNot(ReadOnlySpan<byte> origin, ReadOnlySpan<byte> rest)
    {
        if (origin.IsEmpty)
        {
            return rest.IsEmpty || rest[0] != '/' ? "is neither a path nor a URL; begin with /, http:// or https://"
                : rest.Length > 1 && rest[1] is (byte)'/' or (byte)'\\' ? "begins with two slashes, which names a host; write https:// before it"
                : null;
        }

        ReadOnlySpan<byte> authority = origin[(origin.IndexOf("://"u8) + 3)..];
        for (int i = 0; i < authority.Length; i++)
        {
            if (PathPatternReader.PlaceholderLength(authority[i..]) > 0)
            {
                return "lets a request choose the host; write the host out";
            }
        }

        return Authority.IsValid(authority) ? null : "has no valid host; write https://example.org/";
    }

    private static ReadOnlySpan<byte> CutAt(ref ReadOnlySpan<byte> text, byte separator, out bool isThere)
    {
        int at = text.IndexOf(separator);
        isThere = at >= 0;
        ReadOnlySpan<byte> behind = isThere ? text[(at + 1)..] : default;
        text = isThere ? text[..at] : text;
        return behind;
    }

    /// <summary>Reads a part of the target; what a URL cannot hold as it is becomes percent-encoded.</summary>
    private static Template Part(ReadOnlySpan<byte> text, ReadOnlySpan<string> names, ref string? error)
    {
        var bytes = new List<byte>(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            byte octet = text[i];
            if (octet == '%' && (i + 2 >= text.Length || ByteClass.HexValue(text[i + 1]) < 0 || ByteClass.HexValue(text[i + 2]) < 0))
            {
                error ??= "has a % without two hexadecimal digits behind it; write %25 for a percent sign";
            }

            if (PathPatternReader.PlaceholderLength(text[i..]) is > 0 and int length)
            {
                string name = Encoding.ASCII.GetString(text.Slice(i + 1, length - 1));
                bool isMeant = i == 0 || text[i - 1] is (byte)'/' or (byte)'=' || name == PathPattern.SplatName;
                if (isMeant && !names.Contains(name))
                {
                    error ??= $"refers to :{name}, which the rule's path does not have; name it there";
                }
            }

            if (octet is > 0x20 and < 0x7F && !"\"<>\\^`{|}"u8.Contains(octet))
            {
                bytes.Add(octet);
            }
            else
            {
                bytes.AddRange(Encoding.ASCII.GetBytes($"%{octet:X2}"));
            }
        }

        return Template.Read([.. bytes], names);
    }
}
