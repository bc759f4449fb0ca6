using System;
using AotServe.Http;

namespace AotServe.Sites.Rules;

/// <summary>Decodes names and values of query parameters in the encoding of HTML forms, where <c>+</c> is a space.</summary>
internal static class QueryDecoding
{
    /// <summary>
    /// Splits a query into its parameters, without those that are empty. It is done once for all rules: a query may consist of
    /// thousands.
    /// </summary>
    /// <param name="query">As it was sent.</param>
    /// <param name="parameters">Gets their places in the query.</param>
    /// <returns>The parameters; none where there are more than fit, since no rule expects that many.</returns>
    public static ReadOnlySpan<(int Start, int Length)> Split(
        ReadOnlySpan<byte> query, Span<(int Start, int Length)> parameters)
    {
        int count = 0;
        for (int start = 0; start < query.Length;)
        {
            int length = query[start..].IndexOf((byte)'&');
            length = length < 0 ? query.Length - start : length;
            if (length > 0)
            {
                if (count == parameters.Length)
                {
                    return default;
                }

                parameters[count++] = (start, length);
            }

            start += length + 1;
        }

        return parameters[..count];
    }

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
