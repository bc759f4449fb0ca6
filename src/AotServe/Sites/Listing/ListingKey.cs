namespace AotServe.Sites.Listing;

/// <summary>The column that a listing is sorted by.</summary>
internal enum ListingKey
{
    Name,
    Size,
    Time,
}
