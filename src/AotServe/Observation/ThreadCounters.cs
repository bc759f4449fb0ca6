using System;
using System.Threading;
using AotServe.Http;

namespace AotServe.Observation;

/// <summary>
/// What one thread counts of its exchanges. That thread writes; any thread may read, and adds up those of all threads. No two threads write to the
/// same cache line.
/// </summary>
internal sealed class ThreadCounters
{
    /// <summary>How many statuses there are: 100 to 599.</summary>
    public const int Statuses = 500;

    /// <summary>The first of them.</summary>
    public const int FirstStatus = 100;

    /// <summary>Words on both sides that nobody uses: two cache lines, because processors fetch pairs.</summary>
    private const int Padding = 16;

    private const int ResponseBytes = Padding;
    private const int DurationSum = ResponseBytes + 1;
    private const int FirstBucket = DurationSum + 1;

    private readonly long[] _words = new long[FirstBucket + Bounds.Length + 1 + Padding];

    // Methods and statuses that were seen: a few, so that a look through them is short. Replaced by a longer one when it is full.
    private volatile Row[] _rows = new Row[4];

    /// <summary>The upper bounds of the buckets of the histogram, µs. Own choice: from a file in memory to a slow client.</summary>
    public static ReadOnlySpan<int> Bounds => [50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000];

    /// <summary>Counts an exchange. Called by the thread that owns this.</summary>
    public void Count(in Exchange exchange, long sent, long microseconds)
    {
        Add(ResponseBytes, exchange.HeadLength + sent);
        Add(DurationSum, microseconds);
        int bucket = 0;
        while (bucket < Bounds.Length && microseconds > Bounds[bucket])
        {
            bucket++;
        }

        Add(FirstBucket + bucket, 1);
        ref Row row = ref RowOf(((int)exchange.Method * Statuses) + exchange.Status - FirstStatus + 1);
        Volatile.Write(ref row.Count, row.Count + 1);
    }

    /// <summary>Adds what was counted to a sum.</summary>
    public void AddTo(CounterSum sum)
    {
        sum.ResponseBytes += Volatile.Read(ref _words[ResponseBytes]);
        sum.Microseconds += Volatile.Read(ref _words[DurationSum]);
        for (int i = 0; i <= Bounds.Length; i++)
        {
            sum.Buckets[i] += Volatile.Read(ref _words[FirstBucket + i]);
        }

        foreach (ref Row row in _rows.AsSpan())
        {
            int key = Volatile.Read(ref row.Key) - 1;
            if (key >= 0)
            {
                sum.Add(key, Volatile.Read(ref row.Count));
            }
        }
    }

    private void Add(int word, long value) => Volatile.Write(ref _words[word], _words[word] + value);

    private ref Row RowOf(int key)
    {
        Row[] rows = _rows;
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i].Key == key || rows[i].Key == 0)
            {
                Volatile.Write(ref rows[i].Key, key);
                return ref rows[i];
            }
        }

        var more = new Row[2 * rows.Length];
        rows.CopyTo(more, 0);
        more[rows.Length].Key = key;
        _rows = more;
        return ref more[rows.Length];
    }

    private struct Row
    {
        public int Key;
        public long Count;
    }
}
