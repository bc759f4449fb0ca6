using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Text;
using System.Text.Unicode;
using AotServe.Native;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Files;

/// <summary>
/// A root folder for systems other than Linux, by .NET's own file calls. Each name of a path is checked for being a symbolic
/// link before the next is looked at.
/// </summary>
/// <remarks>
/// It does not protect from someone who may write beneath the root and replaces a folder by a link between check and open;
/// only the kernel can (see <see cref="BeneathRootFolder"/>). It allocates on every call.
/// </remarks>
internal sealed class PortableRootFolder : RootFolder
{
    /// <summary>How many links may be followed on one path, as on Linux.</summary>
    private const int MaxLinks = 40;

    private readonly string _folder;
    private readonly SymbolicLinks _links;
    private readonly Exclusions? _exclusions;
    private readonly PortableRootFolder? _unfiltered;

    /// <summary>Takes the folder at <paramref name="path"/>, which may itself be behind links. Nothing is held open.</summary>
    /// <exception cref="IOException">It is no folder.</exception>
    public PortableRootFolder(string path, SymbolicLinks links)
    {
        _folder = Path.GetFullPath(path);
        _links = links;
        if (!Directory.Exists(_folder))
        {
            throw new IOException($"cannot open the folder '{path}'");
        }
    }

    private PortableRootFolder(PortableRootFolder unfiltered, Exclusions exclusions)
    {
        (_folder, _links, _unfiltered, _exclusions) = (unfiltered._folder, unfiltered._links, unfiltered, exclusions);
        foreach (string name in exclusions.ReservedNames)
        {
            exclusions.Withheld.Add(Path.Combine(_folder, name));
        }
    }

    public override RootFolder Unfiltered => _unfiltered ?? this;

    public override string Containment => "each name looked at before it is opened: this system has no better means"u8.Text();

    public override FileOutcome Find(ReadOnlySpan<byte> path, out FileEntry entry)
    {
        entry = default;
        try
        {
            return TryResolve(path, out string? file) && !IsExcluded(file) ? Describe(file, out entry) : FileOutcome.NotFound;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return OutcomeOf(exception);
        }
    }

