using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Native;

/// <summary>What a file system of Linux does with names.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class LinuxFileSystem
{
    private const int StatusSize = 256; // struct statfs is smaller on every architecture
    private const nuint GetInodeFlags = 0x80086601; // FS_IOC_GETFLAGS, ioctl_iflags(2)
    private const int CaseFoldFlag = 0x40000000; // FS_CASEFOLD_FL

    /// <summary>
    /// Whether lower and upper case are the same in the names beneath a folder: on file systems of other systems, and in folders
    /// of ext4 and f2fs that were made so. False where that cannot be found out.
    /// </summary>
    public static bool IgnoresCase(string folder)
    {
        int descriptor;
        fixed (byte* path = Encoding.UTF8.GetBytes(folder + '\0'))
        {
            descriptor = LinuxFiles.OpenAt(LinuxFiles.CurrentDirectory, path, LinuxFiles.ReadOnly | LinuxFiles.NonBlocking | LinuxFiles.CloseOnExec);
        }

        if (descriptor < 0)
        {
            return false;
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        byte* status = stackalloc byte[StatusSize];
        if (Errno.Result(fstatfs(descriptor, status)) == 0 && IsForeign((uint)*(nuint*)status))
        {
            return true;
        }

        int flags = 0;
        return Errno.Result(ioctl(descriptor, GetInodeFlags, &flags)) == 0 && (flags & CaseFoldFlag) != 0;
    }

    /// <summary>The numbers are those of statfs(2).</summary>
    private static bool IsForeign(uint type) => type
        is 0x4d44 // vfat
        or 0x2011BAB0 // exfat
        or 0x5346544e or 0x7366746e // ntfs
        or 0x4244 or 0x482b // hfs, hfs+
        or 0xFE534D42 or 0xFF534D42 or 0x517B; // smb

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fstatfs(int descriptor, byte* status);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int descriptor, nuint request, int* argument);
}
