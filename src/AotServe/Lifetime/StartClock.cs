using System;
using System.Diagnostics;

namespace AotServe.Lifetime;

/// <summary>How long the process has been there.</summary>
internal static class StartClock
{
    /// <summary>
    /// The moment of the start on the clock of <see cref="Stopwatch"/>, as seen from the first line of Main: before it, the runtime starts on
    /// one processor and waits for nothing, so that it takes the time of the processor that it uses.
    /// </summary>
    public static long Now
    {
        get
        {
            TimeSpan before = OperatingSystem.IsWindows() ? TimeSpan.Zero : Environment.CpuUsage.TotalTime;
            return Stopwatch.GetTimestamp() - (long)(before.TotalSeconds * Stopwatch.Frequency);
        }
    }
}
