using System;

namespace AotServe.Files;

/// <summary>What is known of all names in a folder.</summary>
[Flags]
internal enum FolderTraits
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>There are regular files and folders only: opening one of them neither waits nor has effects.</summary>
    IsPlain = 1,

    /// <summary>No name is that of a variant, such as a precompressed file.</summary>
    HasNoVariants = 2,
}
