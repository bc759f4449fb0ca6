using System.Diagnostics.CodeAnalysis;
using System.Text;
using AotServe.Http;
using AotServe.Sites.Rules;

namespace AotServe.Cli;

/// <summary>The options that set field lines of responses.</summary>
internal static class HeaderOptions
{
    private const string Headers = "Headers";

    public static readonly Option[] All =
    [
        new TextOption
        {
            Name = "header",
            Group = Headers,
            Placeholder = "'NAME: VALUE'",
            Help = "a field line for every response; repeatable"u8,
            Takes = "a field such as 'X-Frame-Options: DENY'"u8,
            Separators = TextOption.Line,
            Read = TryAddHeader,
        },
        new TextOption
        {
            Name = "cache-control",
            Group = Headers,
            Placeholder = "RULE",
            Help = "VALUE, PATTERN=VALUE or off; repeatable"u8,
            Takes = "a value such as no-cache, a pattern and a value such as *.js=max-age=60, or off"u8,
            Separators = TextOption.Line,
            Read = TryAddCacheRule,
        },
        new TextOption
        {
            Name = "cors",
            Group = Headers,
            Placeholder = "ORIGIN",
            Help = "let scripts of ORIGIN (or all) read; repeatable"u8,
            Takes = "an origin such as https://app.example, or * for any"u8,
            Separators = TextOption.CommaOrSpace,
            BareValue = CorsOrigin.Any,
            Read = TryAddOrigin,
        },
        new SwitchOption
        {
            Name = "ignore-unsupported",
            Group = Headers,
            Help = "skip rule lines that only other hosts know"u8,
            Set = static (options, on) => options with { Site = options.Site with { IgnoreUnsupported = on } },
        },
    ];

    private static bool TryAddHeader(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        changed = FieldSetting.TryParse(Encoding.UTF8.GetBytes(value), out FieldSetting? setting, out error)
            ? options with { Site = options.Site with { Headers = [.. options.Site.Headers, setting] } }
            : null;
        return changed is not null;
    }

    private static bool TryAddCacheRule(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        changed = options.Site.CachePolicy.TryAdd(value, out CachePolicy? policy, out error)
            ? options with { Site = options.Site with { CachePolicy = policy } }
            : null;
        return changed is not null;
    }

    private static bool TryAddOrigin(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        changed = CorsOrigin.TryAdd(options.Site.CorsOrigins, value, out string[]? origins, out error)
            ? options with { Site = options.Site with { CorsOrigins = origins } }
            : null;
        return changed is not null;
    }
}
