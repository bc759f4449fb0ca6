using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Text;
using AotServe.Native;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Files;

/// <summary>
/// A root folder on Linux. A file is looked at through an O_PATH descriptor, which does not open it, so that FIFOs, sockets
/// and devices are recognised before they could be opened. Allocates nothing but the <see cref="SafeFileHandle"/> of a file
/// that is opened.
/// </summary>
[SupportedOSPlatform("linux")]
internal abstract unsafe class LinuxRootFolder : RootFolder
{
    /// <summary>Flags that give a descriptor for looking at a file only (O_PATH).</summary>
    internal const int NameFlags = LinuxFiles.PathOnly | LinuxFiles.CloseOnExec;

    /// <summary>
    /// Flags that open a file for reading. A FIFO or a terminal that has taken the file's place neither blocks nor becomes the
    /// controlling terminal.
    /// </summary>
    internal const int ReadFlags = LinuxFiles.ReadOnly | LinuxFiles.NonBlocking | LinuxFiles.NoControllingTerminal
        | LinuxFiles.CloseOnExec;

    /// <summary>How often an open is tried that a rename or a signal interrupts.</summary>
    private const int MaxTries = 8;

    private readonly Exclusions? _exclusions;
    private readonly RootFolder? _unfiltered;

    /// <summary>Takes over <paramref name="folder"/>, which may be an O_PATH descriptor.</summary>
    protected LinuxRootFolder(SafeFileHandle folder) => Handle = folder;

    /// <summary>The same folder with exclusions. It shares the descriptor, and closes it.</summary>
    protected LinuxRootFolder(LinuxRootFolder unfiltered, Exclusions exclusions)
    {
        Handle = unfiltered.Handle;
        _unfiltered = unfiltered;
        _exclusions = exclusions;
        foreach (string name in exclusions.ReservedNames)
        {
            exclusions.Withheld.Add(Handle, name);
        }
    }

    /// <summary>
    /// The same folder without what is excluded, also where a link leads to it. It takes the place of this one, which stays its
    /// <see cref="Unfiltered"/>, and closes it.
    /// </summary>
    public abstract LinuxRootFolder Exclude(Exclusions exclusions);

    public sealed override RootFolder Unfiltered => _unfiltered ?? this;

    /// <summary>The folder.</summary>
    protected SafeFileHandle Handle { get; }

    /// <summary>The folder's descriptor.</summary>
    protected int Folder => (int)Handle.DangerousGetHandle();

    /// <summary>Whether it matters where links lead to.</summary>
    protected bool HasExclusions => _exclusions is not null;

    /// <summary>Opens a folder; see <see cref="RootFolder.Open(string, SymbolicLinks, Exclusions?)"/>.</summary>
    public static LinuxRootFolder OpenRoot(string path, SymbolicLinks links)
    {
        SafeFileHandle folder = OpenFolder(path);
        return BeneathRootFolder.IsSupported(folder)
            ? new BeneathRootFolder(folder, links)
            : new WalkedRootFolder(folder, links);
    }

