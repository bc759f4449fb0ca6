using System;
using AotServe.Files;
using AotServe.Http;
using AotServe.Sites.Paths;
using AotServe.Sites.Representations;

namespace AotServe.Sites;

/// <summary>
/// The answers of a file site to what it cannot serve: the root's own page for the status (<c>404.html</c>,
/// <c>403.html</c>, <c>50x.html</c>) where there is one, else the built-in one. Preconditions and ranges do not apply to
/// them (RFC 9110 §13.2.1, §14.2), so they carry no validators. Any thread may call.
/// </summary>
internal sealed class SiteErrors(RootFolder root, MediaTypes mediaTypes)
{
    /// <summary>Answers 404 for what is not there, or may not be known to be.</summary>
    /// <param name="response">Where the answer goes.</param>
    /// <param name="varies">Whether another Accept field would have been answered otherwise.</param>
    public void WriteNotFound(Response response, bool varies = false) => Write(404, "There is nothing at this address."u8, response, varies);

    /// <summary>Answers for a path that leads to no file.</summary>
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
                WriteNotFound(response);
                break;
        }
    }

    /// <summary>Answers for a file that was looked for and cannot be had.</summary>
    public void Write(FileOutcome outcome, Response response)
    {
        switch (outcome)
        {
            case FileOutcome.NotFound:
                WriteNotFound(response);
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

    private static ReadOnlySpan<byte> PageName(int status) => status switch
    {
        403 => "403.html"u8,
        404 => "404.html"u8,
        _ => "50x.html"u8,
    };

    /// <summary>A page that cannot be opened itself, for whatever reason, is as good as none.</summary>
    private void Write(int status, ReadOnlySpan<byte> detail, Response response, bool varies = false)
    {
        ReadOnlySpan<byte> name = PageName(status);
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

        response.Field("Content-Type"u8, mediaTypes.Of(name));
        response.Field("Cache-Control"u8, "no-cache"u8);
        RepresentationAnswer.EndWith(content, page.Length, response);
    }
}
