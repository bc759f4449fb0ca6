using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace AotServe.EndToEndTests.Soak;

/// <summary>What happened during a soak: how often each kind of thing, and what went wrong. For all threads.</summary>
internal sealed class SoakTally
{
    private const int MostFailures = 50;

    private readonly ConcurrentDictionary<string, long> _counts = new();
    private readonly ConcurrentQueue<string> _failures = new();

    /// <summary>What went wrong, a line each.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>Counts one of a kind.</summary>
    public void Count(string kind) => _counts.AddOrUpdate(kind, 1, (_, count) => count + 1);

    /// <summary>How many there were of a kind.</summary>
    public long this[string kind] => _counts.GetValueOrDefault(kind);

    /// <summary>Notes a failure.</summary>
    public void Fail(string what)
    {
        Count("FAILED");
        if (_failures.Count < MostFailures)
        {
            _failures.Enqueue($"{DateTime.UtcNow:HH:mm:ss.fff} {what}");
        }
    }

    /// <summary>All of it in one line.</summary>
    public override string ToString() => string.Join(
        ", ",
        _counts.OrderBy(count => count.Key, StringComparer.Ordinal)
            .Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Value} {count.Key}")));
}
