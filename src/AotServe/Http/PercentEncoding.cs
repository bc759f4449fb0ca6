using System;

namespace AotServe.Http;

/// <summary>Percent-encoding (RFC 3986 §2.1), in both directions.</summary>
internal static class PercentEncoding
{
    /// <summary>The length of a triplet, such as <c>%2F</c>: what one byte becomes at most.</summary>
    public const int TripletLength = 3;

    /// <summary>
    /// What stands for an encoded slash in a decoded path, where a slash separates segments: a NUL, which no path has otherwise.
    /// </summary>
    public const byte EncodedSlash = 0;

    /// <summary>
    /// Encodes a path, which may hold any bytes. Only slashes and the unreserved characters of RFC 3986 §2.3 stay as they
    /// are. SECURITY: so nothing in it can be taken for a scheme, a query or a fragment, or by a browser for another slash.
    /// </summary>
    /// <param name="path">The decoded path.</param>
    /// <param name="destination">At least <see cref="TripletLength"/> bytes for each byte of the path.</param>
    /// <returns>How many bytes of <paramref name="destination"/> were written.</returns>
    public static int Write(ReadOnlySpan<byte> path, Span<byte> destination)
    {
        int length = 0;
        foreach (byte octet in path)
        {
            if (ByteClass.IsPlainInPath(octet))
            {
                destination[length++] = octet;
            }
            else
            {
                WriteTriplet(octet == EncodedSlash ? (byte)'/' : octet, destination[length..]);
                length += TripletLength;
            }
        }

        return length;
    }

    /// <summary>Writes the triplet of one byte, with capital digits (RFC 3986 §2.1).</summary>
    public static void WriteTriplet(byte octet, Span<byte> destination)
    {
        destination[0] = (byte)'%';
        destination[1] = "0123456789ABCDEF"u8[octet >> 4];
        destination[2] = "0123456789ABCDEF"u8[octet & 15];
    }

    /// <summary>
    /// Decodes the triplet whose <c>%</c> is at <paramref name="index"/>. False if two hexadecimal digits do not follow.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, int index, out byte octet)
    {
        octet = 0;
        if (text.Length - index < TripletLength)
        {
            return false;
        }

        int value = (ByteClass.HexValue(text[index + 1]) << 4) | ByteClass.HexValue(text[index + 2]);
        octet = (byte)value;
        return value >= 0;
    }
}
