using System;
using System.Collections.Generic;
using AotServe.Buffers;
using AotServe.Files;
using AotServe.Http;
using AotServe.Sites.Representations;
using AotServe.Sites.Representations.Codings;

namespace AotServe.Sites.Listing;

/// <summary>
/// Answers with a listing of a folder: an HTML page, or JSON if the client prefers it. That of a small folder is made by the
/// worker, for each request. That of a large one is made by another thread, once for all who ask for it within a second, which
/// is as long as what was found in a folder is valid elsewhere, in the gzip coding for those that take it. Any thread may call.
/// </summary>
/// <param name="root">The root folder.</param>
/// <param name="mediaTypes">For the icons.</param>
/// <param name="mayBeListed">Which files may appear.</param>
/// <param name="buffers">What listings are charged to.</param>
/// <param name="thread">Makes the listings of large folders.</param>
internal sealed class FolderListing(
    RootFolder root, MediaTypes mediaTypes, PathFilter mayBeListed, BufferBudget buffers, ListingThread thread) : IDisposable
{
    /// <summary>
    /// A worker looks at no more names of a folder than this. Own choice: some hundred microseconds, about what a request with a
    /// large head takes.
    /// </summary>
    private const int MostByWorker = 48;

    /// <summary>How long a finished listing is sent, ms.</summary>
    private const long Validity = 1_000;

    // Those that are being made, and those that are not too old. A short list: the thread makes few in a second.
    private readonly List<ListingBuild> _builds = [];

    /// <summary>
    /// Answers with the listing of the folder at <paramref name="path"/>, or has the response wait for it. Unless it is found,
    /// nothing is written.
    /// </summary>
    public FileOutcome Answer(ReadOnlySpan<byte> path, RequestHead head, Response response)
    {
        bool isJson = MediaPreference.Of(head, "application"u8, "json"u8)
            .IsBetterThan(MediaPreference.Of(head, "text"u8, "html"u8));
        var variant = new ListingVariant(ListingOrder.Parse(head.Query), isJson, ListingFilter.Parse(head.Query),
            AcceptEncoding.Read(head).Choose(ContentCodings.Gzip) == ContentCodings.Gzip);
        if (response.Resumed is ListingBuild resumed && resumed.IsOf(path, variant))
        {
            return Answer(resumed, variant, head, response);
        }

        bool isHead = head.Method == RequestMethod.Head;
        if (FindRecent(path, variant) is { } recent && (recent.Body is not null || !isHead))
        {
            return Answer(recent, variant, head, response);
        }

        FileOutcome outcome = Read(path, variant, MostByWorker, out bool isTruncated, out ListingBody? body);
        if (body is not null)
        {
            return AnswerWith(body, variant, head, response);
        }

        if (outcome != FileOutcome.Found || !isTruncated)
        {
            return outcome;
        }

        if (isHead)
        {
            AnswerHead(variant, response);
            return FileOutcome.Found;
        }

        return Start(path, variant) is { } started ? Answer(started, variant, head, response) : FileOutcome.Unavailable;
    }

    /// <summary>Reads a folder and makes a listing of it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="variant">Which of its listings.</param>
    /// <param name="limit">The most names that are looked at.</param>
    /// <param name="isTruncated">Whether there are more. For a limit below the usual one there is no listing then.</param>
    /// <param name="body">The listing, owned by the caller; null unless it was made.</param>
    /// <returns>Unavailable: the budget does not allow it. Else whether the folder was found and may be read.</returns>
    public FileOutcome Read(
        ReadOnlySpan<byte> path, ListingVariant variant, int limit, out bool isTruncated, out ListingBody? body)
    {
        body = null;
        PathFilter filter = variant.Filter is { } text ? entry => mayBeListed(entry) && text.Matches(entry) : mayBeListed;
        using var entries = new FolderEntries(filter, limit, buffers, isAllOrNone: limit < FolderEntries.UsualLimit);
        FileOutcome outcome = root.ReadFolder(path, entries);
        isTruncated = entries.IsTruncated;
        if (outcome != FileOutcome.Found || (isTruncated && entries.IsAllOrNone))
        {
            return outcome;
        }

        if (entries.IsOverBudget)
        {
            return FileOutcome.Unavailable;
        }

        variant.Order.Sort(entries);
        var written = new ListingBody(buffers);
        if (variant.IsJson)
        {
            FolderJson.Write(written, path, entries);
        }
        else
        {
            FolderPage.Write(written, path, entries, variant, mediaTypes);
        }

        if (!written.TryComplete())
        {
            written.Dispose();
            return FileOutcome.Unavailable;
        }

        if (variant.IsGzip && !entries.IsAllOrNone)
        {
            ListingBody? coded = written.Compress();
            written.Dispose();
            body = coded;
            return coded is null ? FileOutcome.Unavailable : FileOutcome.Found;
        }

        body = written;
        return FileOutcome.Found;
    }

    /// <summary>Gives back the memory of listings that are too old. Called about once a second.</summary>
    public void Sweep(long now)
    {
        lock (_builds)
        {
            for (int i = _builds.Count - 1; i >= 0; i--)
            {
                if (_builds[i].IsDone && now - _builds[i].DoneAt >= Validity)
                {
                    _builds[i].Dispose();
                    _builds.RemoveAt(i);
                }
            }
        }
    }

    /// <summary>Gives back the memory of all listings. The thread that makes them has ended.</summary>
    public void Dispose() => Sweep(long.MaxValue);

    /// <summary>
    /// The same head as for GET, but for its Content-Length, which only a finished listing has (RFC 9110 §9.3.2): a large folder
    /// is not read for it.
    /// </summary>
    private static void AnswerHead(ListingVariant variant, Response response)
    {
        response.VariesByCoding = true;
        StartHead(variant, variant.IsGzip, response);
        response.EndWithoutBody();
    }

    private static FileOutcome Answer(ListingBuild build, ListingVariant variant, RequestHead head, Response response)
    {
        response.VariesByCoding = true;
        if (!build.IsDone)
        {
            response.Defer(build);
            return FileOutcome.Found;
        }

        if (build.Outcome != FileOutcome.Found)
        {
            return build.Outcome;
        }

        // Too old already where the request had to wait for a worker: the client may ask again.
        return build.Body is { } body && body.TryAddReference()
            ? AnswerWith(body, variant, head, response)
            : FileOutcome.Unavailable;
    }

    private static FileOutcome AnswerWith(ListingBody body, ListingVariant variant, RequestHead head, Response response)
    {
        if (RepresentationAnswer.AnswerPreconditions(head, body.Hash, varies: true, response))
        {
            body.Dispose();
            return FileOutcome.Found;
        }

        StartHead(variant, body.IsGzip, response);
        RepresentationAnswer.WriteTag(body.Hash, response);
        response.EndWithParts(null, body, body.Parts);
        return FileOutcome.Found;
    }

    private static void StartHead(ListingVariant variant, bool isGzip, Response response)
    {
        response.Start(200);
        response.Field("Content-Type"u8, variant.IsJson ? "application/json"u8 : "text/html; charset=utf-8"u8);
        if (isGzip)
        {
            response.Field("Content-Encoding"u8, "gzip"u8);
        }

        response.Field("Vary"u8, "Accept"u8);
        response.Field("Cache-Control"u8, "no-cache"u8);
        if (!variant.IsJson)
        {
            response.Field("Content-Security-Policy"u8, ContentSecurityPolicy.WithForm);
        }
    }

    /// <summary>A listing that is being made, or is not too old; null: there is none.</summary>
    private ListingBuild? FindRecent(ReadOnlySpan<byte> path, ListingVariant variant)
    {
        long now = Environment.TickCount64;
        lock (_builds)
        {
            foreach (ListingBuild build in _builds)
            {
                if (build.IsOf(path, variant) && (!build.IsDone || now - build.DoneAt < Validity))
                {
                    return build;
                }
            }
        }

        return null;
    }

    /// <summary>Has a listing made, unless another request has just done so. Null: too many are being made.</summary>
    private ListingBuild? Start(ReadOnlySpan<byte> path, ListingVariant variant)
    {
        Sweep(Environment.TickCount64);
        lock (_builds)
        {
            if (FindRecent(path, variant) is { } recent)
            {
                return recent;
            }

            var build = new ListingBuild(this, path.ToArray(), variant);
            if (!thread.TryAdd(build))
            {
                return null;
            }

            _builds.Add(build);
            return build;
        }
    }
}
