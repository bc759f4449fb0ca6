using System.Runtime.InteropServices;

namespace AotServe.Native;

/// <summary>The one thing about files that .NET does not tell on macOS: whether a path names a regular file.</summary>
internal static unsafe partial class MacFiles
{
    /// <summary>
    /// lstat(2): whether <paramref name="path"/> names a regular file; a symbolic link is not followed. False too where
    /// it names nothing.
    /// </summary>
    public static bool IsRegular(string path)
    {
        // struct stat takes 144 bytes; st_mode is the 16 bits after the 32 bits of st_dev.
        const int Mode = 2, TypeMask = 0xF000, RegularType = 0x8000;
        ushort* status = stackalloc ushort[128];
        int result = RuntimeInformation.ProcessArchitecture == Architecture.Arm64
            ? LinkStatus(path, status)
            : LinkStatusInode64(path, status);
        return result == 0 && (status[Mode] & TypeMask) == RegularType;
    }

    [LibraryImport("libSystem.dylib", EntryPoint = "lstat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkStatus(string path, ushort* status);

    // On Intel Macs the name without a suffix has the struct layout from before Mac OS X 10.6.
    [LibraryImport("libSystem.dylib", EntryPoint = "lstat$INODE64", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkStatusInode64(string path, ushort* status);
}
