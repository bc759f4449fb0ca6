using System.Threading;

namespace AotServe.Sites.Representations.Codings;

/// <summary>How many compressed copies were made, for all sites. Any thread may call.</summary>
internal static class CompressionCounts
{
    private static long _copies;
    private static long _bytes;

    /// <summary>How many were made so far, and how many bytes they have together.</summary>
    public static (long Copies, long Bytes) Sum => (Interlocked.Read(ref _copies), Interlocked.Read(ref _bytes));

    /// <summary>One was made.</summary>
    public static void Add(long bytes)
    {
        Interlocked.Increment(ref _copies);
        Interlocked.Add(ref _bytes, bytes);
    }
}
