using System;
using System.Runtime.CompilerServices;
using AotServe.Files;
using AotServe.Http;

namespace AotServe.Sites.Paths;

/// <summary>
/// The redirect to the canonical address of a file or a folder: a folder's with a slash at the end, without which the
/// relative references of its page would lead to the folder above, and a page's without its extension.
/// </summary>
internal static class CanonicalRedirect
{
    /// <summary>
    /// Answers 301. SECURITY: Location is made from the path that was found, not from the one that was sent. It begins with
    /// exactly one slash, and a name or nothing follows, so it can be neither <c>//host/</c> nor <c>/\host/</c>, and stays
    /// on this origin.
    /// </summary>
    /// <param name="path">The canonical path.</param>
    /// <param name="query">The request's query, which is kept; visible ASCII only.</param>
    /// <param name="response">The response to write.</param>
    [SkipLocalsInit]
    public static void Write(scoped in ResolvedPath path, ReadOnlySpan<byte> query, Response response)
    {
        Span<byte> location = stackalloc byte[
            (PercentEncoding.TripletLength * (RootFolder.LongestPath + 1)) + HttpLimits.RequestLine + 2];
        location[0] = (byte)'/';
        int length = 1 + PercentEncoding.Write(path.WithSlash, location[1..]);
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
