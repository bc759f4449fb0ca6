using System;

namespace AotServe.Sites.Paths;

/// <summary>Parameters of a query in the form <c>a=1&amp;b=2</c>.</summary>
internal static class QueryParameter
{
    /// <summary>
    /// The value of the first parameter named <paramref name="name"/>, as it was sent: nothing is decoded. False where
    /// there is none; a parameter without <c>=</c> has an empty value.
    /// </summary>
    /// <param name="query">The query, without its question mark.</param>
    /// <param name="name">Not empty.</param>
    /// <param name="value">The value.</param>
    public static bool TryGet(ReadOnlySpan<byte> query, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        // A query may consist of thousands of parameters, so it is not taken apart: what is looked for is rarely in it.
        for (int start = 0; query[start..].IndexOf(name) is >= 0 and int offset;)
        {
            int at = start + offset;
            int end = at + name.Length;
            if ((at == 0 || query[at - 1] == '&') && (end == query.Length || query[end] is (byte)'=' or (byte)'&'))
            {
                bool hasValue = end < query.Length && query[end] == '=';
                ReadOnlySpan<byte> rest = query[(hasValue ? end + 1 : end)..];
                int length = rest.IndexOf((byte)'&');
                value = !hasValue ? default : length < 0 ? rest : rest[..length];
                return true;
            }

            start = at + 1;
        }

        value = default;
        return false;
    }
}
