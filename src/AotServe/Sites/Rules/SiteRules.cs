using System;
using System.Collections.Generic;
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

    /// <summary>Reads both files. The error has lines of the form <c>PATH:LINE: what is wrong; what would be right</c>.</summary>
    /// <param name="root">The root folder, with the rule files visible in it.</param>
    /// <param name="rootPath">Its path, for messages.</param>
    /// <param name="rules">The rules, if both files are valid or missing.</param>
    /// <param name="error">What is wrong with the files, in one or more lines.</param>
    /// <param name="ignored">Takes lines about what is supported elsewhere and not here; null: that is an error.</param>
    public static bool TryRead(
        RootFolder root,
        string rootPath,
        [NotNullWhen(true)] out SiteRules? rules,
        [NotNullWhen(false)] out string? error,
        List<string>? ignored = null)
    {
        rules = null;
        HeaderRules? headers = null;
        RedirectRules? redirects = null;
        List<string>? ofHeaders = ignored is null ? null : [];
        List<string>? ofRedirects = ignored is null ? null : [];
        string? wrongHeaders = null;
        if (RuleFile.TryRead(root, rootPath, RuleFile.HeadersName, out byte[]? content, out error)
            && !HeadersReader.TryRead(content, out headers, out wrongHeaders, ofHeaders))
        {
            error = At(rootPath, RuleFile.HeadersName, wrongHeaders);
        }

        string? wrong = null;
        if (RuleFile.TryRead(root, rootPath, RuleFile.RedirectsName, out content, out string? unread)
            && !RedirectsReader.TryRead(content, out redirects, out wrong, ofRedirects))
        {
            unread = At(rootPath, RuleFile.RedirectsName, wrong);
        }

        error = error is null ? unread : unread is null ? error : error + '\n' + unread;
        if (error is not null)
        {
            return false;
        }

        foreach (string line in ofHeaders ?? [])
        {
            ignored!.Add(At(rootPath, RuleFile.HeadersName, line));
        }

        foreach (string line in ofRedirects ?? [])
        {
            ignored!.Add(At(rootPath, RuleFile.RedirectsName, line));
        }

        rules = headers is null && redirects is null ? None : new SiteRules(headers, redirects);
        return true;
    }

    private static string At(string rootPath, string name, string lines)
    {
        string place = Path.Combine(rootPath, name) + ":";
        return place + lines.Replace("\n", "\n" + place, StringComparison.Ordinal);
    }
}
