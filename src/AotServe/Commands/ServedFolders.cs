using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using AotServe.Cli;
using AotServe.Files;
using AotServe.Native;
using AotServe.Sites;

namespace AotServe.Commands;

/// <summary>Opens the folders that the options say are to be served.</summary>
internal static class ServedFolders
{
    /// <summary>
    /// Opens the folders of the hosts, in their order, and then that of ROOT. Those that were opened before an error are in
    /// <paramref name="folders"/> too; the caller owns them all.
    /// </summary>
    public static bool TryOpen(
        ServerOptions options,
        FileCache cache,
        WithheldFiles withheld,
        FileSiteServices shared,
        Action<string> reportWarning,
        List<ServedFolder> folders,
        [NotNullWhen(false)] out string? error)
    {
        bool Open(string path, [NotNullWhen(true)] out FileSite? site, [NotNullWhen(false)] out string? error) =>
            TryOpenFolder(path, options, cache, withheld, shared, out site, out error);

        foreach (VirtualHost host in options.VirtualHosts)
        {
            if (!TryAdd(host.Folder, Open, reportWarning, folders, out error))
            {
                return false;
            }
        }

        error = null;
        return options.Root is null || TryAdd(options.Root, Open, reportWarning, folders, out error);
    }

    private static bool TryAdd(
        string path, FileSiteOpener open, Action<string> reportWarning, List<ServedFolder> folders, [NotNullWhen(false)] out string? error)
    {
        if (!ServedFolder.TryOpen(path, open, reportWarning, out ServedFolder? folder, out error))
        {
            return false;
        }

        folders.Add(folder);
        return true;
    }

    private static bool TryOpenFolder(
        string path,
        ServerOptions options,
        FileCache cache,
        WithheldFiles withheld,
        FileSiteServices shared,
        [NotNullWhen(true)] out FileSite? site,
        [NotNullWhen(false)] out string? error)
    {
        HiddenNames? hidden = null;
        site = null;
        error = null;
        bool ignoreCase = !OperatingSystem.IsLinux() || (options.Hide.Length > 0 && LinuxFileSystem.IgnoresCase(path));
        if (options.Hide.Length > 0 && !HiddenNames.TryRead(options.Hide, ignoreCase, "--hide", out hidden, out error))
        {
            return false;
        }

        var files = new RootFolderOptions
        {
            SymbolicLinks = options.SymbolicLinks,
            Hidden = hidden,
            IgnoreCase = ignoreCase,
            Withheld = withheld,
            Cache = cache,
        };
        if (options.AuthFile is { } authFile && !AuthFilePlace.TryCheck(authFile, path, out error))
        {
            return false;
        }

        try
        {
            site = new FileSite(path, files, options.Site, shared);
            return true;
        }
        catch (IOException e)
        {
            error = ErrorText.Describe(e);
            return false;
        }
    }
}
