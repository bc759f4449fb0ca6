using System;
using AotServe.Http;

namespace AotServe.Sites.Rules;

/// <summary>Decodes names and values of query parameters in the encoding of HTML forms, where <c>+</c> is a space.</summary>
internal static class QueryDecoding
{
    /// <summary>
    /// Decodes the byte at <paramref name="at"/>, which moves behind it. A <c>%</c> without two hexadecimal digits stands
    /// for itself.
    /// </summary>
    public static byte Next(ReadOnlySpan<byte> text, ref int at)
    {
        byte octet = text[at++];
        if (octet == '+')
        {
            return (byte)' ';
        }

        if (octet != '%' || !PercentEncoding.TryDecode(text, at - 1, out byte decoded))
        {
            return octet;
        }

        at += PercentEncoding.TripletLength - 1;
        return decoded;
    }
}
