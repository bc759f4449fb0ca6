using System.Runtime.InteropServices;

namespace AotServe.Native;

/// <summary>
/// The calls of 64-bit Linux that find and open files relative to a folder. Like the kernel's own, each returns a
/// result, or an error number with a minus sign before it (see <see cref="LinuxError"/>).
/// </summary>
internal static unsafe partial class LinuxFiles
{
    /// <summary>In place of a folder's descriptor: paths are relative to the working directory.</summary>
    public const int CurrentDirectory = -100;

    /// <summary>O_RDONLY: for reading.</summary>
    public const int ReadOnly = 0;

    /// <summary>O_NOCTTY: a terminal that is opened does not become this process's own.</summary>
    public const int NoControllingTerminal = 0x100;

    /// <summary>O_NONBLOCK: opening a FIFO does not wait for a writer.</summary>
    public const int NonBlocking = 0x800;

    /// <summary>O_CLOEXEC: not inherited by programs that are started.</summary>
    public const int CloseOnExec = 0x80000;

    /// <summary>O_PATH: a handle on the name only; what it names is not opened, whatever it is.</summary>
    public const int PathOnly = 0x200000;

    /// <summary>O_NOFOLLOW: the last name of the path is not followed where it is a symbolic link.</summary>
    public static readonly int NoFollow =
        RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Ppc64le ? 0x8000 : 0x20000;

    private const int SyscallOpenat2 = 437;
    private const int EmptyPath = 0x1000;
    private const int NoFollowLink = 0x100;
    private const uint AskedFor = 0x001 | 0x040 | 0x080 | 0x100 | 0x200; // type, last changes of content and of anything, inode, size

    /// <summary>
    /// RESOLVE_BENEATH: no part of a path, symbolic links included, may lead out of the folder, not even for a moment.
    /// Absolute links are refused with EXDEV. A rename elsewhere in the tree may make it fail with EAGAIN.
    /// </summary>
    public const ulong ResolveBeneath = 0x08;

    /// <summary>RESOLVE_NO_MAGICLINKS: no links such as those in <c>/proc/self/fd</c> are followed.</summary>
    public const ulong ResolveNoMagicLinks = 0x02;

    /// <summary>RESOLVE_NO_SYMLINKS: no symbolic links are followed; one in the path is refused with ELOOP.</summary>
    public const ulong ResolveNoSymbolicLinks = 0x04;

    /// <summary>openat2(2): opens <paramref name="path"/> (NUL-terminated) by the rules in <paramref name="resolve"/>.</summary>
    /// <returns>A descriptor.</returns>
    public static int Open(int folder, byte* path, int flags, ulong resolve)
    {
        var how = new OpenHow { Flags = (uint)flags, Resolve = resolve };
        nint result = Syscall(SyscallOpenat2, folder, path, &how, sizeof(OpenHow));
        return result < 0 ? -Marshal.GetLastPInvokeError() : (int)result;
    }

    /// <summary>
    /// openat(2), which follows symbolic links to anywhere but where <see cref="NoFollow"/> forbids it.
    /// </summary>
    /// <returns>A descriptor.</returns>
    public static int OpenAt(int folder, byte* path, int flags)
    {
        int result = OpenAtCore(folder, path, flags);
        return result < 0 ? -Marshal.GetLastPInvokeError() : result;
    }

    /// <summary>
    /// statx(2) of what <paramref name="descriptor"/> is open on, which may be a handle on a name only.
    /// </summary>
    /// <returns>0.</returns>
    public static int Stat(int descriptor, out LinuxFileStatus status)
    {
        byte empty = 0;
        return Stat(descriptor, &empty, EmptyPath, out status);
    }

    /// <summary>
    /// statx(2) of what <paramref name="path"/> (NUL-terminated) names beneath a folder or anywhere: links are followed.
    /// </summary>
    /// <returns>0.</returns>
    public static int Stat(int folder, byte* path, out LinuxFileStatus status) => Stat(folder, path, 0, out status);

    /// <summary>
    /// statx(2) of what <paramref name="path"/> (NUL-terminated) names; a symbolic link is not followed.
    /// </summary>
    /// <returns>0.</returns>
    public static int StatLink(byte* path, out LinuxFileStatus status) =>
        Stat(CurrentDirectory, path, NoFollowLink, out status);

    /// <summary>close(2). On Linux the descriptor is gone whatever it returns, so it returns nothing.</summary>
    public static void Close(int descriptor) => _ = CloseCore(descriptor);

    private static int Stat(int folder, byte* path, int flags, out LinuxFileStatus status)
    {
        int result = StatxCore(folder, path, flags, AskedFor, out status);
        return result < 0 ? -Marshal.GetLastPInvokeError() : 0;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Syscall(nint number, nint folder, byte* path, OpenHow* how, nint size);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial int OpenAtCore(int folder, byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int StatxCore(int folder, byte* path, int flags, uint mask, out LinuxFileStatus status);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseCore(int descriptor);

    /// <summary><c>struct open_how</c>, see openat2(2).</summary>
    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }
}
