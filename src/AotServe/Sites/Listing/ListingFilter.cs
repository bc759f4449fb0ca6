using System;
using System.Text;
using AotServe.Http;
using AotServe.Sites.Paths;

namespace AotServe.Sites.Listing;

/// <summary>
/// The text that names in a listing must hold, chosen by the query of the request: <c>?q=report</c>. Case does not matter. Immutable.
/// </summary>
internal sealed class ListingFilter : IEquatable<ListingFilter>
{
    /// <summary>The longest text, in characters. What is behind it does not count.</summary>
    private const int Longest = 100;

    private ListingFilter(string text) => Text = text;

    /// <summary>The text, which is not empty.</summary>
    public string Text { get; }

    /// <summary>Reads a query. Null: all names are listed.</summary>
    public static ListingFilter? Parse(ReadOnlySpan<byte> query)
    {
        if (!QueryParameter.TryGet(query, "q"u8, out ReadOnlySpan<byte> value) || value.IsEmpty)
        {
            return null;
        }

        Span<byte> decoded = stackalloc byte[4 * Longest];
        int length = 0;
        for (int at = 0; at < value.Length && length < decoded.Length; at++)
        {
            byte octet = value[at] == '+' ? (byte)' ' : value[at];
            if (octet == '%' && PercentEncoding.TryDecode(value, at, out byte encoded))
            {
                octet = encoded;
                at += PercentEncoding.TripletLength - 1;
            }

            decoded[length++] = octet;
        }

        string text = Encoding.UTF8.GetString(decoded[..length]).Trim();
        return text.Length == 0 ? null : new ListingFilter(text[..Math.Min(text.Length, Longest)]);
    }

    /// <summary>Whether the last name of a path holds the text.</summary>
    public bool Matches(ReadOnlySpan<byte> path)
    {
        ReadOnlySpan<byte> name = path[(path.LastIndexOf((byte)'/') + 1)..];
        return Encoding.UTF8.GetString(name).Contains(Text, StringComparison.OrdinalIgnoreCase);
    }

    public bool Equals(ListingFilter? other) => other is not null && other.Text == Text;

    public override bool Equals(object? obj) => Equals(obj as ListingFilter);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}
