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

    private readonly SafeFileHandle _folder;
    private LinuxFileIdentity _withheld;

    /// <summary>Takes over <paramref name="folder"/>, which may be an O_PATH descriptor.</summary>
    protected LinuxRootFolder(SafeFileHandle folder) => _folder = folder;

    /// <summary>The folder's descriptor.</summary>
    protected int Folder => (int)_folder.DangerousGetHandle();

    /// <summary>Opens a folder; see <see cref="RootFolder.Open(string, SymbolicLinks)"/>.</summary>
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
        int descriptor = OpenBeneath(path, NameFlags);
        if (descriptor < 0)
        {
            entry = default;
            return OutcomeOf(-descriptor);
        }

        int error = Describe(descriptor, out entry);
        FileDescriptor.Close(descriptor);
        return error == 0 ? FileOutcome.Found : OutcomeOf(error);
    }

    /// <summary>
    /// One statx(2). It is not restricted to the folder, so all it may do is confirm what a restricted look found before: the
    /// same file, unchanged, or the same failure.
    /// </summary>
    [SkipLocalsInit]
    public sealed override bool IsUnchanged(ReadOnlySpan<byte> path, FileOutcome outcome, in FileEntry entry)
    {
        byte* terminated = stackalloc byte[RootFolder.LongestPath + 1];
        if (!TryTerminate(path, terminated, out _))
        {
            return false;
        }

        int error = -LinuxFiles.Stat(Folder, terminated, out LinuxFileStatus status);
        return outcome == FileOutcome.Found
            ? error == 0 && EntryOf(status) == entry
            : error != 0 && OutcomeOf(error) == outcome;
    }

    public sealed override bool IsSameVersion(in FileEntry entry, SafeFileHandle file) =>
        LinuxFiles.Stat((int)file.DangerousGetHandle(), out LinuxFileStatus status) == 0 && EntryOf(status) == entry;

    public sealed override FileOutcome OpenFile(
        ReadOnlySpan<byte> path, out FileEntry entry, out SafeFileHandle? file)
    {
        file = null;
        int descriptor = OpenBeneath(path, ReadFlags);
        if (descriptor < 0)
        {
            entry = default;
            return OutcomeOf(-descriptor);
        }

        int error = Describe(descriptor, out entry);
        if (error == 0 && entry.Kind == FileKind.Regular)
        {
            file = new SafeFileHandle(descriptor, ownsHandle: true);
            return FileOutcome.Found;
        }

        FileDescriptor.Close(descriptor);
        return error == 0 ? FileOutcome.NotFound : OutcomeOf(error);
    }

    public sealed override void Withhold(string file)
    {
        int descriptor;
        fixed (byte* bytes = Encoding.UTF8.GetBytes(file + "\0"))
        {
            descriptor = LinuxFiles.OpenAt(LinuxFiles.CurrentDirectory, bytes, NameFlags);
        }

        if (descriptor < 0)
        {
            return;
        }

        if (LinuxFiles.Stat(descriptor, out LinuxFileStatus status) == 0)
        {
            _withheld = status.Identity;
        }

        FileDescriptor.Close(descriptor);
    }

    public sealed override FileOutcome ReadFolder(ReadOnlySpan<byte> path, FolderEntries entries) =>
        LinuxFolderReader.Read(this, path, entries);

    public sealed override void Dispose() => _folder.Dispose();

    /// <summary>
    /// Opens <paramref name="path"/> (NUL-terminated, <paramref name="length"/> bytes before the NUL, at least one)
    /// without ever leaving the folder.
    /// </summary>
    /// <returns>A descriptor, or −errno.</returns>
    protected abstract int Open(byte* path, int length, int flags);

    /// <summary>Opens a path beneath the folder by the rules of the folder.</summary>
    /// <returns>A descriptor that the caller closes, or −errno.</returns>
    [SkipLocalsInit]
    internal int OpenBeneath(ReadOnlySpan<byte> path, int flags)
    {
        byte* terminated = stackalloc byte[RootFolder.LongestPath + 1];
        if (!TryTerminate(path, terminated, out int length))
        {
            return -Errno.NameTooLong;
        }

        int result;
        int tries = 0;
        do
        {
            result = Open(terminated, length, flags);
        }
        while (result == -Errno.TryAgain && ++tries < MaxTries);
        return result;
    }

    /// <summary>
    /// Writes the path as a C string, of at most <see cref="RootFolder.LongestPath"/> + 1 bytes. False if it is too long.
    /// </summary>
    private static bool TryTerminate(ReadOnlySpan<byte> path, byte* terminated, out int length)
    {
        length = 0;
        if (path.Length > RootFolder.LongestPath)
        {
            return false;
        }

        if (path.IsEmpty)
        {
            path = "."u8;
        }

        length = path.Length;
        path.CopyTo(new Span<byte>(terminated, length));
        terminated[length] = 0;
        return true;
    }

    /// <summary>Describes an open file. Gives an error number: 0, or that of statx(2), or ENOENT for the withheld file.</summary>
    internal int Describe(int descriptor, out FileEntry entry)
    {
        int error = -LinuxFiles.Stat(descriptor, out LinuxFileStatus status);
        if (error == 0 && IsWithheld(status))
        {
            error = Errno.NotFound;
        }

        entry = EntryOf(status);
        return error;
    }

    /// <summary>Whether a file is the one that is never served; see <see cref="RootFolder.Withhold"/>.</summary>
    internal bool IsWithheld(in LinuxFileStatus status) => status.Identity == _withheld;

    internal static FileEntry EntryOf(in LinuxFileStatus status)
    {
        FileKind kind = status.IsRegular ? FileKind.Regular : status.IsFolder ? FileKind.Folder : FileKind.Other;
        return new FileEntry(kind, status.Size, status.ModifiedSeconds, status.ModifiedNanoseconds)
        {
            Version = status.Version,
        };
    }

    internal static FileOutcome OutcomeOf(int error) => error switch
    {
        Errno.NotFound or Errno.NotAFolder or Errno.TooManyLinks or Errno.LeadsOut
            or Errno.NameTooLong or Errno.NoSuchDevice => FileOutcome.NotFound,
        Errno.AccessDenied or Errno.NotPermitted => FileOutcome.Forbidden,
        Errno.ProcessFilesExhausted or Errno.SystemFilesExhausted or Errno.NoMemory
            or Errno.TryAgain => FileOutcome.Unavailable,
        _ => FileOutcome.Failed,
    };
}
