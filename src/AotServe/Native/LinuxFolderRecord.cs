using System;
using System.Runtime.InteropServices;

namespace AotServe.Native;

/// <summary>
/// One <c>struct linux_dirent64</c> of getdents64(2): the file's number (8 bytes), the place of the next (8), the length
/// of the record (2), the file's type (1) and its name, which ends with a NUL.
/// </summary>
internal readonly ref struct LinuxFolderRecord
{
    private const int LengthOffset = 16;
    private const int TypeOffset = 18;
    private const int NameOffset = 19;

    private const byte UnknownType = 0;
    private const byte LinkType = 10;

    /// <summary>Takes the first record of what a read of a folder gave; there is one.</summary>
    public LinuxFolderRecord(ReadOnlySpan<byte> records)
    {
        Length = MemoryMarshal.Read<ushort>(records[LengthOffset..]);
        Type = records[TypeOffset];
        ReadOnlySpan<byte> name = records[NameOffset..Length];
        Name = name[..name.IndexOf((byte)0)];
    }

    /// <summary>Bytes up to the next record.</summary>
    public int Length { get; }

    /// <summary>The name, of any bytes but NUL and slash; <c>.</c> and <c>..</c> are listed too. A NUL follows it.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Whether it may be a symbolic link: some file systems do not say what an entry is.</summary>
    public bool MayBeLink => Type is LinkType or UnknownType;

    private byte Type { get; }
}
