using System;
using System.Runtime.CompilerServices;
using AotServe.Files;
using AotServe.Http;
using AotServe.Sites.Access;
using AotServe.Sites.Listing;
using AotServe.Sites.Paths;
using AotServe.Sites.Representations;
using AotServe.Sites.Representations.Codings;
using AotServe.Sites.Rules;

namespace AotServe.Sites;

/// <summary>
/// Answers with the files beneath a root folder.
/// </summary>
internal sealed class FileSite : IRequestHandler, IDisposable
{
    private readonly RootFolder _root;
    private readonly MediaTypes _mediaTypes;
    private readonly BasicAuthentication? _authentication;
    private readonly ContentNegotiation _negotiation;
    private readonly PageLookup _pages;
    private readonly SiteErrors _errors;
    private readonly FolderListing? _listing;
    private readonly bool _isSinglePage;
    private readonly string _rootPath;
    private readonly CachePolicy _caching;
    private readonly CrossOrigin? _crossOrigin;
    private readonly SiteFields _fields;
    private volatile SiteRules _rules = SiteRules.None;

    /// <summary>Opens a folder and serves its files.</summary>
    /// <param name="folder">The path of the folder.</param>
    /// <param name="files">What of the folder is found, and whether it is cached.</param>
    /// <param name="options">How its files are served.</param>
    /// <param name="shared">What the sites of the server share; the caller owns it.</param>
    /// <exception cref="System.IO.IOException">The folder does not exist, is no folder, or may not be searched.</exception>
    public FileSite(string folder, RootFolderOptions files, FileSiteOptions options, FileSiteServices shared)
    {
        _root = RootFolder.Open(folder, files);
        _mediaTypes = shared.MediaTypes;
        _authentication = shared.Authentication;
        _negotiation = new ContentNegotiation(
            _root, options.Compress ? new CompressedFiles(_root.Unfiltered, shared.BackgroundThreadStarted) : null);
        _pages = new PageLookup(
            _root, options.IndexNames.Count == 0 ? [FileSiteOptions.DefaultIndexName] : options.IndexNames, options.CleanUrls);
        _errors = new SiteErrors(_root, _mediaTypes);
        _listing = options.Listing ? new FolderListing(_root, _mediaTypes, MayBeListed) : null;
        _isSinglePage = options.SinglePage;
        _rootPath = folder;
        _caching = options.CachePolicy;
        _crossOrigin = options.CorsOrigins.Count == 0 ? null : new CrossOrigin(options.CorsOrigins);
        _fields = new SiteFields(options.Headers, _crossOrigin);
    }

    /// <summary>The path of the folder, as it was given.</summary>
    public string Folder => _rootPath;

    /// <summary>How nothing but the folder's files is reached, in a few words.</summary>
    public string Guard => _root.Unfiltered.Guard;

    /// <summary>How many rules the root's own files hold, as a report says it.</summary>
    public string RulesSummary => _rules.Summary;

    private static ReadOnlySpan<byte> Allow => "GET, HEAD, OPTIONS"u8;

    /// <summary>
    /// Reads the root's <c>_headers</c> and <c>_redirects</c>, for the first time or anew. Gives the error, in one line; the
    /// rules that were read before then stay in force. Any thread may call; requests that are being answered are not
    /// affected.
    /// </summary>
    public string? ReadRules()
    {
        string? error = SiteRules.Read(_root.Unfiltered, _rootPath, out SiteRules rules);
        if (error is null)
        {
            _rules = rules;
        }

        return error;
    }

    /// <summary>No method that is answered here has a use for a body.</summary>
    public BodyUse UseOfBody(RequestHead head) => BodyUse.Discard;

