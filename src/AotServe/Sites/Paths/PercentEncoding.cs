using System;

namespace AotServe.Sites.Paths;

/// <summary>Writes names of files, which may be of any bytes, as parts of a URL's path (RFC 3986 §2.1).</summary>
internal static class PercentEncoding
{
    /// <summary>How many bytes one becomes at most.</summary>
    public const int LongestEscape = 3;

    /// <summary>
    /// Encodes all but slashes and what RFC 3986 §2.3 calls unreserved. SECURITY: so nothing that follows can be taken
    /// for a scheme, a query or a fragment, or by a browser for another slash.
    /// </summary>
    /// <returns>How many bytes of <paramref name="destination"/> were written.</returns>
    public static int Write(ReadOnlySpan<byte> path, Span<byte> destination)
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
