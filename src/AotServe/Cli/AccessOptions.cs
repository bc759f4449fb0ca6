using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using AotServe.Files;
using AotServe.Sites;
using AotServe.Sites.Representations;

namespace AotServe.Cli;

/// <summary>The options that say who may see what, under which host names, and as what media type.</summary>
internal static class AccessOptions
{
    private const string Access = "Access";
    private const string Hosts = "Hosts";
    private const string Types = "Media types";
    private const string Beneath = "beneath";

    public static readonly Option[] All =
    [
        new TextOption
        {
            Name = "auth-file",
            Group = Access,
            Placeholder = "FILE",
            Help = "ask for a name and password; see hash-password"u8,
            Takes = "a file of lines user:hash"u8,
            PathForm = PathForm.File,
            Read = TryReadAuthFile,
        },
        new TextOption
        {
            Name = "hide",
            Group = Access,
            Placeholder = "GLOB",
            Help = "answer 404 for such names (*, ?, **); repeatable"u8,
            Takes = "a name or path with *, ** or ?, such as *.bak or /drafts/**"u8,
            Separators = TextOption.Line,
            Read = TryAddHidden,
        },
        new TextOption
        {
            Name = "follow-symlinks",
            Group = Access,
            Placeholder = "WHICH",
            Help = "never, beneath (its folder) or always"u8,
            Default = Beneath,
            Takes = "never, beneath or always"u8,
            Choices = "never beneath always",
            Read = TryReadSymbolicLinks,
        },
        new TextOption
        {
            Name = "vhost",
            Group = Hosts,
            Placeholder = "HOST=DIR",
            Help = "serve DIR to HOST (or *.HOST); repeatable"u8,
            Takes = "a host name and a folder, such as www.example.org=/srv/www"u8,
            PathForm = PathForm.FolderBehindEquals,
            Separators = TextOption.Line,
            Read = TryAddVirtualHost,
        },
        new SwitchOption
        {
            Name = "strict-host",
            Group = Hosts,
            Help = "answer 421, not ROOT, to hosts without a --vhost"u8,
            Set = static (options, on) => options with { StrictHost = on },
        },
        new TextOption
        {
            Name = "mime",
            Group = Types,
            Placeholder = "EXT=TYPE",
            Help = "the media type of an extension; repeatable"u8,
            Takes = "an extension and a media type, such as log=text/plain"u8,
            Separators = TextOption.Line,
            Read = TryAddMediaType,
        },
        new TextOption
        {
            Name = "default-type",
            Group = Types,
            Placeholder = "TYPE",
            Help = "for unknown extensions"u8,
            Default = FileSiteOptions.DefaultUnknownType,
            Takes = "a media type such as text/plain; charset=utf-8"u8,
            Read = TryReadUnknownType,
        },
    ];

    private static bool TryReadAuthFile(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        error = null;
        changed = value.Contains('\0') ? null : options with { AuthFile = Path.GetFullPath(value) };
        return changed is not null;
    }

    private static bool TryAddHidden(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        error = null;
        changed = value.Trim('/').Length > 0 && !value.Contains('\0') ? options with { Hide = [.. options.Hide, value] } : null;
        return changed is not null;
    }

    private static bool TryReadSymbolicLinks(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        error = null;
        changed = value switch
        {
            "never" => options with { SymbolicLinks = SymbolicLinks.Never },
            Beneath => options with { SymbolicLinks = SymbolicLinks.Beneath },
            "always" => options with { SymbolicLinks = SymbolicLinks.Always },
            _ => null,
        };
        return changed is not null;
    }

    private static bool TryAddVirtualHost(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        changed = null;
        error = null;
        int equals = value.IndexOf('=');
        if (equals <= 0 || equals == value.Length - 1
            || !HostPattern.TryNormalize(value.AsSpan(0, equals), out string? host, out error))
        {
            return false;
        }

        foreach (VirtualHost other in options.VirtualHosts)
        {
            if (other.Host == host)
            {
                error = $"names a host that has a folder already, {Quoted.Text(other.Folder)}; give each host once";
                return false;
            }
        }

        if (!FolderArgument.TryResolve(value[(equals + 1)..], out string? folder, out error))
        {
            error = "names a folder that " + error;
            return false;
        }

        changed = options with { VirtualHosts = [.. options.VirtualHosts, new VirtualHost(host, folder)] };
        return true;
    }

    private static bool TryAddMediaType(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        changed = null;
        error = null;
        int equals = value.IndexOf('=');
        if (equals <= 0)
        {
            return false;
        }

        string extension = value[..equals].TrimStart('.').ToLowerInvariant();
        if (!MediaTypeText.IsExtension(extension))
        {
            error = $"begins with no extension; one is {MediaTypes.LongestExtension}" + " letters and digits at most, with no dot in it"u8.Text();
            return false;
        }

        if (!MediaTypeText.IsValid(value.AsSpan(equals + 1)))
        {
            error = "ends in no media type; one is such as text/plain or text/plain; charset=utf-8"u8.Text();
            return false;
        }

        var types = new Dictionary<string, string>(options.Site.MediaTypes ?? []) { [extension] = value[(equals + 1)..] };
        if (types.Count > MediaTypes.MostGiven)
        {
            error = $"is one too many; at most {MediaTypes.MostGiven} extensions can be given";
            return false;
        }

        changed = options with { Site = options.Site with { MediaTypes = types } };
        return true;
    }

    private static bool TryReadUnknownType(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        error = null;
        changed = MediaTypeText.IsValid(value) ? options with { Site = options.Site with { UnknownType = value } } : null;
        return changed is not null;
    }
}