    /// <summary>The steps that a request goes through, in their order; the first that has an answer ends it.</summary>
    [SkipLocalsInit]
    public void Answer(RequestHead head, ReadOnlySpan<byte> body, Response response)
    {
        SiteRules rules = _rules;
        _fields.AddTo(head, response.Overrides);
        if (_crossOrigin is not null && _crossOrigin.AnswerPreflight(head, Allow, response))
        {
            return;
        }

        // A preflight comes without credentials (Fetch §4.8), and CONNECT is for nothing beneath the root.
        if (_authentication is not null && head.Method != RequestMethod.Connect && !_authentication.Admits(head, response))
        {
            return;
        }

        if (AnswerMethod(head, response))
        {
            return;
        }

        Span<byte> space = stackalloc byte[RootFolder.LongestPath + PageLookup.Spare];
        RequestPathStatus status = RequestPath.Resolve(
            head.Path,
            space[..RootFolder.LongestPath],
            out int length,
            out bool namesFolder,
            OperatingSystem.IsWindows());
        if (status != RequestPathStatus.Valid)
        {
            _errors.Write(status, response);
            return;
        }

        rules.Headers?.Apply(SiteRules.PathOf(space, length, namesFolder), response.Overrides);
        RedirectOutcome redirect = rules.Redirects is { AnyForced: true }
            ? rules.Redirect(head, forcedOnly: true, space, ref length, ref namesFolder, response)
            : RedirectOutcome.None;
        int asked = length;
        PageOutcome found = Find(redirect, space, ref length, namesFolder, out FileOutcome failure);
        if (rules.Redirects is not null && redirect == RedirectOutcome.None && IsUnanswered(found, failure))
        {
            redirect = rules.Redirect(head, forcedOnly: false, space, ref asked, ref namesFolder, response);
            if (redirect != RedirectOutcome.None)
            {
                found = Find(redirect, space, ref asked, namesFolder, out failure);
            }

            length = asked;
        }

        if (redirect == RedirectOutcome.Answered)
        {
            return;
        }

        ReadOnlySpan<byte> path = space[..length];
        if (found == PageOutcome.Missing && failure != FileOutcome.NotFound)
        {
            _errors.Write(failure, response);
        }
        else if (found != PageOutcome.Missing && head.Method == RequestMethod.Options)
        {
            AnswerOptions(response);
        }
        else if (found is PageOutcome.Moved or PageOutcome.MovedToFolder)
        {
            CanonicalRedirect.Write(path, found == PageOutcome.MovedToFolder, head.Query, response);
        }
        else if (found == PageOutcome.File)
        {
            AnswerFile(head, path, response, status: redirect == RedirectOutcome.RewrittenNotFound ? 404 : 200);
        }
        else if (found == PageOutcome.Folder && _listing is not null)
        {
            AnswerListing(_listing, path, head, response);
        }
        else if (_isSinglePage && head.Method != RequestMethod.Options && SinglePage.MayBePage(path))
        {
            AnswerSinglePage(space, head, response);
        }
        else
        {
            _errors.WriteNotFound(response); // A folder too: that it exists is nobody's business.
        }
    }

    public void Dispose()
    {
        _negotiation.Dispose();
        _root.Dispose();
    }

    private static bool AnswerMethod(RequestHead head, Response response)
    {
        switch (head.Method)
        {
            case RequestMethod.Get or RequestMethod.Head:
                return false;
            case RequestMethod.Options:
                if (head.Form != TargetForm.Asterisk)
                {
                    return false;
                }

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

    /// <summary>What a request could ask for, but for the files that say how the site is served.</summary>
    private static bool MayBeListed(ReadOnlySpan<byte> path) =>
        RequestPath.MayBeServed(path, OperatingSystem.IsWindows())
        && !RuleFile.IsNamed(path);

    /// <summary>Whether a redirect that is not forced may answer: no file does. A folder's listing is none.</summary>
    private static bool IsUnanswered(PageOutcome found, FileOutcome failure) =>
        found == PageOutcome.Folder || (found == PageOutcome.Missing && failure == FileOutcome.NotFound);

    /// <summary>Finds what a path means, be it the client's or a rewrite's; the files with rules are not there.</summary>
    private PageOutcome Find(
        RedirectOutcome redirect, Span<byte> space, ref int length, bool namesFolder, out FileOutcome failure)
    {
        failure = FileOutcome.NotFound;
        if (redirect is RedirectOutcome.Answered or RedirectOutcome.RewrittenToNothing || RuleFile.IsNamed(space[..length]))
        {
            return PageOutcome.Missing;
        }

        return redirect == RedirectOutcome.None
            ? _pages.Find(space, ref length, namesFolder, out failure)
            : _pages.FindRewritten(space, ref length, namesFolder, out failure);
    }

    private void AnswerListing(FolderListing listing, ReadOnlySpan<byte> path, RequestHead head, Response response)
    {
        FileOutcome outcome = listing.Answer(path, head, response);
        if (outcome != FileOutcome.Found)
        {
            _errors.Write(outcome, response);
        }
    }

    /// <summary>Answers with the root's page, whatever the address was; not where a program asks, which is told the truth.</summary>
    private void AnswerSinglePage(Span<byte> space, RequestHead head, Response response)
    {
        int length = 0;
        if (SinglePage.IsNavigation(head) && _pages.FindIndex(space, ref length))
        {
            AnswerFile(head, space[..length], response, varies: true);
        }
        else
        {
            _errors.WriteNotFound(response, varies: true);
        }
    }

    /// <summary>
    /// HEAD opens the file as GET does, and so does what may end in 304, so that they say the same of one that may not be
    /// read (RFC 9110 §13.2.1). Preconditions, ranges and fields are about the file that was opened, whatever was found
    /// under its name before.
    /// </summary>
    private void AnswerFile(RequestHead head, ReadOnlySpan<byte> path, Response response, bool varies = false, int status = 200)
    {
        FileOutcome outcome = _root.OpenContent(path, out FileEntry entry, out FileContent content);
        if (outcome != FileOutcome.Found)
        {
            _errors.Write(outcome, response);
            return;
        }

        ReadOnlySpan<byte> mediaType = _mediaTypes.Of(path);
        if (status != 200)
        {
            response.Start(status);
            response.Field("Content-Type"u8, mediaType);
            RepresentationAnswer.EndWith(content, entry.Length, response);
            return;
        }

        Span<byte> tag = stackalloc byte[EntityTag.MaxLength];
        Representation representation = _negotiation.Select(
            head, path, mediaType, entry, content, response.Now, tag) with
        { VariesByAccept = varies, CacheControl = _caching.Of(path, mediaType) };
        RepresentationAnswer.Write(head, representation, response);
    }
}
