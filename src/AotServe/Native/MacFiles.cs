using System.Runtime.InteropServices;

namespace AotServe.Native;

/// <summary>The one thing about files that .NET does not say on macOS: whether a name is a regular file's.</summary>
internal static unsafe partial class MacFiles
{
    /// <summary>
    /// lstat(2): whether <paramref name="path"/> names a regular file; a symbolic link is not followed. False where
    /// it names nothing.
    /// </summary>
    public static bool IsRegular(string path)
    {
        // struct stat takes 144 bytes, with st_mode as 16 bits after the 32 bits of st_dev.
        ushort* status = stackalloc ushort[128];
        int result = RuntimeInformation.ProcessArchitecture == Architecture.Arm64
            ? LinkStatus(path, status)
            : LinkStatusInode64(path, status);
        return result == 0 && (status[2] & 0xF000) == 0x8000;
    }

    [LibraryImport("libSystem.dylib", EntryPoint = "lstat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkStatus(string path, ushort* status);

    // Intel Macs keep the name without a suffix for a layout of before 10.6.
    [LibraryImport("libSystem.dylib", EntryPoint = "lstat$INODE64", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkStatusInode64(string path, ushort* status);
}
