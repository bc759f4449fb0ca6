using System;
using AotServe.Http;

namespace AotServe.Sites.Paths;

/// <summary>
/// Tells the addresses of a single-page application, which only its script knows, from files that are missing. The
/// application's own page answers the former.
/// </summary>
internal static class SinglePage
{
    /// <summary>The longest extension that a file is taken to have.</summary>
    private const int LongestExtension = 11;

    /// <summary>
    /// Whether an address could be one of the application's: its last name has no extension, or <c>.html</c>. An extension
    /// is letters and digits with a letter among them, so <c>/v1.2</c> is an address and <c>/app.js</c> a file.
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
    /// Whether the client navigates: it names HTML in Accept. <c>*/*</c> alone, or no Accept at all, is what scripts and
    /// tools send, and they want to hear of what is missing.
    /// </summary>
    public static bool IsNavigation(RequestHead head) => MediaPreference.Of(head, "text"u8, "html"u8).IsAskedFor;
}
