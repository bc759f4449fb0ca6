using System;
using System.Runtime.CompilerServices;
using AotServe.Http;
using AotServe.Sites.Rules;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Sites;

/// <summary>
/// Answers with the files beneath a root folder. Nothing is remembered from one request to the next: what the file
/// system says at the moment of a request is what its client gets.
/// </summary>
internal sealed class FileSite(RootFolder root) : IRequestHandler, IDisposable
{
    private readonly MediaTypes _mediaTypes = new();
    private readonly string _rootPath = "";
    private readonly CachePolicy _caching = CachePolicy.Default;
    private readonly CrossOrigin? _crossOrigin;
    private readonly SiteFields _fields = new([], null);
    private volatile SiteRules _rules = SiteRules.None;

    /// <summary>Serves the folder at <see cref="FileSiteOptions.Root"/>, which is opened once, here.</summary>
    /// <exception cref="System.IO.IOException">It does not exist, is no folder, or may not be searched.</exception>
    public FileSite(FileSiteOptions options)
        : this(RootFolder.Open(options.Root))
    {
        _rootPath = options.Root;
        _caching = options.Caching ?? CachePolicy.Default;
        _crossOrigin = options.CorsOrigins.Count == 0 ? null : new CrossOrigin(options.CorsOrigins);
        _fields = new SiteFields(options.Headers, _crossOrigin);
    }

    /// <summary>How many rules the root's own files hold, as a report says it.</summary>
    public string RulesSummary => _rules.Summary;

    private static ReadOnlySpan<byte> Allow => "GET, HEAD, OPTIONS"u8;

    private static ReadOnlySpan<byte> IndexName => "index.html"u8;

    /// <summary>
    /// Reads the root's <c>_headers</c> and <c>_redirects</c>, for the first time or anew. Gives the error, in one line; the
    /// rules that were read before then stay in force. Any thread may call; requests that are being answered are not
    /// affected.
    /// </summary>
    public string? ReadRules()
    {
        string? error = SiteRules.Read(root, _rootPath, out SiteRules rules);
        if (error is null)
            _rules = rules;
        return error;
    }

    /// <summary>No method that is answered here has a use for a body.</summary>
    public BodyUse UseOfBody(RequestHead head) => BodyUse.Discard;

    /// <summary>The steps that a request goes through, in their order; the first that has an answer ends it.</summary>
    [SkipLocalsInit]
    public void Answer(RequestHead head, ReadOnlySpan<byte> body, Response response)
    {
        SiteRules rules = _rules;
        _fields.Amend(head, response.Amendments);
        if (_crossOrigin is not null && _crossOrigin.AnswerPreflight(head, Allow, response))
            return;
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

        rules.Headers?.Apply(RulePath(space, length, namesFolder), response.Amendments);
        var redirect = RedirectOutcome.None;
        if (rules.Redirects is { AnyForced: true })
            redirect = Redirect(rules.Redirects, head, forcedOnly: true, space, ref length, ref namesFolder, response);

        int found = length;
        FileOutcome outcome = Find(head, redirect, space, ref found, namesFolder, out FileEntry entry, out bool isMoved);
        if (outcome == FileOutcome.NotFound && redirect == RedirectOutcome.None && rules.Redirects is not null)
        {
            redirect = Redirect(rules.Redirects, head, forcedOnly: false, space, ref length, ref namesFolder, response);
            found = length;
            if (redirect != RedirectOutcome.None)
                outcome = Find(head, redirect, space, ref found, namesFolder, out entry, out isMoved);
        }

        if (redirect == RedirectOutcome.Answered)
            return;
        if (outcome != FileOutcome.Found)
            RefuseFile(outcome, response);
        else if (isMoved)
            FolderRedirect.Write(space[..found], head.Query, response);
        else if (head.Method == RequestMethod.Options)
            AnswerOptions(response);
        else
            AnswerFile(head, space[..found], redirect == RedirectOutcome.RewrittenNotFound ? 404 : 200, response);
    }

    public void Dispose() => root.Dispose();

    /// <summary>The path as rules see it: with its slash at the end, for which there is room behind it.</summary>
    private static ReadOnlySpan<byte> RulePath(Span<byte> space, int length, bool namesFolder)
    {
        if (namesFolder && length > 0)
            space[length++] = (byte)'/';
        return space[..length];
    }

    /// <summary>Applies the root's redirects to GET and HEAD; after a rewrite the path is another.</summary>
    private static RedirectOutcome Redirect(
        RedirectRules rules,
        RequestHead head,
        bool forcedOnly,
        Span<byte> space,
        ref int length,
        ref bool namesFolder,
        Response response)
    {
        if (head.Method == RequestMethod.Options)
            return RedirectOutcome.None;
        ReadOnlySpan<byte> path = RulePath(space, length, namesFolder);
        RedirectOutcome outcome = rules.Apply(
            path, head.Query, forcedOnly, space[..RequestPath.MaxLength], out int newLength, out bool newNamesFolder, response);
        if (outcome is RedirectOutcome.Rewritten or RedirectOutcome.RewrittenNotFound)
            (length, namesFolder) = (newLength, newNamesFolder);
        return outcome;
    }

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

    /// <summary>
    /// Looks for the file that the path means, and appends the index's name where it is a folder's. A rewrite leads to a
    /// folder's index with or without a slash; a client is told of the slash, which <paramref name="isMoved"/> says.
    /// </summary>
    private FileOutcome Find(
        RequestHead head,
        RedirectOutcome redirect,
        Span<byte> space,
        ref int length,
        bool namesFolder,
        out FileEntry entry,
        out bool isMoved)
    {
        entry = default;
        isMoved = false;
        if (redirect is RedirectOutcome.Answered or RedirectOutcome.RewrittenToNothing || RuleFile.IsNamed(space[..length]))
            return FileOutcome.NotFound;
        FileOutcome outcome = root.Find(space[..length], out entry);
        if (outcome == FileOutcome.Found && entry.Kind == FileKind.Folder && head.Method != RequestMethod.Options)
        {
            isMoved = !namesFolder && redirect == RedirectOutcome.None;
            if (isMoved)
                return FileOutcome.Found;

            // A folder without an index is not found rather than forbidden: that it exists is nobody's business.
            length = AppendIndexName(space, length);
            namesFolder = false;
            outcome = root.Find(space[..length], out entry);
        }

        return outcome == FileOutcome.Found && !IsServed(entry, namesFolder, head.Method) ? FileOutcome.NotFound : outcome;
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
    private void AnswerFile(RequestHead head, ReadOnlySpan<byte> path, int status, Response response)
    {
        FileOutcome outcome = root.OpenFile(path, out FileEntry entry, out SafeFileHandle? file);
        if (file is null)
        {
            RefuseFile(outcome, response);
            return;
        }

        ReadOnlySpan<byte> mediaType = _mediaTypes.Of(path);
        if (status != 200)
        {
            response.Start(status);
            response.Field("Content-Type"u8, mediaType);
            response.EndWithFile(file, 0, entry.Length);
            return;
        }

        Span<byte> tag = stackalloc byte[EntityTag.MaxLength];
        var representation = new Representation
        {
            MediaType = mediaType,
            CacheControl = _caching.Of(path, mediaType),
            EntityTag = EntityTag.Format(entry, tag),
            LastModified = entry.LastModified(response.Now),
            Length = entry.Length,
            File = file,
        };
        RepresentationAnswer.Write(head, representation, response);
    }
}
