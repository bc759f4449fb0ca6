using System;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using AotServe.Http;

namespace AotServe.Cli;

/// <summary>
/// The values of <c>--cors</c>: origins as browsers send them (RFC 6454 §6.2): a scheme, a host in lower case, and a port
/// unless it is the scheme's default.
/// </summary>
internal static class CorsOrigin
{
    /// <summary>All origins.</summary>
    public const string Any = "*";

    private static string WayOut => "; give scheme and host, such as https://app.example"u8.Text();

    /// <summary>Adds an origin, in lower case, at the end of a list.</summary>
    public static bool TryAdd(
        string[] origins,
        string origin,
        [NotNullWhen(true)] out string[]? all,
        [NotNullWhen(false)] out string? error)
    {
        all = null;
        error = null;
        string added = origin.ToLowerInvariant();
        if (added != Any && !TryCheck(added, out error))
        {
            return false;
        }

        foreach (string other in origins)
        {
            if (added == other || added == Any || other == Any)
            {
                error = added == other ? "is given twice; give each origin once" : "and another are given; * is for all, give it alone"u8.Text();
                return false;
            }
        }

        all = [.. origins, added];
        return true;
    }

    /// <summary>Whether a browser could send this as an origin.</summary>
    private static bool TryCheck(string origin, [NotNullWhen(false)] out string? error)
    {
        int scheme = origin.IndexOf("://", StringComparison.Ordinal);
        string authority = scheme < 0 ? "" : origin[(scheme + 3)..];
        error = origin == "null" ? "is what every sandboxed page sends" + WayOut
            : !StartsWithScheme(origin, scheme) ? "does not begin with a scheme" + WayOut
            : authority.AsSpan().IndexOfAny("/?#") >= 0 ? "has a path, which origins do not have" + WayOut
            : !Ascii.IsValid(authority) || !Authority.IsValid(Encoding.ASCII.GetBytes(authority)) ? "has no valid host" + WayOut
            : HasDefaultPort(origin) ? "has the scheme's own port, which browsers leave out; leave it out"u8.Text()
            : null;
        return error is null;
    }

    private static bool StartsWithScheme(string origin, int length) =>
        length > 0
        && !origin.AsSpan(0, length).ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789+.-")
        && char.IsAsciiLetter(origin[0]);

    private static bool HasDefaultPort(string origin) =>
        (origin.StartsWith("https:", StringComparison.Ordinal) && origin.EndsWith(":443", StringComparison.Ordinal))
        || (origin.StartsWith("http:", StringComparison.Ordinal) && origin.EndsWith(":80", StringComparison.Ordinal));
}
