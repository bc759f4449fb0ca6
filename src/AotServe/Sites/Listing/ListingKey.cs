namespace AotServe.Sites.Listing;

/// <summary>What a listing is sorted by.</summary>
internal enum ListingKey
{
    Name,
    Size,
    Time,
}
