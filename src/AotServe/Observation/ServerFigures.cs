namespace AotServe.Observation;

/// <summary>What the server, its workers and its cache say of themselves, at one moment. Times are in seconds.</summary>
internal sealed class ServerFigures
{
    /// <summary>When the process was started, seconds since 1970.</summary>
    public required double StartedAt { get; init; }

    /// <summary>How long it has been there.</summary>
    public required double Uptime { get; init; }

    /// <summary>The time of processors that it has used.</summary>
    public required double ProcessorTime { get; init; }

    /// <summary>Resident memory, bytes; 0: not known.</summary>
    public required long ResidentBytes { get; init; }

    /// <summary>Virtual memory, bytes; 0: not known.</summary>
    public required long VirtualBytes { get; init; }

    /// <summary>How many descriptors it may have open.</summary>
    public required long MostDescriptors { get; init; }

    /// <summary>Open connections, by what they do.</summary>
    public required NamedCount[] Connections { get; init; }

    public required long Accepted { get; init; }

    /// <summary>TLS handshakes, by what became of them; empty: there is no TLS.</summary>
    public NamedCount[] Handshakes { get; init; } = [];

    /// <summary>Connections that were closed at once or to make room, by why.</summary>
    public required NamedCount[] Refused { get; init; }

    /// <summary>Clients that took too long, by what they were waited for.</summary>
    public required NamedCount[] Timeouts { get; init; }

    /// <summary>Workers, by what they do.</summary>
    public required NamedCount[] Workers { get; init; }

    /// <summary>How many connections wait for a worker.</summary>
    public required long Queued { get; init; }

    /// <summary>How long one waits for a worker.</summary>
    public required double QueueWait { get; init; }

    /// <summary>How often content came from the cache, and how often not.</summary>
    public required (long Hits, long Misses) CacheUses { get; init; }

    /// <summary>What the cache keeps, and how many entries it gave up.</summary>
    public required (long Bytes, int Entries, long Evictions) Cache { get; init; }

    /// <summary>How many compressed copies of files were made, and how many bytes they have together.</summary>
    public (long Copies, long Bytes) Compressions { get; init; }

    /// <summary>The memory that is kept for clients, bytes, and its bound.</summary>
    public required (long Bytes, long Most) Buffers { get; init; }

    /// <summary>Wrong names and passwords.</summary>
    public required long LoginFailures { get; init; }

    /// <summary>Lines of the access log: added, and dropped.</summary>
    public required (long Lines, long Dropped) Log { get; init; }

    /// <summary>Whether this server has replaced another (SIGUSR2).</summary>
    public required bool IsSuccessor { get; init; }

    /// <summary>What the process has given up, a line each.</summary>
    public required string[] Walls { get; init; }

    /// <summary>The last lines of stderr, oldest first.</summary>
    public required string[] LastErrors { get; init; }
}
