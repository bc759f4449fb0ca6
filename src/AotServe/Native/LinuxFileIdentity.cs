namespace AotServe.Native;

/// <summary>Identifies a file, whatever names it has. No file has the default value.</summary>
/// <param name="Device">The device of its file system, major and minor number.</param>
/// <param name="Inode">The inode number, which is never 0.</param>
internal readonly record struct LinuxFileIdentity(ulong Device, ulong Inode);
