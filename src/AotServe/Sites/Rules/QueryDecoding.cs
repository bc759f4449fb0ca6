using System;
using AotServe.Http;

namespace AotServe.Sites.Rules;

/// <summary>Decodes names and values of query parameters in the encoding of HTML forms, where <c>+</c> is a space.</summary>
internal static class QueryDecoding
{
    /// <summary>
    /// Splits a query into its parameters, without those that are empty, and decodes their values. It is done once for all rules: a
    /// query may consist of thousands.
    /// </summary>
    /// <param name="query">As it was sent.</param>
    /// <param name="parameters">Gets the parameters.</param>
    /// <param name="decoded">Gets the decoded values, each where it stands in the query; as long as the query.</param>
    /// <returns>The parameters; none where there are more than fit, since no rule expects that many.</returns>
    public static ReadOnlySpan<SentParameter> Split(ReadOnlySpan<byte> query, Span<SentParameter> parameters, Span<byte> decoded)
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

                ReadOnlySpan<byte> parameter = query.Slice(start, length);
                int equals = parameter.IndexOf((byte)'=');
                int valueStart = equals < 0 ? length : equals + 1;
                parameters[count++] = new SentParameter(
                    start,
                    nameLength: equals < 0 ? length : equals,
                    start + valueStart,
                    length - valueStart,
                    Decode(parameter[valueStart..], decoded[(start + valueStart)..]));
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

    private static int Decode(ReadOnlySpan<byte> value, Span<byte> decoded)
    {
        int length = 0;
        for (int at = 0; at < value.Length;)
        {
            decoded[length++] = Next(value, ref at);
        }

        return length;
    }
}
