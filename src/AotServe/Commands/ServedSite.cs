using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using AotServe.Cli;
using AotServe.Files;
using AotServe.Http;
using AotServe.Native;
using AotServe.Sites;
using AotServe.Sites.Access;
using AotServe.Sites.Representations;
using AotServe.Sites.Rules;

namespace AotServe.Commands;

/// <summary>
/// What the options say is to be served, read in full and opened: all that can be wrong with it is found here, before
/// anything listens. <c>check</c> does the same and no more.
/// </summary>
internal sealed class ServedSite : IDisposable
{
    /// <summary>How many files the cache keeps open at most.</summary>
    public const int MostKeptOpen = 128;

    private readonly IReadOnlyList<FileSite> _files;
    private readonly FileCache? _cache;

    private ServedSite(
        IRequestHandler handler, IReadOnlyList<FileSite> files, FileCache? cache, BasicAuthentication? authentication) =>
        (Handler, _files, _cache, Authentication) = (handler, files, cache, authentication);

    /// <summary>What answers requests.</summary>
    public IRequestHandler Handler { get; }

    /// <summary>Who is let in; null: everybody.</summary>
    public BasicAuthentication? Authentication { get; }

    /// <summary>Whether there is anything that was read from files, and can be anew.</summary>
    public bool CanReread => _files.Count > 0;

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
    /// <param name="reportError">Told, a line at a time, what is not as it should be and still no reason not to start.</param>
    /// <param name="site">What is served, or null.</param>
    /// <returns>Null, or one line that says why it cannot be served.</returns>
    public static string? TryOpen(
        ServerOptions options, CancellationToken cutOff, Action<string> reportError, out ServedSite? site)
    {
        site = null;
        if (options.Root is null && options.VirtualHosts.Count == 0)
        {
            site = new ServedSite(new BuiltInSite(cutOff), [], null, null);
            return null;
        }

        BasicAuthentication? authentication = null;
        if (options.AuthFile is { } path)
        {
            Span<byte> key = stackalloc byte[Sha256.HashLength];
            RandomBytes.Fill(key);
            if (BasicAuthentication.TryOpen(path, options.Threads, key, out authentication) is { } error)
            {
                return error;
            }

            if (authentication!.IsFileReadableByAll)
            {
                reportError($"{path}: every user of this machine may read the file; 'chmod o-r' keeps the hashes from them");
            }
        }

        if (CachePolicy.Read(options.CacheControl, out string? refusal) is not { } caching)
        {
            return refusal;
        }

        FileSiteOptions template = TemplateOf(options, authentication, caching);
        var files = new List<FileSite>();
        string? wrong = null;
        foreach (VirtualHost host in options.VirtualHosts)
        {
            wrong ??= TryOpenFolder(host.Folder, template, options, files);
        }

        if (options.Root is not null)
        {
            wrong ??= TryOpenFolder(options.Root, template, options, files);
        }

        if (wrong is null)
        {
            IRequestHandler handler = options.VirtualHosts.Count == 0 ? files[0] : Hosts(options, files);
            site = new ServedSite(handler, files, template.Files.Cache, authentication);
            return null;
        }

        foreach (FileSite opened in files)
        {
            opened.Dispose();
        }

        return wrong;
    }

    /// <summary>
    /// Gives up what nobody has asked for lately. Called about once a second by a worker, with the time as
    /// <see cref="Environment.TickCount64"/>.
    /// </summary>
    public void Sweep(long now) => _cache?.CloseUnused(now);

    /// <summary>
    /// Reads the rules of each folder and the auth file anew, and says of each what came of it. What is wrong changes
    /// nothing.
    /// </summary>
    public void Reread(Action<string> report, Action<string> reportError)
    {
        foreach (FileSite files in _files)
        {
            if (files.ReadRules() is { } error)
            {
                reportError(error + "; the rules from before stay in force");
            }
            else
            {
                report($"Reread the rules of {files.Folder}: {files.RulesSummary}");
            }
        }

        if (Authentication is null)
        {
            return;
        }

        if (Authentication.Reread() is { } wrong)
        {
            reportError(wrong + "; the users from before stay");
        }
        else
        {
            report($"Reread the auth file: {Authentication.Users} users");
        }
    }

