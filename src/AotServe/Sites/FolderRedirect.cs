using System;
using System.Runtime.CompilerServices;
using AotServe.Http;

namespace AotServe.Sites;

/// <summary>
/// The redirect of a folder's address to the one with a trailing slash, without which the relative references of its
/// page would lead to the folder above.
/// </summary>
internal static class FolderRedirect
{
    /// <summary>
    /// Answers 301 with a Location made from the path that was found, not from the one that was sent. SECURITY: it
    /// begins with exactly one slash and a name, so it can be neither <c>//host/</c> nor <c>/\host/</c>, and stays on
    /// this origin.
    /// </summary>
    /// <param name="path">The folder's path beneath the root as <see cref="RequestPath"/> made it; not empty.</param>
    /// <param name="query">The request's query, kept; visible ASCII only.</param>
    /// <param name="response">Where the answer goes.</param>
    [SkipLocalsInit]
    public static void Write(ReadOnlySpan<byte> path, ReadOnlySpan<byte> query, Response response)
    {
        Span<byte> location = stackalloc byte[(3 * RequestPath.MaxLength) + HttpLimits.RequestLine + 3];
        location[0] = (byte)'/';
        int length = 1 + Encode(path, location[1..]);
        location[length++] = (byte)'/';
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

    /// <summary>Percent-encodes all but slashes and what RFC 3986 §2.3 calls unreserved.</summary>
    private static int Encode(ReadOnlySpan<byte> path, Span<byte> destination)
    {
        int length = 0;
        foreach (byte octet in path)
        {
            if (char.IsAsciiLetterOrDigit((char)octet) || "/-._~"u8.Contains(octet))
            {
                destination[length++] = octet;
            }
            else
            {
                destination[length++] = (byte)'%';
                destination[length++] = "0123456789ABCDEF"u8[octet >> 4];
                destination[length++] = "0123456789ABCDEF"u8[octet & 15];
            }
        }

        return length;
    }
}
