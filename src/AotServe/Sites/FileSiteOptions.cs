using System.Collections.Generic;
using AotServe.Http;
using AotServe.Sites.Rules;

namespace AotServe.Sites;

/// <summary>How files are served: what the command line sets for all folders alike.</summary>
internal sealed record FileSiteOptions
{
    /// <summary>The default of <see cref="IndexNames"/>: nginx's (index), and what static site generators write.</summary>
    public const string DefaultIndexName = "index.html";

    /// <summary>
    /// The default of <see cref="UnknownType"/>: bytes that a browser saves and does not show (RFC 2046 §4.5.1). nginx's is
    /// text/plain (default_type), but its distributed configuration sets this one.
    /// </summary>
    public const string DefaultUnknownType = "application/octet-stream";

    /// <summary>Media types by extension (lower case, no dot), which take precedence over the built-in ones; null: none.</summary>
    public Dictionary<string, string>? MediaTypes { get; init; }

    /// <summary>The media type of files whose extension is not known.</summary>
    public string UnknownType { get; init; } = DefaultUnknownType;

    /// <summary>Whether compressible files are compressed once, in the background, and kept in memory.</summary>
    public bool Compress { get; init; }

    /// <summary>Names of the file that is a folder's page, tried in this order; empty: <see cref="DefaultIndexName"/>.</summary>
    public string[] IndexNames { get; init; } = [];

    /// <summary>Whether a folder without such a page is listed.</summary>
    public bool Listing { get; init; }

    /// <summary>Whether pages are found without their extension <c>.html</c>, and redirected to the address without it.</summary>
    public bool CleanUrls { get; init; }

    /// <summary>Whether a page that does not exist is answered with the root's page, for single-page applications.</summary>
    public bool SinglePage { get; init; }

    /// <summary>Field lines for every response.</summary>
    public FieldSetting[] Headers { get; init; } = [];

    /// <summary>How long clients may keep files.</summary>
    public CachePolicy CachePolicy { get; init; } = CachePolicy.Default;

    /// <summary>Origins whose scripts may read responses, as browsers send them; <c>*</c> alone: all; empty: none.</summary>
    public string[] CorsOrigins { get; init; } = [];

    /// <summary>Whether lines of rule files that are right for other servers, and are not supported here, are only warned of.</summary>
    public bool IgnoreUnsupported { get; init; }

    /// <summary>The name alone. Nobody prints options, and what the compiler would make names each property in a string of the program.</summary>
    public override string ToString() => nameof(FileSiteOptions);
}
