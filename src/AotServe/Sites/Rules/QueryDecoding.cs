using System;
using AotServe.Http;

namespace AotServe.Sites.Rules;

/// <summary>Decodes names and values of a query's parameters, as forms encode them.</summary>
internal static class QueryDecoding
{
    /// <summary>
    /// The byte that <paramref name="text"/> has at <paramref name="at"/>, which moves behind it: a triplet or a plus sign
    /// decoded, anything else as it is.
    /// </summary>
    public static byte Next(ReadOnlySpan<byte> text, ref int at)
    {
        byte octet = text[at++];
        if (octet == '+')
        {
            return (byte)' ';
        }

        if (octet != '%' || at + 1 >= text.Length)
        {
            return octet;
        }

        int value = (ByteClass.HexValue(text[at]) << 4) | ByteClass.HexValue(text[at + 1]);
        if (value < 0)
        {
            return octet;
        }

        at += 2;
        return (byte)value;
    }
}
