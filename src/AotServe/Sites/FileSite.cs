using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
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
    private readonly string _indexName;
    private readonly Action<string>? _reportIgnored;
    private readonly string _rootPath;
    private readonly FileAnswers _files;
    private readonly CrossOrigin? _crossOrigin;
    private readonly SiteFields _fields;
    private volatile SiteRules _rules = SiteRules.None;

    /// <summary>Opens a folder and serves its files. Its rules are not read yet.</summary>
    /// <param name="folder">The path of the folder.</param>
    /// <param name="files">What of the folder is found, and whether it is cached.</param>
    /// <param name="options">How its files are served.</param>
    /// <param name="shared">What the sites of the server share; the caller owns it.</param>
    /// <exception cref="System.IO.IOException">The folder does not exist, is no folder, or may not be searched.</exception>
    public FileSite(string folder, RootFolderOptions files, FileSiteOptions options, FileSiteServices shared)
    {
        _root = RootFolder.Open(folder, files, RuleFile.Names, PrecompressedFiles.Suffixes);
        _mediaTypes = shared.MediaTypes;
        _authentication = shared.Authentication;
        _negotiation = new ContentNegotiation(
            _root,
            shared.Hashes,
            shared.ReportSibling is null ? null : new SiblingReport(folder, shared.ReportSibling),
            options.Compress ? new CompressedFiles(_root.Unfiltered, shared.Buffers, shared.BackgroundThreads) : null);
        _pages = new PageLookup(
            _root,
            options.IndexNames.Length == 0 ? [FileSiteOptions.DefaultIndexName] : options.IndexNames,
            options.CleanUrls,
            path => _negotiation.FindAlone(path) != ContentCodings.Identity);
        _errors = new SiteErrors(_root, _mediaTypes);
        _listing = options.Listing ? new FolderListing(_root, _mediaTypes, RequestPath.MayBeListed, shared.Buffers, shared.Listings) : null;
        _isSinglePage = options.SinglePage;
        _reportIgnored = options.IgnoreUnsupported ? shared.ReportWarning : null;
        _indexName = options.IndexNames.Length == 0 ? FileSiteOptions.DefaultIndexName : options.IndexNames[0];
        _rootPath = folder;
        _files = new FileAnswers(_root, _mediaTypes, _negotiation, _errors, options.CachePolicy);
        _crossOrigin = options.CorsOrigins.Length == 0 ? null : new CrossOrigin(options.CorsOrigins);
        _fields = new SiteFields(options.Headers, _crossOrigin);
    }

    /// <summary>The path of the folder, as it was given.</summary>
    public string Folder => _rootPath;

    /// <summary>What keeps requests inside of the folder, in a few words for the operator.</summary>
    public string Containment => _root.Unfiltered.Containment;

    /// <summary>How many rules are in force, worded for a report.</summary>
    public string RulesSummary => _rules.Summary;

    /// <summary>
    /// Reads the root's <c>_headers</c> and <c>_redirects</c>, for the first time or again. If one is not valid, the rules
    /// from before stay in force, and the error says in one line what is wrong. Any thread may call; requests that are being
    /// answered are not affected.
    /// </summary>
    public bool TryReadRules([NotNullWhen(false)] out string? error)
    {
        List<string>? ignored = _reportIgnored is null ? null : [];
        if (!SiteRules.TryRead(_root.Unfiltered, _rootPath, out SiteRules? rules, out error, ignored))
        {
            return false;
        }

        ignored?.ForEach(line => _reportIgnored!(line + "; ignored, for --ignore-unsupported is on"));

        _rules = rules;
        return true;
    }

    /// <summary>Whether there are any rules.</summary>
    public bool HasRules => _rules != SiteRules.None;

    /// <summary>Whether the folder has a file of rules that can be expected to be whole.</summary>
    public bool HasRuleFiles => IsSettledFile(RuleFile.HeadersName) || IsSettledFile(RuleFile.RedirectsName);

    /// <summary>What is now at the path of the folder.</summary>
    public RootPresence Presence => _root.Unfiltered.PresenceAt(_rootPath);

    /// <summary>Whether this process may read what is in the folder.</summary>
    public bool MayBeRead
    {
        get
        {
            using var entries = new FolderEntries(static _ => false, 0);
            return _root.Unfiltered.ReadFolder([], entries) == FileOutcome.Found;
        }
    }

    /// <summary>Closes the folder of a site that was retired. Who is still inside finds nothing more.</summary>
    public void Close() => _root.Dispose();

    /// <summary>Another folder is served in its place. Requests that are being answered go on.</summary>
    public void Retire()
    {
        _negotiation.Dispose();
        _root.Retire();
    }

    /// <summary>The name of the page that the folder itself lacks, if nothing else answers for its address; null: something does.</summary>
    public string? MissingPage
    {
        get
        {
            var path = new ResolvedPath(stackalloc byte[ResolvedPath.RoomFor([])]);
            return _listing is null && _rules.Redirects is null && !_pages.TryFindIndex(ref path) ? _indexName : null;
        }
    }

    /// <summary>Gives back memory that is not needed any more. Called about once a second, by any thread.</summary>
    public void Sweep(long now) => _listing?.Sweep(now);

    /// <summary>Looks through the whole folder for precompressed files that would be passed over.</summary>
    public void SurveyPrecompressed(PassedOver report) => new PrecompressedSurvey(_root, RequestPath.MayBeListed, report).Run();

    /// <summary>No method that is answered here has a use for a body.</summary>
    public BodyUse UseOfBody(RequestHead head) => BodyUse.Discard;

    /// <summary>The steps of answering a request, in their order. The first step that answers ends it.</summary>
    [SkipLocalsInit]
    public void Answer(RequestHead head, ReadOnlySpan<byte> body, Response response)
    {
        SiteRules rules = _rules;
        _fields.AddTo(head, response.Overrides);
        if (AnswerPreflight(head, response)
            || AnswerUnauthorized(head, response)
            || SiteMethods.Answer(head, response))
        {
            return;
        }

        // A rewrite may lead to a longer path.
        int room = rules.Redirects is null ? ResolvedPath.RoomFor(head.Path) : ResolvedPath.BufferLength;
        var path = new ResolvedPath(stackalloc byte[room]);
        RequestPathStatus status = path.Resolve(head.Path);
        rules.Headers?.Apply(path.WithSlash, response.Overrides);
        if (response.Overrides.IsTooLong)
        {
            SiteErrors.WriteTooManyFields(response);
            return;
        }

        if (status is not (RequestPathStatus.Valid or RequestPathStatus.NoFile))
        {
            _errors.Write(status, response);
            return;
        }

        RedirectOutcome redirect = RedirectOutcome.None;
        if (AnswerForcedRedirect(rules, head, ref path, ref redirect, response))
        {
            return;
        }

        LookupResult found = Find(ref path, redirect);
        if (!AnswerRedirect(rules, head, ref path, ref redirect, ref found, response))
        {
            AnswerWith(rules, found, redirect, head, ref path, response);
        }
    }

    public void Dispose()
    {
        _negotiation.Dispose();
        _listing?.Dispose();
        _root.Dispose();
    }

    private bool IsSettledFile(string name) =>
        _root.Unfiltered.Find(Encoding.ASCII.GetBytes(name), out FileEntry file) == FileOutcome.Found && file.IsSettledNow;

    private bool AnswerPreflight(RequestHead head, Response response) =>
        _crossOrigin is not null && _crossOrigin.AnswerPreflight(head, SiteMethods.Allow, response);

    /// <summary>Comes after preflights, which carry no credentials (Fetch §4.8). CONNECT names nothing beneath the root.</summary>
    private bool AnswerUnauthorized(RequestHead head, Response response) =>
        _authentication is not null && head.Method != RequestMethod.Connect
        && !(response.IsSignedIn = _authentication.Admits(head, response));

    /// <summary>Applies a redirect rule that is forced. After a rewrite the path is that of another file.</summary>
    private bool AnswerForcedRedirect(
        SiteRules rules, RequestHead head, ref ResolvedPath path, ref RedirectOutcome redirect, Response response)
    {
        if (rules.Redirects is { AnyForced: true } && head.Method != RequestMethod.Options)
        {
            redirect = rules.Redirects.Apply(ref path, head.Query, forcedOnly: true, response);
            if (redirect is not (RedirectOutcome.None or RedirectOutcome.Answered))
            {
                _fields.MoveCachingTo(path, rules.Headers, head, response.Overrides);
            }
        }

        return redirect == RedirectOutcome.Answered;
    }

    /// <summary>Finds what the path stands for, be it the request's or that of a rewrite.</summary>
    private LookupResult Find(ref ResolvedPath path, RedirectOutcome redirect) => redirect switch
    {
        _ when path.IsNoFile => new LookupResult(FileOutcome.NotFound),
        RedirectOutcome.None => _pages.Find(ref path),
        _ => _pages.FindRewritten(ref path),
    };

    /// <summary>
    /// Applies a redirect rule where no file answers; the listing of a folder does not count as one. After a rewrite, path and
    /// result are those of another file.
    /// </summary>
    private bool AnswerRedirect(
        SiteRules rules,
        RequestHead head,
        ref ResolvedPath path,
        ref RedirectOutcome redirect,
        ref LookupResult found,
        Response response)
    {
        bool isFileThere = found.IsFailure || found.Outcome is PageOutcome.File or PageOutcome.Moved; // A folder without a page is none.
        if (rules.Redirects is null || redirect != RedirectOutcome.None || isFileThere
            || head.Method == RequestMethod.Options)
        {
            return false;
        }

        redirect = rules.Redirects.Apply(ref path, head.Query, forcedOnly: false, response);
        if (redirect is not (RedirectOutcome.None or RedirectOutcome.Answered))
        {
            _fields.MoveCachingTo(path, rules.Headers, head, response.Overrides);
            found = Find(ref path, redirect);
        }

        return redirect == RedirectOutcome.Answered;
    }

    /// <summary>Answers with what was found, or says that nothing was.</summary>
    private void AnswerWith(
        SiteRules rules, LookupResult found, RedirectOutcome redirect, RequestHead head, ref ResolvedPath path, Response response)
    {
        if (found.IsFailure)
        {
            _errors.Write(found.Failure, path.Bytes, response);
        }
        else if (found.IsFound && head.Method == RequestMethod.Options)
        {
            SiteMethods.AnswerOptions(response);
        }
        else if (found.Outcome == PageOutcome.Moved || (found.Outcome == PageOutcome.FolderMoved && (_listing is not null || !_isSinglePage)))
        {
            CanonicalRedirect.Write(path, head, response);
        }
        else if (found.Outcome == PageOutcome.File)
        {
            _files.Answer(head, path.Bytes, response, status: redirect == RedirectOutcome.None ? 200 : (int)redirect);
        }
        else if (found.Outcome == PageOutcome.Folder && _listing is not null)
        {
            AnswerListing(_listing, path.Bytes, head, response);
        }
        else if ((int)redirect > 404)
        {
            ErrorPage.Write(response, (int)redirect);
        }
        else if (_isSinglePage && head.Method != RequestMethod.Options && SinglePage.MayBePage(path.Bytes, _mediaTypes.Knows))
        {
            AnswerSinglePage(rules, head, ref path, response);
        }
        else
        {
            // Also for a folder that is not listed: a client is not told that it exists.
            _errors.WriteNotFound(path.IsNoFile ? default : path.WithSlash, response);
        }
    }

    private void AnswerListing(FolderListing listing, ReadOnlySpan<byte> path, RequestHead head, Response response)
    {
        FileOutcome outcome = listing.Answer(path, head, response);
        if (outcome != FileOutcome.Found)
        {
            _errors.Write(outcome, path, response);
        }
    }

    /// <summary>
    /// Answers with the root's page, whatever the path was, if a browser navigates to it. Scripts and tools get a 404.
    /// </summary>
    private void AnswerSinglePage(SiteRules rules, RequestHead head, ref ResolvedPath path, Response response)
    {
        path.MoveToRoot();
        _fields.MoveCachingTo(path, rules.Headers, head, response.Overrides);
        if (SinglePage.IsNavigation(head) && _pages.TryFindIndex(ref path))
        {
            _files.Answer(head, path.Bytes, response, varies: true);
        }
        else
        {
            _errors.WriteNotFound(path.Bytes, response, varies: true);
        }
    }
}
