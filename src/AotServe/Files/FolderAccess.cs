using System;
using System.Collections.Generic;
using System.IO;
using AotServe.Native;

namespace AotServe.Files;

/// <summary>Whether a folder can be listed, which takes leave to read it.</summary>
internal static class FolderAccess
{
    /// <summary>Lists a folder up to its first entry, and gives that one's full path; null: the folder is empty.</summary>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    /// <exception cref="IOException">It does not exist, is no folder, or cannot be read.</exception>
    public static string? FindEntry(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            foreach (string entry in Directory.EnumerateFileSystemEntries(folder))
            {
                return entry;
            }

            return null;
        }

        var names = new List<string>();
        return LinuxFolders.List(folder, names, isOneEnough: true) switch
        {
            0 => names.Count > 0 ? Path.Join(folder, names[0]) : null,
            -Errno.AccessDenied or -Errno.NotPermitted => throw new UnauthorizedAccessException(),
            -Errno.NotFound or -Errno.NotAFolder => throw new DirectoryNotFoundException(),
            _ => throw new IOException(),
        };
    }
}
