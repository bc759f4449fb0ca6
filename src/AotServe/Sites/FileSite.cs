using System;
using System.Runtime.CompilerServices;
using AotServe.Http;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Sites;

/// <summary>
/// Answers with the files beneath a root folder. Nothing is remembered from one request to the next: what the file
/// system says at the moment of a request is what its client gets.
/// </summary>
internal sealed class FileSite(RootFolder root) : IRequestHandler, IDisposable
{
    private readonly MediaTypes _mediaTypes = new();

    /// <summary>Serves the folder at <see cref="FileSiteOptions.Root"/>, which is opened once, here.</summary>
    /// <exception cref="System.IO.IOException">It does not exist, is no folder, or may not be searched.</exception>
    public FileSite(FileSiteOptions options)
        : this(RootFolder.Open(options.Root))
    {
    }

    private static ReadOnlySpan<byte> Allow => "GET, HEAD, OPTIONS"u8;

    private static ReadOnlySpan<byte> IndexName => "index.html"u8;

    /// <summary>No method that is answered here has a use for a body.</summary>
    public BodyUse UseOfBody(RequestHead head) => BodyUse.Discard;

    /// <summary>The steps that a request goes through, in their order; the first that has an answer ends it.</summary>
    [SkipLocalsInit]
    public void Answer(RequestHead head, ReadOnlySpan<byte> body, Response response)
    {
        if (AnswerMethod(head, response))
            return;

        Span<byte> space = stackalloc byte[RequestPath.MaxLength + 1 + IndexName.Length];
        RequestPathStatus status = RequestPath.Resolve(
            head.Path,
            space[..RequestPath.MaxLength],
            out int length,
            out bool namesFolder,
            OperatingSystem.IsWindows());
        if (status != RequestPathStatus.Valid)
        {
            RefusePath(status, response);
            return;
        }

        FileOutcome outcome = root.Find(space[..length], out FileEntry entry);
        if (outcome == FileOutcome.Found && entry.Kind == FileKind.Folder && head.Method != RequestMethod.Options)
        {
            if (!namesFolder)
            {
                FolderRedirect.Write(space[..length], head.Query, response);
                return;
            }

            // A folder without an index is not found rather than forbidden: that it exists is nobody's business.
            length = AppendIndexName(space, length);
            namesFolder = false;
            outcome = root.Find(space[..length], out entry);
        }

        ReadOnlySpan<byte> path = space[..length];
        if (outcome == FileOutcome.Found && !IsServed(entry, namesFolder, head.Method))
            outcome = FileOutcome.NotFound;
        if (outcome != FileOutcome.Found)
            RefuseFile(outcome, response);
        else if (head.Method == RequestMethod.Options)
            AnswerOptions(response);
        else
            AnswerFile(head, path, response);
    }

    public void Dispose() => root.Dispose();

    private static bool AnswerMethod(RequestHead head, Response response)
    {
        switch (head.Method)
        {
            case RequestMethod.Get or RequestMethod.Head:
                return false;
            case RequestMethod.Options:
                if (head.Form != TargetForm.Asterisk)
                    return false;
                AnswerOptions(response);
                return true;
            case RequestMethod.Connect:
                // What follows on the connection may already be meant for the tunnel.
                response.KeepAlive = false;
                ErrorPage.Write(response, 501, "This server is not a proxy."u8);
                return true;
            case RequestMethod.Other:
                ErrorPage.Write(response, 501, "This server does not know that method."u8);
                return true;
            default:
                ErrorPage.WriteNotAllowed(response, Allow);
                return true;
        }
    }

    private static void AnswerOptions(Response response)
    {
        response.Start(204);
        response.Field("Allow"u8, Allow);
        response.EndWithoutBody();
    }

    private static void RefusePath(RequestPathStatus status, Response response)
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
                ErrorPage.Write(response, 404);
                break;
        }
    }

    private static void RefuseFile(FileOutcome outcome, Response response)
    {
        switch (outcome)
        {
            case FileOutcome.NotFound:
                ErrorPage.Write(response, 404);
                break;
            case FileOutcome.Forbidden:
                ErrorPage.Write(response, 403);
                break;
            case FileOutcome.Unavailable:
                ErrorPage.WriteUnavailable(response, "The server is short of resources. Try again in a moment."u8);
                break;
            default:
                ErrorPage.Write(response, 500, "The file could not be read."u8);
                break;
        }
    }

    private static int AppendIndexName(Span<byte> space, int length)
    {
        if (length > 0)
            space[length++] = (byte)'/';
        IndexName.CopyTo(space[length..]);
        return length + IndexName.Length;
    }

    /// <summary>OPTIONS is answered for folders too, with or without an index: they exist.</summary>
    private static bool IsServed(in FileEntry entry, bool namesFolder, RequestMethod method) => entry.Kind switch
    {
        FileKind.Regular => !namesFolder,
        FileKind.Folder => method == RequestMethod.Options,
        _ => false,
    };

    /// <summary>
    /// HEAD opens the file as GET does, and so does what may end in 304, so that they say the same of one that may not be
    /// read (RFC 9110 §13.2.1). Preconditions, ranges and fields are about the file that was opened, whatever was found
    /// under its name before.
    /// </summary>
    private void AnswerFile(RequestHead head, ReadOnlySpan<byte> path, Response response)
    {
        FileOutcome outcome = root.OpenFile(path, out FileEntry entry, out SafeFileHandle? file);
        if (file is null)
        {
            RefuseFile(outcome, response);
            return;
        }

        Span<byte> tag = stackalloc byte[EntityTag.MaxLength];
        var representation = new Representation
        {
            MediaType = _mediaTypes.Of(path),
            EntityTag = EntityTag.Format(entry, tag),
            LastModified = entry.LastModified(response.Now),
            Length = entry.Length,
            File = file,
        };
        RepresentationAnswer.Write(head, representation, response);
    }
}
