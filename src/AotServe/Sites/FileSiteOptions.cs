using System;
using System.Collections.Generic;
using AotServe.Files;
using AotServe.Http;
using AotServe.Sites.Access;
using AotServe.Sites.Representations;
using AotServe.Sites.Rules;

namespace AotServe.Sites;

/// <summary>What one <see cref="FileSite"/> serves and how. The program fills it in from the command line.</summary>
internal sealed record FileSiteOptions
{
    /// <summary>The folder whose files are served.</summary>
    public required string Root { get; init; }

    /// <summary>Which files of the folder are found, and whether they are cached.</summary>
    public RootFolderOptions Files { get; init; } = new();

    /// <summary>Authenticates requests; shared by all sites. Null: no authentication.</summary>
    public BasicAuthentication? Authentication { get; init; }

    /// <summary>The media types of its files; may be shared by all sites.</summary>
    public MediaTypes MediaTypes { get; init; } = new();

    /// <summary>
    /// Is called first on each thread that the site starts, with the thread's name: it is to give way to the workers.
    /// </summary>
    public Action<string>? BackgroundThreadStarted { get; init; }

    /// <summary>Whether files that are worth it are compressed and kept in memory.</summary>
    public bool Compress { get; init; }

    /// <summary>Names of the files that are a folder's page, tried in this order; empty: <c>index.html</c>.</summary>
    public IReadOnlyList<string> IndexNames { get; init; } = [];

    /// <summary>Whether a folder without such a page is listed.</summary>
    public bool Listing { get; init; }

    /// <summary>Whether pages are found, and known to clients, without their extension <c>.html</c>.</summary>
    public bool CleanUrls { get; init; }

    /// <summary>Whether an unknown address that a browser navigates to is answered with the root's page.</summary>
    public bool SinglePage { get; init; }

    /// <summary>Fields of every response.</summary>
    public IReadOnlyList<FieldSetting> Headers { get; init; } = [];

    /// <summary>How long clients may keep files; null: the defaults.</summary>
    public CachePolicy? Caching { get; init; }

    /// <summary>Origins whose scripts may read answers, as browsers send them; <c>*</c>: all; empty: none.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];
}
