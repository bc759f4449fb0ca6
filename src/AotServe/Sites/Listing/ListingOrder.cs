using System;
using AotServe.Files;
using AotServe.Sites.Paths;

namespace AotServe.Sites.Listing;

/// <summary>The order of a listing, chosen by the query of the request: <c>?sort=size&amp;order=desc</c>.</summary>
/// <param name="Key">The column.</param>
/// <param name="IsDescending">Whether the greatest, the newest or the last in the alphabet comes first.</param>
internal readonly record struct ListingOrder(ListingKey Key, bool IsDescending)
{
    /// <summary>Reads a query. The default for missing and unknown values is by name, ascending.</summary>
    public static ListingOrder Parse(ReadOnlySpan<byte> query)
    {
        QueryParameter.TryGet(query, "sort"u8, out ReadOnlySpan<byte> sort);
        QueryParameter.TryGet(query, "order"u8, out ReadOnlySpan<byte> order);
        ListingKey key = sort.SequenceEqual("size"u8) ? ListingKey.Size
            : sort.SequenceEqual("time"u8) ? ListingKey.Time
            : ListingKey.Name;
        return new ListingOrder(key, order.SequenceEqual("desc"u8));
    }

    /// <summary>The value of the query parameter <c>sort</c> for a key.</summary>
    public static ReadOnlySpan<byte> ParameterFor(ListingKey key) => key switch
    {
        ListingKey.Size => "size"u8,
        ListingKey.Time => "time"u8,
        _ => "name"u8,
    };

    /// <summary>
    /// Sorts folders before files, and each by the key. Entries with equal keys are sorted by name, ascending; so are folders by
    /// size, since they have none.
    /// </summary>
    public void Sort(FolderEntries entries)
    {
        ListingOrder order = this;
        entries.All.Sort((left, right) => order.Compare(entries, left, right));
    }

    private int Compare(FolderEntries entries, in FolderEntry left, in FolderEntry right)
    {
        if (left.IsFolder != right.IsFolder)
        {
            return left.IsFolder ? -1 : 1;
        }

        int byKey = Key switch
        {
            ListingKey.Size when !left.IsFolder => left.File.Length.CompareTo(right.File.Length),
            ListingKey.Time => CompareTimes(left.File, right.File),
            _ => 0,
        };
        if (byKey != 0)
        {
            return IsDescending ? -byKey : byKey;
        }

        int byName = NaturalOrder.Compare(entries.NameOf(left), entries.NameOf(right));
        return Key == ListingKey.Name && IsDescending ? -byName : byName;
    }

    private static int CompareTimes(in FileEntry left, in FileEntry right)
    {
        int bySeconds = left.ModifiedSeconds.CompareTo(right.ModifiedSeconds);
        return bySeconds != 0 ? bySeconds : left.ModifiedNanoseconds.CompareTo(right.ModifiedNanoseconds);
    }
}
