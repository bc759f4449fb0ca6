namespace AotServe.Cli;

/// <summary>The options that say what an address leads to.</summary>
internal static class PageOptions
{
    private const string Pages = "Folders and addresses";

    public static readonly Option[] All =
    [
        new()
        {
            Name = "index",
            Group = Pages,
            Placeholder = "NAME",
            Help = "a folder's page; repeatable",
            Default = "index.html",
            Expects = "a file's name without a slash, such as index.html",
            IsList = true,
            Read = static (string value, ServerOptions options, ref string? error) =>
                IndexName.Add(options.IndexNames, value, ref error) is { } names
                    ? options with { IndexNames = names }
                    : null,
        },
        new()
        {
            Name = "listing",
            Group = Pages,
            Help = "list a folder that has no such page",
            Switch = static (options, on) => options with { Listing = on },
        },
        new()
        {
            Name = "clean-urls",
            Group = Pages,
            Help = "pages without .html: /about for about.html",
            Switch = static (options, on) => options with { CleanUrls = on },
        },
        new()
        {
            Name = "spa",
            Group = Pages,
            Help = "unknown pages get the root's index.html",
            Switch = static (options, on) => options with { SinglePage = on },
        },
    ];
}
