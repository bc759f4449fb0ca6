namespace AotServe.Sites.Listing;

/// <summary>Which of the listings of one folder.</summary>
/// <param name="Order">The order of its entries.</param>
/// <param name="IsJson">Whether it is JSON rather than an HTML page.</param>
/// <param name="Filter">What is left of them; null: all.</param>
/// <param name="IsGzip">Whether the client takes gzip, and prefers it: that of a large folder has this coding then.</param>
internal readonly record struct ListingVariant(ListingOrder Order, bool IsJson, ListingFilter? Filter, bool IsGzip);
