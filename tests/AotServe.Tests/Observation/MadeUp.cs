using AotServe.Http;
using AotServe.Observation;

namespace AotServe.Tests.Observation;

/// <summary>Figures of a server that there is not.</summary>
internal static class MadeUp
{
    /// <summary>Of a server that has just begun.</summary>
    public static ServerFigures Nothing => Figures(0);

    /// <summary>Each figure is this one.</summary>
    public static ServerFigures Figures(long value, string[]? lines = null) => new()
    {
        StartedAt = value,
        Uptime = value,
        ProcessorTime = value,
        ResidentBytes = value,
        VirtualBytes = value,
        MostDescriptors = value,
        Connections = [new NamedCount("reading_head", value)],
        Accepted = value,
        Refused = [new NamedCount("evicted", value)],
        Timeouts = [new NamedCount("head", value), new NamedCount("idle", value)],
        Workers = [new NamedCount("busy", value)],
        Queued = value,
        QueueWait = value,
        CacheUses = (value, value),
        Cache = (value, (int)long.Min(value, int.MaxValue), value),
        Buffers = (value, value),
        LoginFailures = value,
        Log = (value, value),
        IsSuccessor = value > 0,
        Walls = lines ?? [],
        LastErrors = lines ?? [],
    };

    /// <summary>Adds requests of a method and a status.</summary>
    public static void Add(this CounterSum sum, RequestMethod method, int status, long count) =>
        sum.Add(((int)method * ThreadCounters.Statuses) + status - ThreadCounters.FirstStatus, count);
}