    public override bool IsSameVersion(in FileEntry entry, SafeFileHandle file) =>
        EntryOf(FileKind.Regular, RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file)) == entry;

    public override FileOutcome OpenFile(ReadOnlySpan<byte> path, out FileEntry entry, out SafeFileHandle? file)
    {
        entry = default;
        file = null;
        SafeFileHandle? opened = null;
        try
        {
            if (!TryResolve(path, out string? name) || IsExcluded(name) || !IsRegular(name))
            {
                return FileOutcome.NotFound;
            }

            opened = File.OpenHandle(name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            entry = EntryOf(FileKind.Regular, RandomAccess.GetLength(opened), File.GetLastWriteTimeUtc(opened));
            file = opened;
            return FileOutcome.Found;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            opened?.Dispose();
            return OutcomeOf(exception);
        }
    }

    public override FileOutcome ReadFolder(ReadOnlySpan<byte> path, FolderEntries entries)
    {
        try
        {
            if (!TryResolve(path, out string? folder) || IsExcluded(folder))
            {
                return FileOutcome.NotFound;
            }

            string prefix = path.IsEmpty ? "" : Encoding.UTF8.GetString(path) + '/';
            foreach (string full in Directory.EnumerateFileSystemEntries(folder))
            {
                string name = Path.GetFileName(full);
                if (name[0] == '.')
                {
                    continue;
                }

                if (!entries.TryCountName())
                {
                    break;
                }

                byte[] file = Encoding.UTF8.GetBytes(prefix + name);
                if (entries.MayBeListed(file) && IsReadable(file, out FileEntry entry))
                {
                    entries.Add(Encoding.UTF8.GetBytes(name), entry);
                }
            }

            return FileOutcome.Found;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return OutcomeOf(exception);
        }
    }

    /// <summary>The same folder without what is excluded, also where a link leads to it.</summary>
    public PortableRootFolder Exclude(Exclusions exclusions) => new PortableRootFolder(this, exclusions);

    public override void Dispose()
    {
        // Nothing is held open.
    }

    /// <summary>Whether it is a file that can be opened, or a folder that can be read. The only way to know is to try.</summary>
    private bool IsReadable(ReadOnlySpan<byte> path, out FileEntry entry)
    {
        if (Find(path, out entry) != FileOutcome.Found || entry.Kind == FileKind.Other)
        {
            return false;
        }

        if (entry.Kind == FileKind.Folder)
        {
            return ReadFolder(path, new FolderEntries(static _ => false, limit: 0)) == FileOutcome.Found;
        }

        bool isOpened = OpenFile(path, out entry, out SafeFileHandle? file) == FileOutcome.Found;
        file?.Dispose();
        return isOpened;
    }

    private static FileOutcome Describe(string path, out FileEntry entry)
    {
        entry = default;
        var folder = new DirectoryInfo(path);
        if (folder.Exists)
        {
            entry = EntryOf(FileKind.Folder, 0, folder.LastWriteTimeUtc);
            return FileOutcome.Found;
        }

        var file = new FileInfo(path);
        if (!file.Exists)
        {
            return FileOutcome.NotFound;
        }

        entry = EntryOf(IsRegular(path) ? FileKind.Regular : FileKind.Other, file.Length, file.LastWriteTimeUtc);
        return FileOutcome.Found;
    }

    private static FileEntry EntryOf(FileKind kind, long length, DateTime modified)
    {
        long ticks = (modified - DateTime.UnixEpoch).Ticks;
        long seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out long rest);
        if (rest < 0)
        {
            seconds--;
            rest += TimeSpan.TicksPerSecond;
        }

        return new FileEntry(kind, length, seconds, (int)(rest * TimeSpan.NanosecondsPerTick));
    }

    /// <summary>Whether a path without links is that of a regular file, which .NET itself does not tell on Unix.</summary>
    private static unsafe bool IsRegular(string path)
    {
        if (OperatingSystem.IsLinux() && Environment.Is64BitProcess)
        {
            fixed (byte* bytes = Encoding.UTF8.GetBytes(path + '\0'))
            {
                return LinuxFiles.StatLink(LinuxFiles.CurrentDirectory, bytes, out LinuxFileStatus status) == 0 && status.IsRegular;
            }
        }

        return OperatingSystem.IsMacOS()
            ? MacFiles.IsRegular(path)
            : (File.GetAttributes(path) & (FileAttributes.Directory | FileAttributes.Device)) == 0;
    }

    /// <summary>
    /// Resolves <paramref name="path"/> and every symbolic link on it that stays beneath the folder, to a path without links.
    /// False if the path leads out, or is not UTF-8, since these systems have no such names.
    /// </summary>
    private bool TryResolve(ReadOnlySpan<byte> path, [NotNullWhen(true)] out string? resolved)
    {
        resolved = null;
        if (!Utf8.IsValid(path))
        {
            return false;
        }

        if (_links == SymbolicLinks.Always)
        {
            var file = new FileInfo(Path.Combine(_folder, Encoding.UTF8.GetString(path)));
            resolved = file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? file.FullName;
            return true;
        }

        var resolvedNames = new List<string> { _folder };
        var pending = new Stack<string>();
        Push(pending, Encoding.UTF8.GetString(path));
        int links = 0;
        while (pending.TryPop(out string? name))
        {
            switch (name)
            {
                case "" or ".":
                    continue;
                case "..":
                    if (resolvedNames.Count == 1)
                    {
                        return false;
                    }

                    resolvedNames.RemoveAt(resolvedNames.Count - 1);
                    continue;
            }

            string next = Path.Combine(resolvedNames[^1], name);
            string? target = new FileInfo(next).LinkTarget;
            if (target is null)
            {
                resolvedNames.Add(next);
            }
            else
            {
                if (_links == SymbolicLinks.Never || ++links > MaxLinks || Path.IsPathRooted(target))
                {
                    return false;
                }

                Push(pending, target);
            }
        }

        resolved = resolvedNames[^1];
        return true;
    }

    /// <summary>Whether a file is hidden where it is, whatever links lead there, or withheld.</summary>
    private bool IsExcluded(string file)
    {
        if (_exclusions is null)
        {
            return false;
        }

        file = RealPath.Of(Path.GetFullPath(file)); // On Windows that is without the dots at the end and the short names that a link may have.
        string relative = Path.GetRelativePath(RealPath.Of(_folder), file);
        bool isBeneath = relative != "." && !Path.IsPathRooted(relative) && !relative.StartsWith("..", StringComparison.Ordinal);
        return (isBeneath && _exclusions.IsHidden(Encoding.UTF8.GetBytes(relative.Replace(Path.DirectorySeparatorChar, '/'))))
            || _exclusions.Withheld.Contains(file);
    }

    private static void Push(Stack<string> pending, string path)
    {
        string[] names = OperatingSystem.IsWindows() ? path.Split('/', '\\') : path.Split('/');
        for (int i = names.Length - 1; i >= 0; i--)
        {
            pending.Push(names[i]);
        }
    }

    private static FileOutcome OutcomeOf(Exception exception) => exception switch
    {
        UnauthorizedAccessException => FileOutcome.Forbidden,
        FileNotFoundException or DirectoryNotFoundException or PathTooLongException => FileOutcome.NotFound,
        _ => FileOutcome.Failed,
    };
}
