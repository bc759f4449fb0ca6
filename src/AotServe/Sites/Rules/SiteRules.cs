using System;
using AotServe.Files;
using AotServe.Http;
using AotServe.Sites.Paths;

namespace AotServe.Sites.Rules;

/// <summary>The rules that a root has in its <c>_headers</c> and <c>_redirects</c>. Immutable; any thread may use it.</summary>
/// <param name="Headers">Null: there are none.</param>
/// <param name="Redirects">Null: there are none.</param>
internal sealed record SiteRules(HeaderRules? Headers, RedirectRules? Redirects)
{
    /// <summary>The rules of a root that has none.</summary>
    public static readonly SiteRules None = new(null, null);

    /// <summary>How many rules there are, as a report says it.</summary>
    public string Summary => $"{Headers?.Count ?? 0} header rules, {Redirects?.Count ?? 0} redirects";

    /// <summary>
    /// A path that <see cref="RequestPath"/> made as rules see it: with its slash at the end, for which there is room
    /// behind it.
    /// </summary>
    public static ReadOnlySpan<byte> PathOf(Span<byte> space, int length, bool namesFolder)
    {
        if (namesFolder && length > 0)
        {
            space[length++] = (byte)'/';
        }

        return space[..length];
    }

    /// <summary>Applies the redirects to GET and HEAD; after a rewrite the path is another.</summary>
    public RedirectOutcome Redirect(
        RequestHead head, bool forcedOnly, Span<byte> space, ref int length, ref bool namesFolder, Response response)
    {
        if (Redirects is null || head.Method == RequestMethod.Options)
        {
            return RedirectOutcome.None;
        }

        RedirectOutcome outcome = Redirects.Apply(
            PathOf(space, length, namesFolder),
            head.Query,
            forcedOnly,
            space[..RootFolder.LongestPath],
            out int newLength,
            out bool newNamesFolder,
            response);
        if (outcome is RedirectOutcome.Rewritten or RedirectOutcome.RewrittenNotFound)
        {
            (length, namesFolder) = (newLength, newNamesFolder);
        }

        return outcome;
    }

    /// <summary>
    /// Reads both files. Gives the error, <c>PATH:LINE: what is wrong; what would be right</c>, or null with the rules.
    /// </summary>
    public static string? Read(RootFolder root, string rootPath, out SiteRules rules)
    {
        rules = None;
        if (RuleFile.Read(root, rootPath, RuleFile.HeadersName, out byte[] content) is { } unread)
        {
            return unread;
        }

        HeaderRules? headers = HeadersReader.Read(content, out string? error);
        if (error is not null)
        {
            return $"{System.IO.Path.Combine(rootPath, RuleFile.HeadersName)}:{error}";
        }

        if (RuleFile.Read(root, rootPath, RuleFile.RedirectsName, out content) is { } unreadable)
        {
            return unreadable;
        }

        RedirectRules? redirects = RedirectsReader.Read(content, out error);
        if (error is not null)
        {
            return $"{System.IO.Path.Combine(rootPath, RuleFile.RedirectsName)}:{error}";
        }

        if (headers is not null || redirects is not null)
        {
            rules = new SiteRules(headers, redirects);
        }

        return null;
    }
}
