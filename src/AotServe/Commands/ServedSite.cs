using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using AotServe.Buffers;
using AotServe.Cli;
using AotServe.Files;
using AotServe.Http;
using AotServe.Lifetime;
using AotServe.Native;
using AotServe.Sites;
using AotServe.Sites.Access;
using AotServe.Sites.Listing;
using AotServe.Sites.Representations;
using AotServe.Sites.Representations.Codings;
using AotServe.Workers;

namespace AotServe.Commands;

/// <summary>
/// What the options say is to be served, read in full and opened. All errors in it are found here, before the server listens.
/// <c>check</c> opens it and does no more. It owns the sites of the folders.
/// </summary>
internal sealed class ServedSite : IDisposable
{
    private readonly List<ServedFolder> _folders;
    private readonly FileCache? _cache;
    private readonly FileSiteServices? _shared;

    private ServedSite(IRequestHandler handler, List<ServedFolder> folders, FileCache? cache, FileSiteServices? shared) =>
        (Handler, _folders, _cache, _shared) = (handler, folders, cache, shared);

    /// <summary>Answers the requests.</summary>
    public IRequestHandler Handler { get; }

    /// <summary>Who is let in; null: everybody.</summary>
    public BasicAuthentication? Authentication => _shared?.Authentication;

    /// <summary>Whether anything was read from files that <see cref="Reread"/> can read again.</summary>
    public bool CanReread => _folders.Count > 0;

    /// <summary>
    /// Why a folder is not served, in one line with the way out: it is gone, or another one is in its place that cannot be read. Null:
    /// all are served. Looked at about once a second.
    /// </summary>
    public string? Absence
    {
        get
        {
            foreach (ServedFolder folder in _folders)
            {
                if (folder.Absence is { } absence)
                {
                    return absence;
                }
            }

            return null;
        }
    }

    /// <summary>A line about each folder whose address answers 404 although it has files: it has no page, and is not listed.</summary>
    public IEnumerable<string> Hints
    {
        get
        {
            foreach (ServedFolder folder in _folders)
            {
                if (folder.Site.MissingPage is { } name)
                {
                    yield return $"{folder.Folder} has no {name}" + ", so that / answers 404; --listing would list its files"u8.Text();
                }
            }
        }
    }

    /// <summary>What is served, in a few words.</summary>
    public static string NameOf(ServerOptions options) => (options.Root, options.VirtualHosts.Length) switch
    {
        (null, 0) => "the built-in site",
        (null, 1) => options.VirtualHosts[0].Folder,
        (null, _) => $"{options.VirtualHosts.Length} folders",
        (_, 0) => options.Root,
        (_, _) => $"{options.Root} and {options.VirtualHosts.Length} more",
    };

    /// <summary>Opens what is to be served. The caller disposes of it.</summary>
    /// <param name="options">What to open, and how it is served.</param>
    /// <param name="buffers">Bounds the memory that is kept for clients.</param>
    /// <param name="cutOff">Cancelled when a stop no longer waits for requests in progress.</param>
    /// <param name="reportWarning">Called with each line about something that is wrong but does not prevent a start.</param>
    /// <param name="site">What is served.</param>
    /// <param name="error">Why it cannot be served: one line.</param>
    public static bool TryOpen(
        ServerOptions options,
        BufferBudget buffers,
        CancellationToken cutOff,
        Action<string> reportWarning,
        [NotNullWhen(true)] out ServedSite? site,
        [NotNullWhen(false)] out string? error)
    {
        if (options.Root is null && options.VirtualHosts.Length == 0)
        {
            site = new ServedSite(new BuiltInSite(cutOff), [], null, null);
            error = null;
            return true;
        }

        site = null;
        BackgroundThreadOptions background = BackgroundThreads;
        if (!TryOpenAuthentication(options, background, reportWarning, out BasicAuthentication? authentication, out error))
        {
            return false;
        }

        var shared = new FileSiteServices
        {
            MediaTypes = new MediaTypes(options.Site.MediaTypes, options.Site.UnknownType),
            Buffers = buffers,
            BackgroundThreads = background,
            Hashes = new FileHashes(background),
            ReportWarning = reportWarning,
            ReportSibling = options.Verbose ? StandardStreams.Report : null,
            Listings = new ListingThread(background),
            Authentication = authentication,
        };
        var withheld = new WithheldFiles();
        foreach (string file in options.SecretFiles)
        {
            withheld.Add(file);
        }

        var folders = new List<ServedFolder>();
        var cache = new FileCache(CacheLimits.Bytes(options), CacheLimits.OpenFiles, buffers);
        if (!ServedFolders.TryOpen(options, cache, withheld, shared, reportWarning, folders, out error))
        {
            DisposeAll(shared, folders);
            return false;
        }

        IRequestHandler handler = options.VirtualHosts.Length == 0 ? folders[0] : HandlerOfHosts(options, folders);
        site = new ServedSite(handler, folders, cache, shared);
        return true;
    }

    /// <summary>Says who answers requests, so that the memory of what the cache gives up can be used again. Called before they begin.</summary>
    public void AddReaders(IReaders readers) => _cache?.AddReaders(readers);