    /// <summary>How many rules the folders have, each as a report says it.</summary>
    public IEnumerable<(string Folder, string Rules)> Rules
    {
        get
        {
            foreach (FileSite files in _files)
            {
                yield return (files.Folder, files.RulesSummary);
            }
        }
    }

    /// <summary>How nothing but its files is reached in each folder.</summary>
    public IEnumerable<(string Folder, string Guard)> Guards
    {
        get
        {
            foreach (FileSite files in _files)
            {
                yield return (files.Folder, files.Guard);
            }
        }
    }

    public void Dispose() => (Handler as IDisposable)?.Dispose();

    private static string? TryOpenFolder(string folder, FileSiteOptions template, ServerOptions options, List<FileSite> files)
    {
        var hidden = new List<string>(options.Hide);
        if (options.AuthFile is { } path && Beneath(folder, path) is { } name)
        {
            hidden.Add(name);
        }

        try
        {
            files.Add(new FileSite(template with
            {
                Root = folder,
                Files = template.Files with
                {
                    Hidden = hidden.Count == 0 ? null : new HiddenNames(hidden, ignoreCase: !OperatingSystem.IsLinux()),
                },
            }));
            return files[^1].ReadRules();
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }

    /// <summary>The hosts' sites, which come first, and where there is one more that of ROOT.</summary>
    private static VirtualHosts Hosts(ServerOptions options, List<FileSite> files)
    {
        var table = new (string, FileSite)[options.VirtualHosts.Count];
        for (int i = 0; i < table.Length; i++)
        {
            table[i] = (options.VirtualHosts[i].Host, files[i]);
        }

        return new VirtualHosts(table, options.Root is null ? null : files[^1], options.StrictHost);
    }

    /// <summary>What is the same for all folders.</summary>
    private static FileSiteOptions TemplateOf(
        ServerOptions options, BasicAuthentication? authentication, CachePolicy caching) => new()
        {
            Root = "",
            Files = new RootFolderOptions
            {
                SymbolicLinks = options.FollowSymlinks switch
                {
                    FollowSymlinks.Never => SymbolicLinks.Never,
                    FollowSymlinks.Always => SymbolicLinks.Always,
                    _ => SymbolicLinks.Beneath,
                },
                Withheld = options.AuthFile,
                Cache = options.CacheMebibytes == 0 ? null : new FileCache(CacheBytes(options), KeptOpen()),
            },
            BackgroundThreadStarted = PrepareBackgroundThread,
            Authentication = authentication,
            MediaTypes = new MediaTypes(options.MediaTypes, options.DefaultType),
            Compress = options.Compress,
            IndexNames = options.IndexNames,
            Listing = options.Listing,
            CleanUrls = options.CleanUrls,
            SinglePage = options.SinglePage,
            Headers = options.Headers,
            Caching = caching,
            CorsOrigins = options.CorsOrigins,
        };

    private static void PrepareBackgroundThread(string name)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = LinuxThread.SetName(name);
            _ = LinuxThread.LowerPriority();
        }
    }

    /// <summary>What the cache may take: what was asked for, but in a small container an eighth of the memory.</summary>
    private static long CacheBytes(ServerOptions options) =>
        Math.Min(options.CacheMebibytes * 1024 * 1024, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8);

    /// <summary>How many files may be kept open: a small part of the descriptors that there are.</summary>
    private static int KeptOpen() =>
        OperatingSystem.IsLinux() ? Math.Clamp(DescriptorLimit.Raise() / 8, 0, MostKeptOpen) : 0;

    /// <summary>What hides the file at <paramref name="path"/> in the folder; null where it is not beneath it.</summary>
    private static string? Beneath(string folder, string path)
    {
        string relative = Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
        return Path.IsPathRooted(relative) || relative == ".." || relative.StartsWith("../", StringComparison.Ordinal)
            ? null
            : "/" + relative;
    }
}
