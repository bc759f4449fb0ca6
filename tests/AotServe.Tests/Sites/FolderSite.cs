using System;
using AotServe.Buffers;
using AotServe.Files;
using AotServe.Sites;
using AotServe.Sites.Access;
using AotServe.Sites.Listing;
using AotServe.Sites.Representations;
using AotServe.Workers;

namespace AotServe.Tests.Sites;

/// <summary>Makes a <see cref="FileSite"/> of which a test sets only what it is about.</summary>
internal static class FolderSite
{
    public static FileSite Open(
        string folder,
        FileSiteOptions? options = null,
        RootFolderOptions? files = null,
        BasicAuthentication? authentication = null,
        BufferBudget? buffers = null,
        Action<string>? reportWarning = null)
    {
        options ??= new FileSiteOptions();
        var shared = new FileSiteServices
        {
            MediaTypes = TypesOf(options),
            Buffers = buffers ?? new BufferBudget(1 << 30),
            Hashes = new FileHashes(new BackgroundThreadOptions()),
            Listings = new ListingThread(new BackgroundThreadOptions()),
            Authentication = authentication,
            ReportWarning = reportWarning ?? (static _ => { }),
        };
        return new FileSite(folder, files ?? new RootFolderOptions(), options, shared);
    }

    public static MediaTypes TypesOf(FileSiteOptions options) => new(options.MediaTypes, options.UnknownType);
}
