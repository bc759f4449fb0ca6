using System;

namespace AotServe.Files;

/// <summary>A description of a file by the file system, at one moment.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Length">Its size in bytes; meaningful for a regular file only.</param>
/// <param name="ModifiedSeconds">The last change of its content, in whole seconds since 1970, rounded down.</param>
/// <param name="ModifiedNanoseconds">The nanoseconds to add, 0 to 999,999,999.</param>
internal readonly record struct FileEntry(
    FileKind Kind, long Length, long ModifiedSeconds, int ModifiedNanoseconds)
{
    /// <summary>
    /// A value that differs between versions of a file, where the system provides it: made of the file's identity and the time
    /// of its last change of any kind. For comparison only, within one process.
    /// </summary>
    public ulong Version { get; init; }

    /// <summary>
    /// The last change of the content in nanoseconds since 1970. Wraps around in the year 2262, and can still be compared.
    /// </summary>
    public long ModifiedTotalNanoseconds => unchecked((ModifiedSeconds * 1_000_000_000) + ModifiedNanoseconds);

    /// <summary>Whether its last change was before that of <paramref name="other"/>.</summary>
    public bool IsOlderThan(in FileEntry other) => ModifiedSeconds != other.ModifiedSeconds
        ? ModifiedSeconds < other.ModifiedSeconds
        : ModifiedNanoseconds < other.ModifiedNanoseconds;

    /// <summary>
    /// The Last-Modified date in seconds since 1970. Never after <paramref name="now"/>, the Date of the response, as
    /// RFC 9110 §8.8.2.1 requires for files with a time in the future.
    /// </summary>
    public long LastModified(long now) => Math.Min(ModifiedSeconds, now);
}
