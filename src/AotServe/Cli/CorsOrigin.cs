using System;
using System.Collections.Generic;
using System.Text;
using AotServe.Http;

namespace AotServe.Cli;

/// <summary>Origins as browsers send them (RFC 6454 §6.2): a scheme, a host in lower case, a port unless it is the usual one.</summary>
internal static class CorsOrigin
{
    /// <summary>All origins.</summary>
    public const string Any = "*";

    /// <summary>The origins with one more at the end, or null and, where there is more to say, a error.</summary>
    public static IReadOnlyList<string>? Add(IReadOnlyList<string> origins, string origin, ref string? error)
    {
        string added = origin.ToLowerInvariant();
        if (added != Any)
        {
            error = WhyNot(added);
            if (error is not null)
            {
                return null;
            }
        }

        foreach (string other in origins)
        {
            if (added == other || added == Any || other == Any)
            {
                error = added == other ? "is given twice; give each origin once" : "and another are given; * is for all, give it alone";
                return null;
            }
        }

        return [.. origins, added];
    }

    private static string? WhyNot(string origin)
    {
        const string Right = "; give scheme and host, such as https://app.example";
        int scheme = origin.IndexOf("://", StringComparison.Ordinal);
        if (origin == "null")
        {
            return "is what every sandboxed page sends" + Right;
        }

        if (scheme <= 0 || origin.AsSpan(0, scheme).ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789+.-") || !char.IsAsciiLetter(origin[0]))
        {
            return "does not begin with a scheme" + Right;
        }

        string authority = origin[(scheme + 3)..];
        if (authority.AsSpan().IndexOfAny("/?#") >= 0)
        {
            return "has a path, which origins do not have" + Right;
        }

        if (!Ascii.IsValid(authority) || !Authority.IsValid(Encoding.ASCII.GetBytes(authority)))
        {
            return "has no valid host" + Right;
        }

        return (origin.StartsWith("https:", StringComparison.Ordinal) && origin.EndsWith(":443", StringComparison.Ordinal))
            || (origin.StartsWith("http:", StringComparison.Ordinal) && origin.EndsWith(":80", StringComparison.Ordinal))
            ? "has the scheme's own port, which browsers leave out; leave it out"
            : null;
    }
}
