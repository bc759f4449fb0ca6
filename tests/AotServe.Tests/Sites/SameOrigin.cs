using System;
using System.Linq;
using Xunit;

namespace AotServe.Tests.Sites;

/// <summary>Where a Location leads, by both of the rules that clients follow.</summary>
internal static class SameOrigin
{
    private const string Base = "http://site.example:81/a/b?c";

    /// <summary>Fails unless <paramref name="location"/>, found at an address of a site, stays on that site.</summary>
    public static void AssertKept(string? location)
    {
        Assert.NotNull(location);
        Assert.All(location, character => Assert.InRange(character, '\x21', '\x7e'));
        var resolved = new Uri(new Uri(Base), location);
        Assert.Equal("http://site.example:81", resolved.GetLeftPart(UriPartial.Authority));
        Assert.True(IsPathForBrowsers(location), location);
    }

    /// <summary>
    /// The URL standard's basic parser on a special base, as far as the host goes: whitespace at the ends and tabs and
    /// newlines anywhere are dropped, a backslash is a slash, and two of them begin a host.
    /// </summary>
    private static bool IsPathForBrowsers(string reference)
    {
        string text = string.Concat(reference.Trim([.. Enumerable.Range(0, 33).Select(code => (char)code)])
            .Where(character => character is not ('\t' or '\n' or '\r'))).Replace('\\', '/');
        string first = text.Split('/', '?', '#')[0];
        return first.Length == 0 ? !text.StartsWith("//", StringComparison.Ordinal) : !first.Contains(':');
    }
}
