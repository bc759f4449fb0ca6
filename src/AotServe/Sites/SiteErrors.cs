using System;
using System.Runtime.CompilerServices;
using AotServe.Files;
using AotServe.Http;
using AotServe.Sites.Paths;
using AotServe.Sites.Representations;

namespace AotServe.Sites;

/// <summary>
/// The error responses of a file site: with the root's own page for the status (<c>404.html</c>, <c>403.html</c>,
/// <c>50x.html</c>) if there is one, else with the built-in page. Preconditions and ranges do not apply to them
/// (RFC 9110 §13.2.1, §14.2), so they carry no validators. Any thread may call.
/// </summary>
internal sealed class SiteErrors(RootFolder root, MediaTypes mediaTypes)
{
    /// <summary>More folders than a site has above each other. A path may have thousands.</summary>
    private const int MostFolders = 32;

    /// <summary>
    /// Answers 404 for a path where there is nothing, or nothing that clients may know of. The page is the nearest <c>404.html</c> up the
    /// tree, as on Cloudflare Pages.
    /// </summary>
    /// <param name="path">The path; empty: the root's page is sent.</param>
    /// <param name="response">The response to write.</param>
    /// <param name="varies">Whether the response depends on the Accept field.</param>
    [SkipLocalsInit]
    public void WriteNotFound(ReadOnlySpan<byte> path, Response response, bool varies = false)
    {
        Span<byte> nearest = stackalloc byte[RootFolder.LongestPath];
        Write(404, "There is nothing at this address."u8, FindNearest(path, nearest), response, varies);
    }

    /// <summary>Goes down from the root as long as there are folders, which are few, whatever the path is.</summary>
    private ReadOnlySpan<byte> FindNearest(ReadOnlySpan<byte> path, Span<byte> space)
    {
        ReadOnlySpan<byte> name = PageName(404);
        int length = 0;
        name.CopyTo(space);
        for (int slash = path.IndexOf((byte)'/'), depth = 0; slash >= 0 && depth < MostFolders; depth++)
        {
            if (root.Find(path[..slash], out FileEntry folder) != FileOutcome.Found || folder.Kind != FileKind.Folder
                || slash + 1 + name.Length > space.Length)
            {
                break;
            }

            path[..(slash + 1)].CopyTo(space);
            name.CopyTo(space[(slash + 1)..]);
            if (root.Find(space[..(slash + 1 + name.Length)], out FileEntry page) == FileOutcome.Found && page.Kind == FileKind.Regular)
            {
                length = slash + 1;
            }

            int next = path[(slash + 1)..].IndexOf((byte)'/');
            slash = next < 0 ? -1 : slash + 1 + next;
        }

        path[..length].CopyTo(space);
        name.CopyTo(space[length..]);
        return space[..(length + name.Length)];
    }

    /// <summary>Answers a request whose path is malformed.</summary>
    public void Write(RequestPathStatus status, Response response)
    {
        switch (status)
        {
            case RequestPathStatus.InvalidEncoding:
                ErrorPage.Write(response, 400, "In the path, a % is not followed by two hexadecimal digits."u8);
                break;
            case RequestPathStatus.NulByte:
                ErrorPage.Write(response, 400, "There is a NUL byte in the path."u8);
                break;
            case RequestPathStatus.AboveRoot:
                ErrorPage.Write(response, 400, "The path leads above the root."u8);
                break;
            default:
                WriteNotFound(default, response);
                break;
        }
    }

    /// <summary>Answers a request for a file that was not found or cannot be read.</summary>
    public void Write(FileOutcome outcome, ReadOnlySpan<byte> path, Response response)
    {
        switch (outcome)
        {
            case FileOutcome.NotFound:
                WriteNotFound(path, response);
                break;
            case FileOutcome.Forbidden:
                Write(403, "This server is not allowed to read that."u8, response);
                break;
            case FileOutcome.Unavailable:
                Write(503, "The server is short of resources. Try again in a moment."u8, response);
                break;
            default:
                Write(500, "The file could not be read."u8, response);
                break;
        }
    }

    /// <summary>
    /// 500, because the fields that rules add are too much for a response. They are not sent in part: one that is missing could be
    /// one that protects.
    /// </summary>
    public static void WriteTooManyFields(Response response)
    {
        response.Overrides.Clear();
        ErrorPage.Write(response, 500, "The rules of this site add more fields to this response than a client would take."u8);
    }

    private static ReadOnlySpan<byte> PageName(int status) => status switch
    {
        403 => "403.html"u8,
        404 => "404.html"u8,
        _ => "50x.html"u8,
    };

    /// <summary>Writes the root's page, or the built-in page if that cannot be opened for whatever reason.</summary>
    private void Write(int status, ReadOnlySpan<byte> detail, Response response) =>
        Write(status, detail, PageName(status), response, varies: false);

    private void Write(int status, ReadOnlySpan<byte> detail, ReadOnlySpan<byte> name, Response response, bool varies)
    {
        FileOutcome outcome = root.OpenContent(name, out FileEntry page, out FileContent content);
        response.Start(status);
        if (status == 503)
        {
            response.Field("Retry-After"u8, 1);
        }

        if (varies)
        {
            response.Field("Vary"u8, "Accept"u8);
        }

        if (outcome != FileOutcome.Found)
        {
            ErrorPage.WriteStarted(response, status, detail);
            return;
        }

        response.Field("Content-Type"u8, mediaTypes.ForPath(name));
        response.Field("Cache-Control"u8, "no-cache"u8);
        RepresentationAnswer.EndWith(content, 0, page.Length, response);
    }
}
