namespace AotServe.Files;

/// <summary>
/// Times of files that say nothing, because a tool sets every file to them so that builds are reproducible. A constant of a
/// project's own (<c>SOURCE_DATE_EPOCH</c>) cannot be told from a time.
/// </summary>
internal static class PinnedTime
{
    private const long Day = 24 * 60 * 60;

    /// <summary>The first time of a ZIP file, which has a local one: 1980-01-01.</summary>
    private const long ZipEpoch = 315_532_800;

    /// <summary>How long after it Gradle's constant is, 1980-02-01, with a day for its time zone.</summary>
    private const long ZipSpan = 32 * Day;

    /// <summary>npm's tarballs: 1985-10-26T08:15:00Z.</summary>
    private const long Npm = 499_162_500;

    /// <summary>Bazel's packages: 2000-01-01, and its archives: 2010-01-01.</summary>
    private const long BazelPackage = 946_684_800;
    private const long BazelArchive = 1_262_304_000;

    /// <summary>Whether a time, seconds since 1970, is one of them. Those of 1970 (Nix, ostree, container layers) have a day for time zones.</summary>
    public static bool Is(long seconds) =>
        seconds <= Day
        || seconds is >= ZipEpoch - Day and <= ZipEpoch + ZipSpan
        || seconds is Npm or BazelPackage or BazelArchive;
}
