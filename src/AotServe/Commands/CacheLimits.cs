using System;
using AotServe.Cli;
using AotServe.Native;

namespace AotServe.Commands;

/// <summary>How much the cache may keep on this machine.</summary>
internal static class CacheLimits
{
    /// <summary>The most files that it keeps open. Own choice: a small part of what descriptor limits usually allow.</summary>
    public const int MostOpenFiles = 128;

    /// <summary>How many files it may keep open: at most an eighth of the descriptors.</summary>
    public static int OpenFiles => OperatingSystem.IsLinux() ? Math.Clamp(DescriptorLimit.Raise() / 8, 0, MostOpenFiles) : 0;

    /// <summary>Its size: what was asked for, but at most an eighth of the memory (of a container, its limit).</summary>
    public static long Bytes(ServerOptions options) =>
        Math.Min(options.CacheBytes, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8);
}
