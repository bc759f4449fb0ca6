using System;
using System.Runtime.InteropServices;

namespace AotServe.Native;

/// <summary>
/// One <c>struct linux_dirent64</c> of getdents64(2): the inode number (8 bytes), the position of the next entry (8), the
/// length of the record (2), the file's type (1) and its name, which ends with a NUL.
/// </summary>
internal readonly ref struct LinuxFolderRecord
{
    private const int LengthOffset = 16;
    private const int TypeOffset = 18;
    private const int NameOffset = 19;

    private const byte UnknownType = 0; // DT_UNKNOWN
    private const byte FolderType = 4; // DT_DIR
    private const byte RegularType = 8; // DT_REG
    private const byte LinkType = 10; // DT_LNK

    /// <summary>Reads the first of the records, of which there is at least one.</summary>
    public LinuxFolderRecord(ReadOnlySpan<byte> records)
    {
        Length = MemoryMarshal.Read<ushort>(records[LengthOffset..]);
        Type = records[TypeOffset];
        ReadOnlySpan<byte> name = records[NameOffset..Length];
        Name = name[..name.IndexOf((byte)0)];
    }

    /// <summary>The length of the record in bytes, up to the next one.</summary>
    public int Length { get; }

    /// <summary>The name: any bytes except NUL and slash. <c>.</c> and <c>..</c> occur too. A NUL follows it in memory.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Whether it may be a symbolic link: some file systems do not tell the type of an entry.</summary>
    public bool MayBeLink => Type is LinkType or UnknownType;

    /// <summary>Whether it is a regular file or a folder.</summary>
    public bool IsPlain => Type is RegularType or FolderType;

    private byte Type { get; }
}
