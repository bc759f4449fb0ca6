using System.Threading;

namespace AotServe.Net;

/// <summary>The counters of all threads that answer requests of a server. Any thread may call.</summary>
internal sealed class RequestCounters
{
    private readonly Lock _adding = new();

    /// <summary>Never changed, but exchanged.</summary>
    private volatile RequestCounter[] _all = [];

    /// <summary>How many requests all of them have counted.</summary>
    public long Sum
    {
        get
        {
            long sum = 0;
            foreach (RequestCounter counter in _all)
            {
                sum += counter.Value;
            }

            return sum;
        }
    }

    /// <summary>Adds one for the calling thread.</summary>
    public RequestCounter Add(Server server)
    {
        var counter = new RequestCounter(server);
        lock (_adding)
        {
            _all = [.. _all, counter];
        }

        return counter;
    }
}
