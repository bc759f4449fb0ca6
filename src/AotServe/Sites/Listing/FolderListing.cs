using System;
using AotServe.Files;
using AotServe.Http;
using AotServe.Sites.Representations;

namespace AotServe.Sites.Listing;

/// <summary>
/// Answers with a listing of a folder: an HTML page, or JSON if the client prefers it. The folder is read for each request, by
/// the worker that answers it. Any thread may call.
/// </summary>
internal sealed class FolderListing(RootFolder root, MediaTypes mediaTypes, PathFilter mayBeListed)
{
    /// <summary>Answers with the listing of the folder at <paramref name="path"/>. Unless it is found, nothing is written.</summary>
    public FileOutcome Answer(ReadOnlySpan<byte> path, RequestHead head, Response response)
    {
        var entries = new FolderEntries(mayBeListed, FolderEntries.UsualLimit);
        FileOutcome outcome = root.ReadFolder(path, entries);
        if (outcome != FileOutcome.Found)
        {
            return outcome;
        }

        var order = ListingOrder.Parse(head.Query);
        order.Sort(entries);
        bool isJson = MediaPreference.Of(head, "application"u8, "json"u8)
            .IsBetterThan(MediaPreference.Of(head, "text"u8, "html"u8));
        var body = new OutputBuffer(16 * 1024);
        if (isJson)
        {
            FolderJson.Write(body, path, entries);
        }
        else
        {
            FolderPage.Write(body, path, entries, order, mediaTypes);
        }

        response.Start(200);
        response.Field("Content-Type"u8, isJson ? "application/json"u8 : "text/html; charset=utf-8"u8);
        response.Field("Vary"u8, "Accept"u8);
        response.Field("Cache-Control"u8, "no-cache"u8);
        if (!isJson)
        {
            response.Field("Content-Security-Policy"u8, ContentSecurityPolicy.SelfContained);
        }

        response.EndWithBytes(body.Memory);
        return FileOutcome.Found;
    }
}
