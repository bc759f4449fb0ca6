using System;

namespace AotServe.Sites.Paths;

/// <summary>Parameters of a query in the form <c>a=1&amp;b=2</c>.</summary>
internal static class QueryParameter
{
    /// <summary>
    /// The value of the first parameter named <paramref name="name"/>, as it was sent: nothing is decoded. False where
    /// there is none; a parameter without <c>=</c> has an empty value.
    /// </summary>
    public static bool TryGet(ReadOnlySpan<byte> query, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        while (!query.IsEmpty)
        {
            int length = query.IndexOf((byte)'&');
            ReadOnlySpan<byte> parameter = length < 0 ? query : query[..length];
            query = length < 0 ? default : query[(length + 1)..];
            int equals = parameter.IndexOf((byte)'=');
            if ((equals < 0 ? parameter : parameter[..equals]).SequenceEqual(name))
            {
                value = equals < 0 ? default : parameter[(equals + 1)..];
                return true;
            }
        }

        value = default;
        return false;
    }
}