    /// <summary>
    /// Closes cached files that no request has used lately, and gives back memory. A worker calls it about once a second, with
    /// the time as <see cref="Environment.TickCount64"/>.
    /// </summary>
    public void Sweep(long now)
    {
        _cache?.CloseUnused(now);
        if (OperatingSystem.IsLinux())
        {
            _cache?.Watches?.Sweep(now);
        }

        foreach (ServedFolder folder in _folders)
        {
            folder.Sweep(now);
        }
    }

    /// <summary>
    /// Reads the rules of each folder and the auth file again, and reports the result of each. A file with an error changes
    /// nothing.
    /// </summary>
    public void Reread(Action<string> report, Action<string> reportError)
    {
        foreach (ServedFolder folder in _folders)
        {
            if (!folder.TryReadRules(out string? error))
            {
                reportError(error + "; the rules from before stay in force");
            }
            else
            {
                report($"Reread the rules of {folder.Folder}: {folder.Site.RulesSummary}");
            }
        }

        if (Authentication is null)
        {
            return;
        }

        if (!Authentication.TryReread(out string? wrong))
        {
            reportError(wrong + "; the users from before stay");
        }
        else
        {
            report($"Reread the auth file: {Authentication.Users} users");
        }
    }

    /// <summary>How many rules each folder has, as a report says it.</summary>
    public IEnumerable<(string Folder, string Rules)> Rules
    {
        get
        {
            foreach (ServedFolder folder in _folders)
            {
                yield return (folder.Folder, folder.Site.RulesSummary);
            }
        }
    }

    /// <summary>Each precompressed file that would be passed over, and why. Looks through all folders.</summary>
    public IEnumerable<(string File, string Reason)> PassedOver
    {
        get
        {
            foreach (ServedFolder folder in _folders)
            {
                var found = new List<(string, string)>();
                folder.Site.SurveyPrecompressed((path, reason) => found.Add((SiblingReport.Printable(folder.Folder, path), reason)));
                foreach ((string, string) one in found)
                {
                    yield return one;
                }
            }
        }
    }

    /// <summary>What keeps requests inside each folder, as a report says it.</summary>
    public IEnumerable<(string Folder, string Guard)> Guards
    {
        get
        {
            foreach (ServedFolder folder in _folders)
            {
                yield return (folder.Folder, folder.Site.Containment);
            }
        }
    }

    /// <inheritdoc cref="FileCache.Count"/>
    public (long Bytes, int Entries, long Evictions) CountCache() => _cache?.Count() ?? default;

    /// <summary>From now on changes of the served files are seen at once where that can be had. Called once, before the first request.</summary>
    /// <param name="whenReadable">See <see cref="Net.IPoller.Await"/>.</param>
    public void WatchFolders(Func<int, Action, bool> whenReadable)
    {
        if (_cache is not null && OperatingSystem.IsLinux())
        {
            _cache.Watches = new FolderWatches(whenReadable);
        }
    }

    public void Dispose()
    {
        DisposeAll(_shared, _folders);
        if (OperatingSystem.IsLinux())
        {
            _cache?.Watches?.Dispose();
        }
    }

    private static void DisposeAll(FileSiteServices? shared, List<ServedFolder> folders)
    {
        // First the threads that may be using a folder.
        shared?.Dispose();
        foreach (ServedFolder folder in folders)
        {
            folder.Dispose();
        }
    }

    /// <summary>Reads the auth file; null where the options name none.</summary>
    private static bool TryOpenAuthentication(
        ServerOptions options,
        BackgroundThreadOptions background,
        Action<string> reportWarning,
        out BasicAuthentication? authentication,
        [NotNullWhen(false)] out string? error)
    {
        authentication = null;
        error = null;
        if (options.AuthFile is not { } path)
        {
            return true;
        }

        Span<byte> key = stackalloc byte[Sha256.HashLength];
        RandomBytes.Fill(key);
        if (!BasicAuthentication.TryOpen(path, key, background, out authentication, out error))
        {
            return false;
        }

        if (authentication.IsFileReadableByAll)
        {
            reportWarning(path + ": every user of this machine may read the file; 'chmod o-r' keeps the hashes from them"u8.Text());
        }

        return true;
    }

    /// <summary>The sites of the hosts, which come first in the list, and of ROOT, where there is one more.</summary>
    private static VirtualHosts HandlerOfHosts(ServerOptions options, List<ServedFolder> folders)
    {
        var table = new (string, IRequestHandler)[options.VirtualHosts.Length];
        for (int i = 0; i < table.Length; i++)
        {
            table[i] = (options.VirtualHosts[i].Host, folders[i]);
        }

        return new VirtualHosts(table, options.Root is null ? null : folders[^1], options.StrictHost);
    }

    private static BackgroundThreadOptions BackgroundThreads => new()
    {
        ThreadStarted = PrepareBackgroundThread,
        ReportFault = static e => StandardStreams.WriteError($"background work failed: {e.GetType().Name}"),
    };

    private static void PrepareBackgroundThread(string name)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = LinuxThread.SetName(name);
            _ = LinuxThread.LowerPriority();
        }
    }
}
