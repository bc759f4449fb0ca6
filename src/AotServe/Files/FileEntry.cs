using System;

namespace AotServe.Files;

/// <summary>What the file system says about a file at one moment.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Length">Its size in bytes; meaningful for a regular file only.</param>
/// <param name="ModifiedSeconds">When its content changed last, in whole seconds since 1970, rounded down.</param>
/// <param name="ModifiedNanoseconds">The nanoseconds to add, 0 to 999,999,999.</param>
internal readonly record struct FileEntry(
    FileKind Kind, long Length, long ModifiedSeconds, int ModifiedNanoseconds)
{
    /// <summary>
    /// What else tells one version of a file from another, where the system says it: which file it is, and when anything
    /// about it changed last. For comparison only, within one process.
    /// </summary>
    public ulong Version { get; init; }

    /// <summary>
    /// The last change in nanoseconds since 1970; wraps around in the year 2262, still fit to compare.
    /// </summary>
    public long ModifiedTotalNanoseconds => unchecked((ModifiedSeconds * 1_000_000_000) + ModifiedNanoseconds);

    /// <summary>Whether it changed last before <paramref name="other"/> did.</summary>
    public bool IsOlderThan(in FileEntry other) => ModifiedSeconds != other.ModifiedSeconds
        ? ModifiedSeconds < other.ModifiedSeconds
        : ModifiedNanoseconds < other.ModifiedNanoseconds;

    /// <summary>
    /// The Last-Modified date in seconds since 1970. Never after <paramref name="now"/>, the answer's own Date, which
    /// RFC 9110 §8.8.2.1 demands of a server for files from the future.
    /// </summary>
    public long LastModified(long now) => Math.Min(ModifiedSeconds, now);
}
