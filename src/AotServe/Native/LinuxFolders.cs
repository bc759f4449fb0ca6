using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>Reads folders and checks what may be read. Each call returns a result or −errno and retries EINTR.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class LinuxFolders
{
    private const int EffectiveUser = 0x200; // AT_EACCESS
    private const int MayRead = 4; // R_OK
    private const int MaySearch = 1; // X_OK

    /// <summary>
    /// getdents64(2): the next entries of a folder that is open for reading, as <c>struct linux_dirent64</c>, one after
    /// the other (see <see cref="LinuxFolderRecord"/>).
    /// </summary>
    /// <returns>How many bytes of <paramref name="buffer"/> were filled; 0 at the end.</returns>
    public static int Read(int folder, byte* buffer, int size) =>
        (int)SystemCall.Invoke(SystemCall.GetDirectoryEntries, folder, (nint)buffer, size);

    /// <summary>
    /// Whether this process may read the file <paramref name="name"/> (NUL-terminated) of a folder, or read and search it
    /// if <paramref name="isFolder"/>: faccessat(2) for the effective user, without following links. An empty name means
    /// what <paramref name="folder"/> itself is open on. A kernel that cannot tell (before 5.8) counts as yes: the open
    /// that follows decides.
    /// </summary>
    public static bool MayBeRead(int folder, byte* name, bool isFolder)
    {
        int flags = EffectiveUser | LinuxFiles.NoFollowLink | (*name == 0 ? LinuxFiles.EmptyPath : 0);
        int result;
        do
        {
            result = Errno.Result(faccessat(folder, name, isFolder ? MayRead | MaySearch : MayRead, flags));
        }
        while (result == -Errno.Interrupted);
        return result is not (-Errno.AccessDenied or -Errno.NotPermitted or -Errno.NotFound);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int faccessat(int folder, byte* name, int mode, int flags);
}
