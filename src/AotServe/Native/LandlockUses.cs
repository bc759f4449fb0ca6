using System;

namespace AotServe.Native;

/// <summary>What can be done with files, as Landlock sees it: <c>LANDLOCK_ACCESS_FS_…</c>.</summary>
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

    /// <summary>The thirteen of version 1: those above, and making and removing files of every kind.</summary>
    OfVersion1 = (1 << 13) - 1,

    /// <summary>Version 2: linking or renaming from one folder to another.</summary>
    Refer = 1 << 13,

    /// <summary>Version 3: cutting a file's length.</summary>
    Truncate = 1 << 14,

    /// <summary>Version 5: ioctl(2) on a device that is opened from now on.</summary>
    DeviceControl = 1 << 15,
}