    /// <summary>Opens an O_PATH descriptor of a folder. Symbolic links are followed.</summary>
    /// <exception cref="IOException">It does not exist, is no folder, or may not be searched.</exception>
    internal static SafeFileHandle OpenFolder(string path)
    {
        int descriptor;
        // "/." fails unless it is a folder that may be searched.
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + "/.\0"))
        {
            descriptor = LinuxFiles.OpenAt(LinuxFiles.CurrentDirectory, bytes, NameFlags);
        }

        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw new IOException($"cannot open the folder '{path}': {Errno.Describe(-descriptor)}");
    }

    public sealed override FileOutcome Find(ReadOnlySpan<byte> path, out FileEntry entry)
    {
        int descriptor = OpenBeneath(path, NameFlags, out bool isDirect);
        if (descriptor < 0)
        {
            entry = default;
            return LinuxResults.OutcomeOf(-descriptor);
        }

        int error = Describe(descriptor, path, isDirect, out entry);
        FileDescriptor.Close(descriptor);
        return error == 0 ? FileOutcome.Found : LinuxResults.OutcomeOf(error);
    }

    public sealed override WatchedFolder Watch(ReadOnlySpan<byte> path, FolderWatches watches)
    {
        int descriptor = OpenBeneath(path[..Math.Max(path.LastIndexOf((byte)'/'), 0)], NameFlags, out _);
        if (descriptor < 0)
        {
            return WatchedFolder.None;
        }

        WatchedFolder watched = watches.Watch(descriptor);
        FileDescriptor.Close(descriptor);
        return watched;
    }

    public sealed override bool IsSameVersion(in FileEntry entry, SafeFileHandle file) =>
        LinuxFiles.Stat((int)file.DangerousGetHandle(), out LinuxFileStatus status) == 0 && LinuxResults.EntryOf(status) == entry;

    public sealed override FileOutcome OpenFile(
        ReadOnlySpan<byte> path, out FileEntry entry, out SafeFileHandle? file)
    {
        file = null;
        int descriptor = OpenBeneath(path, ReadFlags, out bool isDirect);
        if (descriptor < 0)
        {
            entry = default;
            return LinuxResults.OutcomeOf(-descriptor);
        }

        int error = Describe(descriptor, path, isDirect, out entry);
        if (error == 0 && entry.Kind == FileKind.Regular)
        {
            file = new SafeFileHandle(descriptor, ownsHandle: true);
            return FileOutcome.Found;
        }

        FileDescriptor.Close(descriptor);
        return error == 0 ? FileOutcome.NotFound : LinuxResults.OutcomeOf(error);
    }

    public sealed override bool TryRead(ReadOnlySpan<byte> path, in FileEntry entry, Span<byte> bytes) =>
        LinuxFileReader.TryRead(this, path, entry, bytes);

    public sealed override FileOutcome FindAndRead(ReadOnlySpan<byte> path, Span<byte> bytes, out FileEntry entry, out int length) =>
        LinuxFileReader.FindAndRead(this, path, bytes, out entry, out length);

    public sealed override FolderTraits TraitsOf(ReadOnlySpan<byte> path, string[] variantSuffixes) =>
        LinuxFolderReader.TraitsOf(this, path, variantSuffixes);

    public sealed override FileOutcome ReadFolder(ReadOnlySpan<byte> path, FolderEntries entries) =>
        LinuxFolderReader.Read(this, path, entries);

    public sealed override RootPresence PresenceAt(string path)
    {
        int error;
        LinuxFileStatus found;
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + '\0'))
        {
            error = -LinuxFiles.Stat(LinuxFiles.CurrentDirectory, bytes, out found);
        }

        int own = LinuxFiles.Stat(Folder, out LinuxFileStatus status);
        return error switch
        {
            // A user that may not search the folders above cannot tell.
            0 when own != 0 || found.Identity == status.Identity => RootPresence.Same,
            0 when found.IsFolder => RootPresence.Another,
            0 or Errno.NotFound or Errno.NotAFolder or Errno.TooManyLinks => RootPresence.Gone,
            _ => RootPresence.Same,
        };
    }

    public sealed override void Retire() => _exclusions?.Withheld.Remove(Handle);

    /// <summary>Calls that are going on end as they would have. Later ones find nothing.</summary>
    public sealed override void Dispose() => Handle.Dispose();

    /// <summary>
    /// Opens <paramref name="path"/> (NUL-terminated, <paramref name="length"/> bytes before the NUL, at least one)
    /// without ever leaving the folder.
    /// </summary>
    /// <param name="path">The path.</param>
    /// <param name="length">Its length.</param>
    /// <param name="flags">Of openat2(2).</param>
    /// <param name="isDirect">Whether no symbolic link was followed. May be false where none was.</param>
    /// <returns>A descriptor, or −errno.</returns>
    protected abstract int Open(byte* path, int length, int flags, out bool isDirect);

    /// <summary>Opens a path beneath the folder by the rules of the folder.</summary>
    /// <returns>A descriptor that the caller closes, or −errno.</returns>
    [SkipLocalsInit]
    internal int OpenBeneath(ReadOnlySpan<byte> path, int flags, out bool isDirect)
    {
        isDirect = true;
        if (path.Length > RootFolder.LongestPath)
        {
            return -Errno.NameTooLong;
        }

        // As long as the path is, not as it may be: a page of the stack that nobody has written to yet costs two page faults.
        byte* terminated = stackalloc byte[Math.Max(path.Length, 1) + 1];
        int length = Terminate(path, terminated);

        // Without the hold, a folder that is replaced could be closed here, and its descriptor be that of another file.
        if (!FileDescriptor.TryHold(Handle))
        {
            return -Errno.NotFound;
        }

        int result;
        int tries = 0;
        do
        {
            result = Open(terminated, length, flags, out isDirect);
        }
        while (result == -Errno.TryAgain && ++tries < MaxTries);
        Handle.DangerousRelease();
        return result;
    }

    /// <summary>Writes the path, or that of the folder itself where it is empty, as a C string. Returns its length, without the zero.</summary>
    private static int Terminate(ReadOnlySpan<byte> path, byte* terminated)
    {
        if (path.IsEmpty)
        {
            path = "."u8;
        }

        path.CopyTo(new Span<byte>(terminated, path.Length));
        terminated[path.Length] = 0;
        return path.Length;
    }

    /// <summary>Describes an open file. Gives an error number: 0, or that of statx(2), or ENOENT for one that is excluded.</summary>
    /// <param name="descriptor">The file.</param>
    /// <param name="path">The path that it was opened by.</param>
    /// <param name="isDirect">Whether no symbolic link was followed.</param>
    /// <param name="entry">What it is.</param>
    internal int Describe(int descriptor, ReadOnlySpan<byte> path, bool isDirect, out FileEntry entry)
    {
        int error = -LinuxFiles.Stat(descriptor, out LinuxFileStatus status);
        entry = LinuxResults.EntryOf(status);
        return error == 0 && _exclusions is not null && IsExcluded(_exclusions, descriptor, status, path, isDirect)
            ? Errno.NotFound
            : error;
    }

    /// <summary>Whether a file that was found without following a link is withheld.</summary>
    internal bool IsWithheld(in LinuxFileStatus status, ReadOnlySpan<byte> name) =>
        status.IsRegular && _exclusions?.Withheld.Contains(status, name) == true;

    /// <summary>Whether a path beneath the folder, which is not that of a link, is hidden.</summary>
    internal bool IsHidden(ReadOnlySpan<byte> path) => _exclusions?.IsHidden(path) == true;

    /// <summary>
    /// Gives the path of an open file, without links: relative to the folder where it lies beneath it, else from the root of the
    /// file system on. False: /proc is not there, or the file has been deleted.
    /// </summary>
    /// <param name="descriptor">The file.</param>
    /// <param name="space">Room for two paths.</param>
    /// <param name="path">Its path, in the space.</param>
    /// <param name="isBeneath">Whether it is relative to the folder.</param>
    internal bool TryGetPath(int descriptor, Span<byte> space, out ReadOnlySpan<byte> path, out bool isBeneath)
    {
        isBeneath = false;
        Span<byte> half = space[(space.Length / 2)..];
        ReadOnlySpan<byte> folder = default;
        path = default;
        if (!FileDescriptor.TryHold(Handle))
        {
            return false;
        }

        bool isRead = OpenFilePath.TryRead(descriptor, space[..(space.Length / 2)], out path) && OpenFilePath.TryRead(Folder, half, out folder);
        Handle.DangerousRelease();
        if (!isRead)
        {
            return false;
        }

        folder = folder.TrimEnd((byte)'/');
        isBeneath = path.StartsWith(folder) && (path.Length == folder.Length || path[folder.Length] == '/');
        path = isBeneath ? path[folder.Length..].TrimStart((byte)'/') : path;
        return true;
    }

    /// <summary>
    /// Where a link was followed, the file's own path decides, as if it had been asked for: what is hidden stays hidden behind a
    /// link. A file whose path cannot be had is excluded.
    /// </summary>
    private bool IsExcluded(
        Exclusions exclusions, int descriptor, in LinuxFileStatus status, ReadOnlySpan<byte> path, bool isDirect) =>
        isDirect
            ? status.IsRegular && exclusions.Withheld.Contains(status, NameOf(path))
            : IsExcludedBehindLink(exclusions, descriptor, status);

    // Not inlined: so much room on the stack is taken for nobody else.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsExcludedBehindLink(Exclusions exclusions, int descriptor, in LinuxFileStatus status)
    {
        Span<byte> space = stackalloc byte[2 * (RootFolder.LongestPath + 1)];
        return !TryGetPath(descriptor, space, out ReadOnlySpan<byte> own, out bool isBeneath)
            || (isBeneath && exclusions.IsHidden(own))
            || (status.IsRegular && exclusions.Withheld.Contains(status, NameOf(own)));
    }

    private static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> path) => path[(path.LastIndexOf((byte)'/') + 1)..];
}
