using System;
using System.Collections.Generic;
using System.IO;

namespace AotServe.Cli;

/// <summary>The options that say who may see what, under which host names, and as what media type.</summary>
internal static class AccessOptions
{
    private const string Access = "Access";
    private const string Hosts = "Hosts";
    private const string MediaTypes = "Media types";

    public static readonly Option[] All =
    [
        new()
        {
            Name = "auth-file",
            Group = Access,
            Placeholder = "FILE",
            Help = "ask for a name and password; see hash-password",
            Expects = "a file of lines user:hash",
            Read = static (string value, ServerOptions options, ref string? error) =>
                value.Contains('\0') ? null : options with { AuthFile = Path.GetFullPath(value) },
        },
        new()
        {
            Name = "hide",
            Group = Access,
            Placeholder = "GLOB",
            Help = "names that are not there (*, ?, **); repeatable",
            Expects = "a name or path with *, ** or ?, such as *.bak or /drafts/**",
            IsList = true,
            Separators = ['\n'],
            Read = static (string value, ServerOptions options, ref string? error) =>
                value.Trim('/').Length > 0 && !value.Contains('\0')
                    ? options with { Hide = [.. options.Hide, value] }
                    : null,
        },
        new()
        {
            Name = "follow-symlinks",
            Group = Access,
            Placeholder = "WHICH",
            Help = "never, beneath (its folder) or always",
            Default = "beneath",
            Expects = "never, beneath or always",
            Read = static (string value, ServerOptions options, ref string? error) => value switch
            {
                "never" => options with { FollowSymlinks = FollowSymlinks.Never },
                "beneath" => options with { FollowSymlinks = FollowSymlinks.Beneath },
                "always" => options with { FollowSymlinks = FollowSymlinks.Always },
                _ => null,
            },
        },
        new()
        {
            Name = "vhost",
            Group = Hosts,
            Placeholder = "HOST=DIR",
            Help = "a folder for HOST or *.HOST; repeatable",
            Expects = "a host name and a folder, such as www.example.org=/srv/www",
            IsList = true,
            Separators = ['\n'],
            Read = WithVirtualHost,
        },
        new()
        {
            Name = "strict-host",
            Group = Hosts,
            Help = "hosts that have no --vhost get 421, not ROOT",
            Switch = static (options, on) => options with { StrictHost = on },
        },
        new()
        {
            Name = "mime",
            Group = MediaTypes,
            Placeholder = "EXT=TYPE",
            Help = "the media type of an extension; repeatable",
            Expects = "an extension and a media type, such as log=text/plain",
            IsList = true,
            Separators = ['\n'],
            Read = WithMediaType,
        },
        new()
        {
            Name = "default-type",
            Group = MediaTypes,
            Placeholder = "TYPE",
            Help = "of unknown extensions",
            Default = ServerOptions.UnknownType,
            Expects = "a media type such as text/plain; charset=utf-8",
            Read = static (string value, ServerOptions options, ref string? error) =>
                MediaTypeText.IsValid(value) ? options with { DefaultType = value } : null,
        },
    ];

    private static ServerOptions? WithVirtualHost(string value, ServerOptions options, ref string? error)
    {
        int equals = value.IndexOf('=');
        if (equals <= 0 || equals == value.Length - 1)
        {
            return null;
        }

        if (HostPattern.Normalize(value.AsSpan(0, equals), ref error) is not { } host)
        {
            return null;
        }

        foreach (VirtualHost other in options.VirtualHosts)
        {
            if (other.Host == host)
            {
                error = $"names a host that has a folder already, {Quoted.Text(other.Folder)}; give each host once";
                return null;
            }
        }

        if (FolderArgument.Resolve(value[(equals + 1)..], ref error) is not { } folder)
        {
            error = "names a folder that " + error;
            return null;
        }

        return options with { VirtualHosts = [.. options.VirtualHosts, new VirtualHost(host, folder)] };
    }

    private static ServerOptions? WithMediaType(string value, ServerOptions options, ref string? error)
    {
        int equals = value.IndexOf('=');
        if (equals <= 0)
        {
            return null;
        }

        string extension = value[..equals].TrimStart('.').ToLowerInvariant();
        if (!MediaTypeText.IsExtension(extension))
        {
            error = $"begins with no extension; one is {MediaTypeText.LongestExtension} letters and digits at most, with no dot in it";
            return null;
        }

        if (!MediaTypeText.IsValid(value.AsSpan(equals + 1)))
        {
            error = "ends in no media type; one is such as text/plain or text/plain; charset=utf-8";
            return null;
        }

        var types = new Dictionary<string, string>(options.MediaTypes) { [extension] = value[(equals + 1)..] };
        if (types.Count > ServerOptions.MostMediaTypes)
        {
            error = $"is one too many; at most {ServerOptions.MostMediaTypes} extensions can be given";
            return null;
        }

        return options with { MediaTypes = types };
    }
}
