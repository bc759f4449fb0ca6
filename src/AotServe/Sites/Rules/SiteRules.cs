using System.Diagnostics.CodeAnalysis;
using System.IO;
using AotServe.Files;

namespace AotServe.Sites.Rules;

/// <summary>The rules in the <c>_headers</c> and <c>_redirects</c> of a root folder. Immutable; any thread may use it.</summary>
/// <param name="headers">Null: there are none.</param>
/// <param name="redirects">Null: there are none.</param>
internal sealed class SiteRules(HeaderRules? headers, RedirectRules? redirects)
{
    /// <summary>The rules of a root that has none.</summary>
    public static readonly SiteRules None = new(null, null);

    /// <summary>The rules of <c>_headers</c>; null: there are none.</summary>
    public HeaderRules? Headers => headers;

    /// <summary>The rules of <c>_redirects</c>; null: there are none.</summary>
    public RedirectRules? Redirects => redirects;

    /// <summary>How many rules there are, worded for a report.</summary>
    public string Summary => $"{Headers?.Count ?? 0} header rules, {Redirects?.Count ?? 0} redirects";

    /// <summary>Reads both files. The error is one line: <c>PATH:LINE: what is wrong; what would be right</c>.</summary>
    /// <param name="root">The root folder, with the rule files visible in it.</param>
    /// <param name="rootPath">Its path, for messages.</param>
    /// <param name="rules">The rules, if both files are valid or missing.</param>
    /// <param name="error">What is wrong with one of the files.</param>
    public static bool TryRead(
        RootFolder root,
        string rootPath,
        [NotNullWhen(true)] out SiteRules? rules,
        [NotNullWhen(false)] out string? error)
    {
        rules = null;
        if (!RuleFile.TryRead(root, rootPath, RuleFile.HeadersName, out byte[]? content, out error))
        {
            return false;
        }

        if (!HeadersReader.TryRead(content, out HeaderRules? headers, out error))
        {
            error = $"{Path.Combine(rootPath, RuleFile.HeadersName)}:{error}";
            return false;
        }

        if (!RuleFile.TryRead(root, rootPath, RuleFile.RedirectsName, out content, out error))
        {
            return false;
        }

        if (!RedirectsReader.TryRead(content, out RedirectRules? redirects, out error))
        {
            error = $"{Path.Combine(rootPath, RuleFile.RedirectsName)}:{error}";
            return false;
        }

        rules = headers is null && redirects is null ? None : new SiteRules(headers, redirects);
        return true;
    }
}
