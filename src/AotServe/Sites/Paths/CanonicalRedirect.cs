using System;
using System.Runtime.CompilerServices;
using AotServe.Files;
using AotServe.Http;

namespace AotServe.Sites.Paths;

/// <summary>
/// The redirect to the one address that a file or a folder has: a folder's with a trailing slash, without which the
/// relative references of its page would lead to the folder above, and a page's without its extension.
/// </summary>
internal static class CanonicalRedirect
{
    /// <summary>
    /// Answers 301 with a Location made from the path that was found, not from the one that was sent. SECURITY: it
    /// begins with exactly one slash, and a name or nothing follows, so it can be neither <c>//host/</c> nor
    /// <c>/\host/</c>, and stays on this origin.
    /// </summary>
    /// <param name="path">The path beneath the root as <see cref="RequestPath"/> made it; empty for the root.</param>
    /// <param name="isFolder">Whether it ends in a slash.</param>
    /// <param name="query">The request's query, kept; visible ASCII only.</param>
    /// <param name="response">Where the answer goes.</param>
    [SkipLocalsInit]
    public static void Write(ReadOnlySpan<byte> path, bool isFolder, ReadOnlySpan<byte> query, Response response)
    {
        Span<byte> location =
            stackalloc byte[(PercentEncoding.LongestEscape * RootFolder.LongestPath) + HttpLimits.RequestLine + 3];
        location[0] = (byte)'/';
        int length = 1 + PercentEncoding.Write(path, location[1..]);
        if (isFolder && !path.IsEmpty)
        {
            location[length++] = (byte)'/';
        }

        if (!query.IsEmpty)
        {
            location[length++] = (byte)'?';
            query.CopyTo(location[length..]);
            length += query.Length;
        }

        response.Start(301);
        response.Field("Location"u8, location[..length]);
        response.EndWithBody(default);
    }
}
