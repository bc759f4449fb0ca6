using System.Collections.Generic;
using AotServe.Http;

namespace AotServe.Observation;

/// <summary>What all threads together have counted, at one moment.</summary>
internal sealed class CounterSum
{
    private readonly long[] _requests = new long[((int)RequestMethod.Patch + 1) * ThreadCounters.Statuses];

    /// <summary>How many exchanges took at most <see cref="ThreadCounters.Bounds"/>, each in one bucket; the last is for those beyond.</summary>
    public long[] Buckets { get; } = new long[ThreadCounters.Bounds.Length + 1];

    /// <summary>The bytes of all responses, heads included.</summary>
    public long ResponseBytes { get; set; }

    /// <summary>How long all exchanges took, µs.</summary>
    public long Microseconds { get; set; }

    /// <summary>How many exchanges there were.</summary>
    public long Count { get; private set; }

    /// <summary>Requests by method and status, in their order; only those that there were.</summary>
    public IEnumerable<RequestCount> Requests
    {
        get
        {
            for (int i = 0; i < _requests.Length; i++)
            {
                if (_requests[i] > 0)
                {
                    yield return new RequestCount(
                        (RequestMethod)(i / ThreadCounters.Statuses), (i % ThreadCounters.Statuses) + ThreadCounters.FirstStatus, _requests[i]);
                }
            }
        }
    }

    /// <summary>Adds requests.</summary>
    /// <param name="key">Method and status, as <see cref="ThreadCounters"/> numbers them.</param>
    /// <param name="count">How many.</param>
    public void Add(int key, long count)
    {
        _requests[key] += count;
        Count += count;
    }
}
