using System.Runtime.InteropServices;

namespace AotServe.Native;

/// <content>Reading folders, and asking what may be read.</content>
internal static unsafe partial class LinuxFiles
{
    private const int EffectiveUser = 0x200;
    private const int MayRead = 4;
    private const int MaySearch = 1;

    /// <summary>getdents64(2), whose number is one of the old ones that differ between architectures.</summary>
    private static readonly int SyscallGetdents64 = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 217,
        Architecture.Ppc64le => 202,
        Architecture.S390x => 220,
        _ => 61,
    };

    /// <summary>
    /// getdents64(2): the next entries of a folder that is open for reading, as <c>struct linux_dirent64</c>, one after
    /// the other (see <see cref="LinuxFolderRecord"/>).
    /// </summary>
    /// <returns>How many bytes of <paramref name="buffer"/> were filled; 0 at the end.</returns>
    public static int ReadFolder(int folder, byte* buffer, int size)
    {
        nint result = Syscall(SyscallGetdents64, folder, buffer, size);
        return result < 0 ? -Marshal.GetLastPInvokeError() : (int)result;
    }

    /// <summary>
    /// statx(2) of the entry <paramref name="name"/> (NUL-terminated) of an open folder; a symbolic link is not followed.
    /// </summary>
    /// <returns>0.</returns>
    public static int StatEntry(int folder, byte* name, out LinuxFileStatus status) =>
        Stat(folder, name, NoFollowLink, out status);

    /// <summary>
    /// Whether this process may read the file <paramref name="name"/> of a folder, or read and search it if
    /// <paramref name="isFolder"/>: faccessat(2) for the effective user, and no link followed. An empty name stands for
    /// what <paramref name="folder"/> itself is open on. A kernel that cannot say (before 5.8) is taken to mean yes: the
    /// open that follows decides.
    /// </summary>
    public static bool MayBeRead(int folder, byte* name, bool isFolder)
    {
        int flags = EffectiveUser | NoFollowLink | (*name == 0 ? EmptyPath : 0);
        return AccessCore(folder, name, isFolder ? MayRead | MaySearch : MayRead, flags) == 0
            || Marshal.GetLastPInvokeError() is not (LinuxError.AccessDenied or LinuxError.NotPermitted or LinuxError.NotFound);
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Syscall(nint number, nint folder, byte* buffer, nint size);

    [LibraryImport("libc", EntryPoint = "faccessat", SetLastError = true)]
    private static partial int AccessCore(int folder, byte* name, int mode, int flags);
}
