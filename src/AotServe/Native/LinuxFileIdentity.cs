namespace AotServe.Native;

/// <summary>What tells a file from all others, whatever names it has. The default is no file's.</summary>
/// <param name="Device">The file system's device, both numbers of it.</param>
/// <param name="Inode">The inode's number, which is never 0.</param>
internal readonly record struct LinuxFileIdentity(ulong Device, ulong Inode);
