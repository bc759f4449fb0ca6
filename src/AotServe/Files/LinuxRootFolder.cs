using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Text;
using AotServe.Native;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Files;

/// <summary>
/// A root folder on Linux. Looking at a file takes a handle on its name only (O_PATH), which opens nothing, so that a
/// FIFO, a socket or a device is known for what it is before it could be opened. Allocates nothing but the
/// <see cref="SafeFileHandle"/> of a file that is opened.
/// </summary>
[SupportedOSPlatform("linux")]
internal abstract unsafe partial class LinuxRootFolder : RootFolder
{
    /// <summary>How often an open that a rename got in the way of is tried.</summary>
    private const int Tries = 8;

    private const int NameFlags = LinuxFiles.PathOnly | LinuxFiles.CloseOnExec;

    // Should a FIFO or a terminal have taken the file's place since, opening it does not block and does no harm.
    private const int ReadFlags = LinuxFiles.ReadOnly | LinuxFiles.NonBlocking | LinuxFiles.NoControllingTerminal
        | LinuxFiles.CloseOnExec;

    private readonly SafeFileHandle _folder;
    private LinuxFileIdentity _withheld;

    /// <summary>
    /// Takes over <paramref name="folder"/>, a handle on the folder, which may be one on its name only.
    /// </summary>
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

    /// <summary>Opens a handle on a folder's name, symbolic links followed.</summary>
    /// <exception cref="IOException">It does not exist, is no folder, or may not be searched.</exception>
    internal static SafeFileHandle OpenFolder(string path)
    {
        int descriptor;
        // "/." asks for a folder, and for the right to search it.
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
    /// One statx(2), which is bound by no rule of the folder: it may only find again what was found by the rules, the same
    /// file unchanged, or nothing.
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

    public sealed override void Dispose() => _folder.Dispose();

    /// <summary>
    /// Opens <paramref name="path"/> (NUL-terminated, <paramref name="length"/> bytes before the NUL, at least one)
    /// without ever leaving the folder.
    /// </summary>
    /// <returns>A descriptor, or an error number with a minus sign.</returns>
    protected abstract int Open(byte* path, int length, int flags);

    [SkipLocalsInit]
    private int OpenBeneath(ReadOnlySpan<byte> path, int flags)
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
        while (result == -Errno.TryAgain && ++tries < Tries);
        return result;
    }

    /// <summary>The path as the system takes it, in <see cref="RootFolder.LongestPath"/> + 1 bytes. False: it is too long.</summary>
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

    private int Describe(int descriptor, out FileEntry entry)
    {
        int error = -LinuxFiles.Stat(descriptor, out LinuxFileStatus status);
        if (error == 0 && status.Identity == _withheld)
        {
            error = Errno.NotFound;
        }

        entry = EntryOf(status);
        return error;
    }

    private static FileEntry EntryOf(in LinuxFileStatus status)
    {
        FileKind kind = status.IsRegular ? FileKind.Regular : status.IsFolder ? FileKind.Folder : FileKind.Other;
        return new FileEntry(kind, status.Size, status.ModifiedSeconds, status.ModifiedNanoseconds)
        {
            Version = status.Version,
        };
    }

    private static FileOutcome OutcomeOf(int error) => error switch
    {
        Errno.NotFound or Errno.NotAFolder or Errno.TooManyLinks or Errno.LeadsOut
            or Errno.NameTooLong or Errno.NoSuchDevice => FileOutcome.NotFound,
        Errno.AccessDenied or Errno.NotPermitted => FileOutcome.Forbidden,
        Errno.ProcessFilesExhausted or Errno.SystemFilesExhausted or Errno.NoMemory
            or Errno.TryAgain => FileOutcome.Unavailable,
        _ => FileOutcome.Failed,
    };
}
