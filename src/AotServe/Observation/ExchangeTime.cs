using System.Diagnostics;
using AotServe.Http;

namespace AotServe.Observation;

/// <summary>How long exchanges took.</summary>
internal static class ExchangeTime
{
    /// <summary>The time from the last byte of the request's head until now, µs.</summary>
    public static long Microseconds(in Exchange exchange) =>
        (long)Stopwatch.GetElapsedTime(exchange.StartedAt).TotalMicroseconds;
}
