using System;

namespace AotServe.Native;

/// <summary>The uses of files that Landlock can refuse (landlock(7), <c>LANDLOCK_ACCESS_FS_…</c>).</summary>
[Flags]
internal enum LandlockUses : ulong
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Running a file.</summary>
    Execute = 1 << 0,

    /// <summary>Opening a file for writing.</summary>
    WriteFile = 1 << 1,

    /// <summary>Opening a file for reading.</summary>
    ReadFile = 1 << 2,

    /// <summary>Listing a folder.</summary>
    ReadFolder = 1 << 3,

    /// <summary>Removing a file, or a socket, from a folder.</summary>
    RemoveFile = 1 << 5,

    /// <summary>Creating a regular file in a folder.</summary>
    MakeFile = 1 << 8,

    /// <summary>All thirteen of version 1: those above, and creating and removing files of every type.</summary>
    OfVersion1 = (1 << 13) - 1,

    /// <summary>Version 2: linking or renaming from one folder to another.</summary>
    Refer = 1 << 13,

    /// <summary>Version 3: truncating a file.</summary>
    Truncate = 1 << 14,

    /// <summary>Version 5: ioctl(2) on a device that is opened after the restriction.</summary>
    DeviceControl = 1 << 15,
}
