using System;
using System.Threading;

namespace AotServe.Files;

/// <summary>
/// How often one thread found content in the cache, and how often not. That thread writes, any thread may read; on cache lines of their own, so that
/// counting costs no thread anything of another.
/// </summary>
internal sealed class CacheCounts
{
    private const int Padding = 16;

    private static readonly Lock Adding = new();

    /// <summary>Those of all threads. Never changed, but exchanged.</summary>
    private static volatile CacheCounts[] _all = [];

    [ThreadStatic]
    private static CacheCounts? _current;

    private readonly long[] _words = new long[Padding + 2 + Padding];

    private CacheCounts()
    {
        lock (Adding)
        {
            _all = [.. _all, this];
        }
    }

    /// <summary>The calling thread's.</summary>
    public static CacheCounts Current => _current ??= new CacheCounts();

    /// <summary>Adds up those of all threads.</summary>
    public static (long Hits, long Misses) Sum()
    {
        long hits = 0;
        long misses = 0;
        foreach (CacheCounts counts in _all)
        {
            hits += Volatile.Read(ref counts._words[Padding]);
            misses += Volatile.Read(ref counts._words[Padding + 1]);
        }

        return (hits, misses);
    }

    /// <summary>Content came from memory, or from a file that was open.</summary>
    public void Hit() => Volatile.Write(ref _words[Padding], _words[Padding] + 1);

    /// <summary>A file had to be opened.</summary>
    public void Miss() => Volatile.Write(ref _words[Padding + 1], _words[Padding + 1] + 1);
}
