using System.Diagnostics.CodeAnalysis;
using AotServe.Sites;

namespace AotServe.Cli;

/// <summary>The options that say which page an address names.</summary>
internal static class PageOptions
{
    private const string Pages = "Folders and addresses";

    public static readonly Option[] All =
    [
        new TextOption
        {
            Name = "index",
            Group = Pages,
            Placeholder = "NAME",
            Help = "the page of a folder; repeatable"u8,
            Default = FileSiteOptions.DefaultIndexName,
            Takes = IndexName.Expected,
            Separators = TextOption.CommaOrSpace,
            Read = TryAddIndexName,
        },
        new SwitchOption
        {
            Name = "listing",
            Group = Pages,
            Help = "list the files of folders without such a page"u8,
            Set = static (options, on) => options with { Site = options.Site with { Listing = on } },
        },
        new SwitchOption
        {
            Name = "clean-urls",
            Group = Pages,
            Help = "serve about.html as /about, and redirect to it"u8,
            Set = static (options, on) => options with { Site = options.Site with { CleanUrls = on } },
        },
        new SwitchOption
        {
            Name = "spa",
            Group = Pages,
            Help = "answer unknown pages with the root's index.html"u8,
            Set = static (options, on) => options with { Site = options.Site with { SinglePage = on } },
        },
    ];

    private static bool TryAddIndexName(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        changed = IndexName.TryAdd(options.Site.IndexNames, value, out string[]? names, out error)
            ? options with { Site = options.Site with { IndexNames = names } }
            : null;
        return changed is not null;
    }
}
