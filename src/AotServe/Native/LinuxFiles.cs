using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Native;

/// <summary>
/// The calls of 64-bit Linux that open, describe and read files relative to a folder. Each call returns a result or −errno
/// and retries EINTR.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class LinuxFiles
{
    /// <summary>AT_FDCWD, in place of a folder's descriptor: paths are relative to the working directory.</summary>
    public const int CurrentDirectory = -100;

    /// <summary>O_RDONLY: for reading.</summary>
    public const int ReadOnly = 0;

    /// <summary>O_NOCTTY: a terminal that is opened does not become this process's controlling terminal.</summary>
    public const int NoControllingTerminal = 0x100;

    /// <summary>O_NONBLOCK: opening a FIFO does not wait for a writer.</summary>
    public const int NonBlocking = 0x800;

    /// <summary>O_CLOEXEC: not inherited by programs that are started.</summary>
    public const int CloseOnExec = 0x80000;

    /// <summary>O_PATH: a handle on the name only; the file itself is not opened, whatever its type.</summary>
    public const int PathOnly = 0x200000;

    /// <summary>O_NOFOLLOW: a symbolic link as the last name of the path is not followed.</summary>
    public static readonly int NoFollow =
        RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Ppc64le ? 0x8000 : 0x20000;

    /// <summary>
    /// RESOLVE_BENEATH: no part of a path, symbolic links included, may lead out of the folder, not even for a moment.
    /// Absolute links are refused with EXDEV. A rename elsewhere in the tree may make it fail with EAGAIN.
    /// </summary>
    public const ulong ResolveBeneath = 0x08;

    /// <summary>RESOLVE_NO_MAGICLINKS: no links such as those in <c>/proc/self/fd</c> are followed.</summary>
    public const ulong ResolveNoMagicLinks = 0x02;

    /// <summary>RESOLVE_NO_SYMLINKS: no symbolic links are followed; one in the path is refused with ELOOP.</summary>
    public const ulong ResolveNoSymbolicLinks = 0x04;

    /// <summary>AT_SYMLINK_NOFOLLOW: a symbolic link as the last name is not followed.</summary>
    internal const int NoFollowLink = 0x100;

    /// <summary>AT_EMPTY_PATH: an empty path means what the descriptor itself is open on.</summary>
    internal const int EmptyPath = 0x1000;

    /// <summary>STATX_TYPE, STATX_NLINK, STATX_MTIME, STATX_CTIME, STATX_INO and STATX_SIZE.</summary>
    private const uint RequestedFields = 0x001 | 0x004 | 0x040 | 0x080 | 0x100 | 0x200;

    /// <summary>openat2(2): opens <paramref name="path"/> (NUL-terminated) by the rules in <paramref name="resolve"/>.</summary>
    /// <returns>A descriptor.</returns>
    public static int OpenAt2(int folder, byte* path, int flags, ulong resolve)
    {
        var how = new OpenHow { Flags = (uint)flags, Resolve = resolve };
        return (int)SystemCall.Invoke(SystemCall.OpenAt2, folder, (nint)path, (nint)(&how), sizeof(OpenHow));
    }

    /// <summary>
    /// openat(2) of <paramref name="path"/> (NUL-terminated). Follows symbolic links to anywhere, unless
    /// <see cref="NoFollow"/> is set.
    /// </summary>
    /// <returns>A descriptor.</returns>
    public static int OpenAt(int folder, byte* path, int flags)
    {
        int result;
        do
        {
            result = Errno.Result(openat(folder, path, flags));
        }
        while (result == -Errno.Interrupted);
        return result;
    }

    /// <summary>statx(2) of what <paramref name="descriptor"/> is open on, which may be a handle on a name only.</summary>
    /// <returns>0.</returns>
    public static int Stat(int descriptor, out LinuxFileStatus status)
    {
        byte empty = 0;
        return Stat(descriptor, &empty, EmptyPath, out status);
    }

    /// <summary>statx(2) of <paramref name="path"/> (NUL-terminated), relative to a folder; links are followed.</summary>
    /// <returns>0.</returns>
    public static int Stat(int folder, byte* path, out LinuxFileStatus status) => Stat(folder, path, 0, out status);

    /// <summary>
    /// statx(2) of <paramref name="path"/> (NUL-terminated), relative to a folder; a symbolic link as its last name is not
    /// followed.
    /// </summary>
    /// <returns>0.</returns>
    public static int StatLink(int folder, byte* path, out LinuxFileStatus status) =>
        Stat(folder, path, NoFollowLink, out status);

    /// <summary>statx(2) of a path; a symbolic link as its last name is not followed.</summary>
    /// <returns>0.</returns>
    public static int StatLink(string path, out LinuxFileStatus status)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + '\0'))
        {
            return StatLink(CurrentDirectory, bytes, out status);
        }
    }

    /// <summary>fchownat(2) of a path; a symbolic link as its last name is not followed.</summary>
    /// <returns>0.</returns>
    public static int ChangeOwner(string path, uint user, uint group)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + '\0'))
        {
            return Errno.Result(fchownat(CurrentDirectory, bytes, user, group, NoFollowLink));
        }
    }

    /// <summary>pread(2): reads from a file, starting at <paramref name="offset"/>.</summary>
    /// <returns>How many bytes were read; 0 at the end of the file.</returns>
    public static nint ReadAt(SafeFileHandle file, Span<byte> bytes, long offset)
    {
        bool held = false;
        try
        {
            file.DangerousAddRef(ref held);
            return ReadAt((int)file.DangerousGetHandle(), bytes, offset);
        }
        finally
        {
            if (held)
            {
                file.DangerousRelease();
            }
        }
    }

    /// <summary>The same for a descriptor that stays open meanwhile.</summary>
    public static nint ReadAt(int descriptor, Span<byte> bytes, long offset)
    {
        fixed (byte* p = bytes)
        {
            nint result;
            do
            {
                result = Errno.Result(pread(descriptor, p, (nuint)bytes.Length, offset));
            }
            while (result == -Errno.Interrupted);
            return result;
        }
    }

    /// <summary>readlink(2) of <paramref name="path"/> (NUL-terminated).</summary>
    /// <returns>How many bytes were written; all of <paramref name="target"/> where it may have been cut off.</returns>
    public static nint ReadLink(byte* path, Span<byte> target)
    {
        fixed (byte* p = target)
        {
            return Errno.Result(readlinkat(CurrentDirectory, path, p, (nuint)target.Length));
        }
    }

    private static int Stat(int folder, byte* path, int flags, out LinuxFileStatus status)
    {
        int result;
        do
        {
            result = Errno.Result(statx(folder, path, flags, RequestedFields, out status));
        }
        while (result == -Errno.Interrupted);
        return result;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int openat(int folder, byte* path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int statx(int folder, byte* path, int flags, uint mask, out LinuxFileStatus status);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint readlinkat(int folder, byte* path, byte* target, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchownat(int folder, byte* path, uint user, uint group, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint pread(int file, byte* bytes, nuint count, long offset);

    /// <summary><c>struct open_how</c>, see openat2(2).</summary>
    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }
}
