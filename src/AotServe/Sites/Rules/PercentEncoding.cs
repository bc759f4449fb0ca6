using System;
using AotServe.Http;

namespace AotServe.Sites.Rules;

/// <summary>Writes bytes from a request so that in a field value or a URL they can be nothing but data (RFC 3986 §2).</summary>
internal static class PercentEncoding
{
    /// <summary>The longest that a byte becomes.</summary>
    public const int Longest = 3;

    /// <summary>Writes all but unreserved bytes and slashes as triplets, and what is percent-encoded already as that.</summary>
    public static void Append(Span<byte> destination, ref int length, byte octet)
    {
        if (char.IsAsciiLetterOrDigit((char)octet) || "/-._~"u8.Contains(octet))
        {
            destination[length++] = octet;
            return;
        }

        destination[length++] = (byte)'%';
        destination[length++] = "0123456789ABCDEF"u8[octet >> 4];
        destination[length++] = "0123456789ABCDEF"u8[octet & 15];
    }

    /// <summary>
    /// The byte that <paramref name="text"/>, a query's parameter, has at <paramref name="at"/>, which moves behind it: a
    /// triplet or a plus sign decoded, anything else as it is.
    /// </summary>
    public static byte Decode(ReadOnlySpan<byte> text, ref int at)
    {
        byte octet = text[at++];
        if (octet == '+')
            return (byte)' ';
        if (octet != '%' || at + 1 >= text.Length)
            return octet;
        int value = (ByteClass.HexValue(text[at]) << 4) | ByteClass.HexValue(text[at + 1]);
        if (value < 0)
            return octet;
        at += 2;
        return (byte)value;
    }
}
