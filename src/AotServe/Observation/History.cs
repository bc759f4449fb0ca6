using System;

namespace AotServe.Observation;

/// <summary>
/// Requests and their times in the last ten minutes, a point a second. One thread adds points; any thread may read.
/// </summary>
internal sealed class History
{
    /// <summary>How many points there are at most: ten minutes.</summary>
    public const int Most = 600;

    private const long Second = 1_000;

    private readonly object _lock = new();
    private readonly HistoryPoint[] _points = new HistoryPoint[Most];
    private readonly long[] _buckets = new long[ThreadCounters.Bounds.Length + 1];
    private long _count;
    private long _requests;
    private long _lastAt = long.MinValue;

    /// <summary>Adds a point, unless there is one of this second. Called about once a second, by any thread, one at a time.</summary>
    /// <param name="now">The time, as <see cref="Environment.TickCount64"/>.</param>
    /// <param name="sum">Adds up what was counted.</param>
    public void Sample(long now, Func<CounterSum> sum)
    {
        lock (_lock)
        {
            if (_lastAt != long.MinValue && now - _lastAt < Second * 9 / 10)
            {
                return;
            }

            CounterSum counted = sum();
            double seconds = _lastAt == long.MinValue ? 1 : (now - _lastAt) / (double)Second;
            _points[_count++ % Most] = new HistoryPoint((counted.Count - _requests) / seconds, SlowestOfMost(counted));
            _requests = counted.Count;
            counted.Buckets.CopyTo(_buckets, 0);
            _lastAt = now;
        }
    }

    /// <summary>The points, oldest first.</summary>
    public HistoryPoint[] Read()
    {
        lock (_lock)
        {
            int length = (int)Math.Min(_count, Most);
            var points = new HistoryPoint[length];
            for (int i = 0; i < length; i++)
            {
                points[i] = _points[(_count - length + i) % Most];
            }

            return points;
        }
    }

    /// <summary>The upper bound of the bucket that holds the 99th of a hundred requests since the last point, ms; 0: there were none.</summary>
    private double SlowestOfMost(CounterSum counted)
    {
        long all = counted.Count - _requests;
        long seen = 0;
        for (int i = 0; i < _buckets.Length && all > 0; i++)
        {
            seen += counted.Buckets[i] - _buckets[i];
            if (seen * 100 >= all * 99)
            {
                return ThreadCounters.Bounds[Math.Min(i, ThreadCounters.Bounds.Length - 1)] / 1000.0;
            }
        }

        return 0;
    }
}
