using System;
using System.Threading;
using AotServe.Files;
using AotServe.Http;

namespace AotServe.Sites.Listing;

/// <summary>
/// A listing that is being made by another thread than a worker, for all requests that ask for it until it is too old.
/// <see cref="FolderListing"/> owns it.
/// </summary>
internal sealed class ListingBuild(FolderListing listing, byte[] path, ListingVariant variant) : Deferral, IThreadPoolWorkItem, IDisposable
{
    /// <summary>What became of the folder, once it is done.</summary>
    public FileOutcome Outcome { get; private set; }

    /// <summary>The listing; null where it is not done, or could not be made: then there is no memory, or no such folder.</summary>
    public ListingBody? Body { get; private set; }

    /// <summary>When it was done, as <see cref="Environment.TickCount64"/>. Its owner decides on its age.</summary>
    public long DoneAt { get; private set; }

    /// <summary>Whether it is that listing of the folder at <paramref name="otherPath"/>.</summary>
    public bool IsOf(ReadOnlySpan<byte> otherPath, ListingVariant otherVariant) =>
        variant == otherVariant && otherPath.SequenceEqual(path);

    /// <summary>Makes the listing. Called once, by the thread for listings.</summary>
    public void Execute()
    {
        try
        {
            Outcome = listing.Read(path, variant, FolderEntries.UsualLimit, out _, out ListingBody? body);
            Body = body;
        }
        catch (OutOfMemoryException)
        {
            Outcome = FileOutcome.Unavailable;
        }
        finally
        {
            DoneAt = Environment.TickCount64;
            Complete();
        }
    }

    /// <summary>It is not sent to anybody else. Called once, when it is done or will never be.</summary>
    public void Dispose() => Body?.Dispose();
}
