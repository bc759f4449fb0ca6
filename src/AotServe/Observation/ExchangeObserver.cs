using System;
using System.Text;
using System.Threading;
using AotServe.Files;
using AotServe.Http;
using AotServe.Native;

namespace AotServe.Observation;

/// <summary>Counts the exchanges of a server, and logs them. Any thread may call.</summary>
/// <param name="log">Writes the lines; null: there is no log.</param>
/// <param name="options">What the lines say.</param>
/// <param name="skip">Paths that are not logged; null: all are.</param>
/// <param name="users">Reads the names of users; null: nobody signs in.</param>
internal sealed class ExchangeObserver(AccessLog? log, AccessLogOptions options, HiddenNames? skip, UserNames? users) : IExchangeObserver
{
    private const int StandardOutput = 1;

    private readonly Lock _adding = new();

    /// <summary>Those of all threads. Never changed, but exchanged.</summary>
    private volatile ThreadCounters[] _counters = [];

    public IExchangeLog StartThread()
    {
        var counters = new ThreadCounters();
        lock (_adding)
        {
            _counters = [.. _counters, counters];
        }

        return new ThreadLog(counters, log, log is null ? null : CreateFormat(), skip);
    }

    public void Miss(int count) => log?.Miss(count);

    /// <summary>Adds up what was counted so far.</summary>
    public CounterSum Sum()
    {
        var sum = new CounterSum();
        foreach (ThreadCounters counters in _counters)
        {
            counters.AddTo(sum);
        }

        return sum;
    }

    private LineFormat CreateFormat()
    {
        if (options.Format == LogFormat.Json)
        {
            return new JsonFormat(users, Encoding.UTF8.GetBytes(Thread.CurrentThread.Name ?? "main"));
        }

        bool isForEyes = options is { File: AccessLogOptions.StandardOutput, IsFormatGiven: false }
            && !OperatingSystem.IsWindows() && Terminal.IsTerminal(StandardOutput);
        return isForEyes
            ? new TerminalFormat(string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")))
            : new CombinedFormat(users);
    }
}
