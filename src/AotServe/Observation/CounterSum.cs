using System.Collections.Generic;
using AotServe.Http;

namespace AotServe.Observation;

/// <summary>What all threads together have counted, at one moment.</summary>
internal sealed class CounterSum
{
    private readonly SortedDictionary<(RequestMethod Method, int Status), long> _requests = [];

    /// <summary>Requests by method and status.</summary>
    public IEnumerable<KeyValuePair<(RequestMethod Method, int Status), long>> Requests => _requests;

    /// <summary>How many exchanges took at most <see cref="ThreadCounters.Bounds"/>, each in one bucket; the last is for those beyond.</summary>
    public long[] Buckets { get; } = new long[ThreadCounters.Bounds.Length + 1];

    /// <summary>The bytes of all responses, heads included.</summary>
    public long ResponseBytes { get; set; }

    /// <summary>How long all exchanges took, µs.</summary>
    public long Microseconds { get; set; }

    /// <summary>How many exchanges there were.</summary>
    public long Count { get; private set; }

    /// <summary>Adds requests.</summary>
    public void Add(RequestMethod method, int status, long count)
    {
        _requests[(method, status)] = _requests.GetValueOrDefault((method, status)) + count;
        Count += count;
    }
}
