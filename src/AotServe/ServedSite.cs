using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using AotServe.Cli;
using AotServe.Http;
using AotServe.Sites;
using AotServe.Sites.Access;

namespace AotServe;

/// <summary>
/// What the options say is to be served, read in full and opened: all that can be wrong with it is found here, before
/// anything listens. <c>check</c> does the same and no more.
/// </summary>
internal sealed class ServedSite : IDisposable
{
    private ServedSite(IRequestHandler handler, BasicAuthentication? authentication) =>
        (Handler, Authentication) = (handler, authentication);

    /// <summary>What answers requests.</summary>
    public IRequestHandler Handler { get; }

    /// <summary>Who is let in; null: everybody.</summary>
    public BasicAuthentication? Authentication { get; }

    /// <summary>In a few words, what is served.</summary>
    public static string NameOf(ServerOptions options) => (options.Root, options.VirtualHosts.Count) switch
    {
        (null, 0) => "the built-in site",
        (null, 1) => options.VirtualHosts[0].Folder,
        (null, _) => $"{options.VirtualHosts.Count} folders",
        (_, 0) => options.Root,
        (_, _) => $"{options.Root} and {options.VirtualHosts.Count} more",
    };

    /// <summary>Opens what is to be served; the caller disposes of it.</summary>
    /// <param name="options">The options.</param>
    /// <param name="cutOff">Cancelled when requests in flight are not waited for any longer.</param>
    /// <param name="complain">Told, a line at a time, what is not as it should be and still no reason not to start.</param>
    /// <param name="site">What is served, or null.</param>
    /// <returns>Null, or one line that says why it cannot be served.</returns>
    public static string? TryOpen(
        ServerOptions options, CancellationToken cutOff, Action<string> complain, out ServedSite? site)
    {
        site = null;
        if (options.Root is null && options.VirtualHosts.Count == 0)
        {
            site = new ServedSite(new BuiltInSite(cutOff), null);
            return null;
        }

        BasicAuthentication? authentication = null;
        if (options.AuthFile is { } path)
        {
            if (BasicAuthentication.TryOpen(path, options.Threads, out authentication) is { } error)
                return error;
            if (authentication!.IsFileReadableByAll)
                complain($"{path}: every user of this machine may read the file; 'chmod o-r' keeps the hashes from them");
        }

        var types = new MediaTypes(options.MediaTypes, options.DefaultType);
        var sites = new List<FileSite>();
        try
        {
            foreach (VirtualHost host in options.VirtualHosts)
                sites.Add(new FileSite(OptionsOf(host.Folder, options, authentication, types)));
            FileSite? root = options.Root is null
                ? null
                : new FileSite(OptionsOf(options.Root, options, authentication, types));
            site = new ServedSite(sites.Count == 0 ? root! : Hosts(options, sites, root), authentication);
            return null;
        }
        catch (IOException e)
        {
            foreach (FileSite opened in sites)
                opened.Dispose();
            return e.Message;
        }
    }

    public void Dispose() => (Handler as IDisposable)?.Dispose();

    private static VirtualHosts Hosts(ServerOptions options, List<FileSite> sites, FileSite? root)
    {
        var table = new (string, FileSite)[sites.Count];
        for (int i = 0; i < table.Length; i++)
            table[i] = (options.VirtualHosts[i].Host, sites[i]);
        return new VirtualHosts(table, root, options.StrictHost);
    }

    private static FileSiteOptions OptionsOf(
        string folder, ServerOptions options, BasicAuthentication? authentication, MediaTypes types)
    {
        var hidden = new List<string>(options.Hide);
        if (options.AuthFile is { } path && Beneath(folder, path) is { } name)
            hidden.Add(name);
        return new FileSiteOptions
        {
            Root = folder,
            Compress = options.Compress,
            IndexNames = options.IndexNames,
            Listing = options.Listing,
            CleanUrls = options.CleanUrls,
            SinglePage = options.SinglePage,
            SymbolicLinks = options.FollowSymlinks switch
            {
                FollowSymlinks.Never => SymbolicLinks.Never,
                FollowSymlinks.Always => SymbolicLinks.Always,
                _ => SymbolicLinks.Beneath,
            },
            Hidden = hidden.Count == 0 ? null : new HiddenNames(hidden, ignoreCase: !OperatingSystem.IsLinux()),
            Withheld = options.AuthFile,
            Authentication = authentication,
            MediaTypes = types,
        };
    }

    /// <summary>What hides the file at <paramref name="path"/> in the folder; null where it is not beneath it.</summary>
    private static string? Beneath(string folder, string path)
    {
        string relative = Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
        return Path.IsPathRooted(relative) || relative == ".." || relative.StartsWith("../", StringComparison.Ordinal)
            ? null
            : "/" + relative;
    }
}
