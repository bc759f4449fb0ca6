using System.Runtime.InteropServices;

namespace AotServe.Native;

/// <summary>
/// The requested fields of <c>struct statx</c> (statx(2)). Its layout is the same on every architecture, unlike that of
/// <c>struct stat</c>.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct LinuxFileStatus
{
    private const int TypeMask = 0xF000; // S_IFMT
    private const int RegularType = 0x8000; // S_IFREG
    private const int FolderType = 0x4000; // S_IFDIR
    private const int SocketType = 0xC000; // S_IFSOCK

    [FieldOffset(16)]
    private readonly uint _linkCount;

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

    /// <summary>The nanoseconds to add to <see cref="ModifiedSeconds"/>, 0 to 999,999,999.</summary>
    [FieldOffset(120)]
    public readonly int ModifiedNanoseconds;

    /// <summary>How many names the file has (hard links).</summary>
    public readonly uint LinkCount => _linkCount;

    /// <summary>The inode number, which is never 0; unique on its device only.</summary>
    public readonly ulong Inode => _inode;

    /// <summary>Identifies the file.</summary>
    public readonly LinuxFileIdentity Identity => new(_device, _inode);

    /// <summary>The last change of any kind, seconds since 1970.</summary>
    public readonly long ChangedSeconds => _changedSeconds;

    /// <summary>The nanoseconds to add to <see cref="ChangedSeconds"/>, 0 to 999,999,999.</summary>
    public readonly uint ChangedNanoseconds => _changedNanoseconds;

    /// <summary>A hash of the file's identity and of its last change of any kind (stx_ctime).</summary>
    public readonly ulong Version =>
        (_inode * 0x9E3779B97F4A7C15) ^ ((ulong)_changedSeconds << 30) ^ _changedNanoseconds ^ (_device << 17);

    /// <summary>The device as <c>st_dev</c> of stat(2) has it (makedev(3)).</summary>
    public readonly ulong DeviceNumber
    {
        get
        {
            ulong major = _device & uint.MaxValue;
            ulong minor = _device >> 32;
            return ((major & 0xFFFFF000) << 32) | ((major & 0xFFF) << 8) | ((minor & 0xFFFFFF00) << 12) | (minor & 0xFF);
        }
    }

    /// <summary>S_ISREG.</summary>
    public readonly bool IsRegular => (_mode & TypeMask) == RegularType;

    /// <summary>S_ISDIR.</summary>
    public readonly bool IsFolder => (_mode & TypeMask) == FolderType;

    /// <summary>S_ISSOCK.</summary>
    public readonly bool IsSocket => (_mode & TypeMask) == SocketType;
}
