using System;
using AotServe.Http;

namespace AotServe.Sites.Paths;

/// <summary>
/// Single-page applications: distinguishes addresses that only the application's script knows, which the root's page answers,
/// from files that are missing.
/// </summary>
internal static class SinglePage
{
    /// <summary>The longest suffix that counts as an extension of a file.</summary>
    private const int LongestExtension = 11;

    /// <summary>
    /// Whether a path may be an address of the application: its last name has no extension, or <c>.html</c>. An extension
    /// is letters and digits with at least one letter, so <c>/v1.2</c> is an address and <c>/app.js</c> a file.
    /// </summary>
    public static bool MayBePage(ReadOnlySpan<byte> path)
    {
        ReadOnlySpan<byte> name = path[(path.LastIndexOf((byte)'/') + 1)..];
        int dot = name.LastIndexOf((byte)'.');
        ReadOnlySpan<byte> extension = name[(dot + 1)..];
        if (dot < 0 || extension.Length is 0 or > LongestExtension || extension.SequenceEqual("html"u8))
        {
            return true;
        }

        bool hasLetter = false;
        foreach (byte octet in extension)
        {
            if (!char.IsAsciiLetterOrDigit((char)octet))
            {
                return true;
            }

            hasLetter |= char.IsAsciiLetter((char)octet);
        }

        return !hasLetter;
    }

    /// <summary>
    /// Whether a browser navigates: it lists HTML in Accept. Scripts and tools send <c>*/*</c> or no Accept at all, and are to
    /// get a 404 for a missing file.
    /// </summary>
    public static bool IsNavigation(RequestHead head) => MediaPreference.Of(head, "text"u8, "html"u8).IsAskedFor;
}
