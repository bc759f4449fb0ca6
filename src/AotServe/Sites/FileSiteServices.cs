using System;
using AotServe.Buffers;
using AotServe.Sites.Access;
using AotServe.Sites.Listing;
using AotServe.Sites.Representations;
using AotServe.Workers;

namespace AotServe.Sites;

/// <summary>
/// What the file sites of one server use together. They do not own it; whoever made it disposes of it before them. Any thread
/// may use it.
/// </summary>
internal sealed class FileSiteServices : IDisposable
{
    /// <summary>The media types of all files.</summary>
    public required MediaTypes MediaTypes { get; init; }

    /// <summary>Bounds the memory that is kept for clients between turns.</summary>
    public required BufferBudget Buffers { get; init; }

    /// <summary>Who is let in; null: everybody.</summary>
    public BasicAuthentication? Authentication { get; init; }

    /// <summary>The hashes of files, for their entity tags.</summary>
    public required FileHashes Hashes { get; init; }

    /// <summary>Makes the listings of large folders.</summary>
    public required ListingThread Listings { get; init; }

    /// <summary>Takes a line about each precompressed file that is passed over; null: nobody wants to know.</summary>
    public Action<string>? ReportSibling { get; init; }

    /// <summary>Takes a line about what is odd and prevents nothing.</summary>
    public Action<string> ReportWarning { get; init; } = static _ => { };

    /// <summary>What the threads that a site starts have in common.</summary>
    public BackgroundThreadOptions BackgroundThreads { get; init; } = new();

    /// <summary>Ends the threads that they share.</summary>
    public void Dispose()
    {
        Listings.Dispose();
        Hashes.Dispose();
        Authentication?.Dispose();
    }
}
