using System;
using AotServe.Files;
using AotServe.Http;

namespace AotServe.Sites.Paths;

/// <summary>
/// Single-page applications: distinguishes addresses that only the application's script knows, which the root's page answers,
/// from files that are missing.
/// </summary>
internal static class SinglePage
{
    /// <summary>
    /// Whether a path may be an address of the application: its last name does not end in an extension that has a media type, other
    /// than <c>.html</c>. So <c>/user/john.doe</c> and <c>/v1.2</c> are addresses, and <c>/app.js</c> is a file.
    /// </summary>
    /// <param name="path">The path.</param>
    /// <param name="isFileName">Whether a path ends as the name of a file does.</param>
    public static bool MayBePage(ReadOnlySpan<byte> path, PathFilter isFileName) => path.EndsWith(".html"u8) || !isFileName(path);

    /// <summary>
    /// Whether a browser navigates: it lists HTML in Accept. Scripts and tools send <c>*/*</c> or no Accept at all, and are to
    /// get a 404 for a missing file.
    /// </summary>
    public static bool IsNavigation(RequestHead head) => MediaPreference.Of(head, "text"u8, "html"u8).IsAskedFor;
}
