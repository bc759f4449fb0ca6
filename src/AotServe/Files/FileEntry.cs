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
    private const long SecondNanoseconds = 1_000_000_000;
    private const long CoarseTick = 2 * SecondNanoseconds;
    private const long FineTick = 20_000_000;

    /// <summary>
    /// A value that differs between versions of a file, where the system provides it: made of the file's identity and the time
    /// of its last change of any kind. For comparison only, within one process.
    /// </summary>
    public ulong Version { get; init; }

    /// <summary>The last change of any kind, in nanoseconds since 1970; 0 where the system does not say.</summary>
    public long ChangedTotalNanoseconds { get; init; }

    /// <summary>
    /// The last change of the content in nanoseconds since 1970. Wraps around in the year 2262, and can still be compared.
    /// </summary>
    public long ModifiedTotalNanoseconds => TotalNanoseconds(ModifiedSeconds, ModifiedNanoseconds);

    /// <summary>
    /// The Last-Modified date in seconds since 1970; null if the time says nothing. Never after <paramref name="now"/>, the Date of
    /// the response, as RFC 9110 §8.8.2.1 requires for files with a time in the future.
    /// </summary>
    public long? LastModified(long now) => PinnedTime.Is(ModifiedSeconds) ? null : Math.Min(ModifiedSeconds, now);

    /// <summary>
    /// Whether the file system tells the time of the last change of any kind, and finer than in seconds. Some of those that do not keep a
    /// folder's time as it is, whatever changes in it.
    /// </summary>
    public bool HasFineTime => ChangedTotalNanoseconds % SecondNanoseconds != 0;

    /// <summary><see cref="IsSettled"/>, at this moment.</summary>
    public bool IsSettledNow => IsSettled(DateTime.UtcNow);

    /// <summary>
    /// Whether any further change will show, at the time <paramref name="now"/> (UTC): before that, the file may change again
    /// within one tick of the clock of its file system and look the same. The coarsest clock ticks every 2 s, the kernel's
    /// own every 10 ms or less. The time of the content can be set to anything, that of the last change of any kind cannot.
    /// </summary>
    public bool IsSettled(DateTime now)
    {
        long changed = ChangedTotalNanoseconds != 0 ? ChangedTotalNanoseconds : ModifiedTotalNanoseconds;
        long age = ((now.Ticks - DateTime.UnixEpoch.Ticks) * TimeSpan.NanosecondsPerTick) - changed;
        return age > (changed % SecondNanoseconds == 0 || ChangedTotalNanoseconds == 0 ? CoarseTick : FineTick);
    }

    /// <summary>A time in nanoseconds since 1970.</summary>
    public static long TotalNanoseconds(long seconds, long nanoseconds) => unchecked((seconds * SecondNanoseconds) + nanoseconds);
}
