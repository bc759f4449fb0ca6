using System.Runtime.InteropServices;

namespace AotServe.Native;

/// <summary>
/// The parts of <c>struct statx</c> that are asked for. Its layout is the same on every architecture, which
/// <c>struct stat</c>'s is not.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct LinuxFileStatus
{
    [FieldOffset(28)]
    private readonly ushort _mode;

    [FieldOffset(32)]
    private readonly ulong _inode;

    [FieldOffset(136)]
    private readonly ulong _device;

    [FieldOffset(96)]
    private readonly long _changedSeconds;

    [FieldOffset(104)]
    private readonly uint _changedNanoseconds;

    /// <summary>The size in bytes.</summary>
    [FieldOffset(40)]
    public readonly long Size;

    /// <summary>The last change of the content, seconds since 1970.</summary>
    [FieldOffset(112)]
    public readonly long ModifiedSeconds;

    /// <summary>The nanoseconds to add, 0 to 999,999,999.</summary>
    [FieldOffset(120)]
    public readonly int ModifiedNanoseconds;

    /// <summary>What tells the file from all others.</summary>
    public readonly LinuxFileIdentity Identity => new(_device, _inode);

    /// <summary>The file and its last change of any kind (st_ctime), mixed into one number.</summary>
    public readonly ulong Version =>
        (_inode * 0x9E3779B97F4A7C15) ^ ((ulong)_changedSeconds << 30) ^ _changedNanoseconds ^ (_device << 17);

    /// <summary>S_ISREG.</summary>
    public readonly bool IsRegular => (_mode & 0xF000) == 0x8000;

    /// <summary>S_ISDIR.</summary>
    public readonly bool IsFolder => (_mode & 0xF000) == 0x4000;
}
