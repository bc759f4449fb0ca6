using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using AotServe.Cli;
using AotServe.Files;
using AotServe.Lifetime;
using AotServe.Net;
using AotServe.Observation;
using AotServe.Sites.Representations.Codings;
using AotServe.Tls;
using AotServe.Workers;

namespace AotServe.Commands;

/// <summary>
/// The pages for operators, from what the parts of the server say of themselves. Made by the main thread; any thread may ask for a page once
/// <see cref="Attach"/> was called.
/// </summary>
internal sealed class OperatorReport : IOperatorReport
{
    private static readonly (ConnectionPhase Phase, string Name)[] Phases =
    [
        (ConnectionPhase.Idle, "idle"),
        (ConnectionPhase.Handshaking, "handshaking"),
        (ConnectionPhase.ReadingHead, "reading_head"),
        (ConnectionPhase.ReadingBody, "reading_body"),
        (ConnectionPhase.Deferred, "deferred"),
        (ConnectionPhase.Responding, "responding"),
        (ConnectionPhase.Sending, "sending"),
        (ConnectionPhase.Lingering, "lingering"),
    ];

    private const string WallPrefix = "Wall: ";

    private readonly ServedSite _site;
    private readonly TlsServer? _tls;
    private readonly Observers _observers;
    private readonly ExchangeObserver _exchanges;
    private readonly History _history = new();
    private readonly QueueProbe _probe = new();
    private readonly List<string> _walls = [];
    private readonly long _startedAt;
    private readonly bool _keepsHistory;
    private Server? _server;
    private string _serves = "";
    private bool _isSuccessor;

    /// <summary>Makes it for a server that does not serve yet.</summary>
    /// <param name="options">Which pages there are.</param>
    /// <param name="site">What is served.</param>
    /// <param name="tls">What TLS is spoken with, or null.</param>
    /// <param name="observers">What counts the requests; it does.</param>
    /// <param name="startedAt">When the process was started, on the clock of <see cref="System.Diagnostics.Stopwatch"/>.</param>
    public OperatorReport(ServerOptions options, ServedSite site, TlsServer? tls, Observers observers, long startedAt)
    {
        (_site, _tls, _observers, _startedAt) = (site, tls, observers, startedAt);
        _exchanges = observers.Exchanges ?? throw new InvalidOperationException("Nothing counts the requests.");
        _keepsHistory = options.Status is not null || options.Listen.HasAdmin;
    }

    /// <summary>Takes a line about what the process has given up.</summary>
    public void AddWall(string line) => _walls.Add(line.StartsWith(WallPrefix, StringComparison.Ordinal) ? line[WallPrefix.Length..] : line);

    /// <summary>The server begins to serve.</summary>
    /// <param name="server">The server.</param>
    /// <param name="serves">The line that says what it serves where.</param>
    /// <param name="isSuccessor">Whether it has replaced another.</param>
    public void Attach(Server server, string serves, bool isSuccessor) => (_server, _serves, _isSuccessor) = (server, serves, isSuccessor);

    /// <summary>Notes down the last second. Called about once a second, with the time as <see cref="Environment.TickCount64"/>.</summary>
    public void Sweep(long now)
    {
        if (_server is { } server)
        {
            _probe.Start(server.Pool);
        }

        if (_keepsHistory)
        {
            _history.Sample(now, _exchanges.Sum);
        }
    }

    public byte[] Metrics(bool isOpenMetrics) =>
        new MetricsPage(isOpenMetrics).Write(Figures(), _exchanges.Sum(), BuildInfo.Version, BuildInfo.Framework);

    public byte[] Status() => new StatusPage().Write($"AotServe {BuildInfo.Version}", _serves, Figures(), _exchanges.Sum(), _history.Read());

    private ServerFigures Figures()
    {
        Server server = _server ?? throw new InvalidOperationException("The server does not serve yet.");
        (long resident, long memory) = Memory();
        double uptime = System.Diagnostics.Stopwatch.GetElapsedTime(_startedAt).TotalSeconds;
        (int waiting, int sleeping, int queued) = server.Pool.Count();
        return new ServerFigures
        {
            StartedAt = (server.Now - DateTime.UnixEpoch).TotalSeconds - uptime,
            Uptime = uptime,
            ProcessorTime = OperatingSystem.IsWindows() ? 0 : Environment.CpuUsage.TotalTime.TotalSeconds,
            ResidentBytes = resident,
            VirtualBytes = memory,
            MostDescriptors = OperatingSystem.IsWindows() ? 0 : Native.DescriptorLimit.Raise(),
            Connections = ByPhase(server.Connections.CountPhases(), _tls is not null),
            Handshakes = _tls is null ? [] : [new NamedCount("full", _tls.Handshakes - _tls.Resumed), new NamedCount("resumed", _tls.Resumed), new NamedCount("failed", _tls.Failures)],
            Accepted = server.Connections.Accepted,
            Refused =
            [
                new NamedCount("share_of_address", server.Connections.RefusedByShare),
                new NamedCount("not_a_trusted_proxy", server.Connections.RefusedByTrust),
                new NamedCount("evicted", server.Connections.Evicted),
            ],
            Timeouts =
            [
                new NamedCount("idle", server.TimeoutsIn(ConnectionPhase.Idle)),
                new NamedCount("head", server.TimeoutsIn(ConnectionPhase.ReadingHead) + server.TimeoutsIn(ConnectionPhase.Handshaking)),
                new NamedCount("body", server.TimeoutsIn(ConnectionPhase.ReadingBody)),
                new NamedCount("send", server.TimeoutsIn(ConnectionPhase.Sending)),
            ],
            Workers = [new NamedCount("busy", server.Pool.Started - waiting - sleeping), new NamedCount("waiting", waiting), new NamedCount("sleeping", sleeping)],
            Queued = queued,
            QueueWait = _probe.Wait / 1000.0,
            CacheUses = CacheCounts.Sum(),
            Cache = _site.CountCache(),
            Compressions = CompressionCounts.Sum,
            Buffers = (server.Buffers.Kept, server.Buffers.Most),
            LoginFailures = _site.Authentication?.Failures ?? 0,
            Log = _observers.CountLines(),
            IsSuccessor = _isSuccessor,
            Walls = [.. _walls],
            LastErrors = StandardStreams.LastErrors,
        };
    }

    private static NamedCount[] ByPhase(long[] counts, bool isSecure)
    {
        var rows = new List<NamedCount>();
        foreach ((ConnectionPhase phase, string name) in Phases)
        {
            if (phase == ConnectionPhase.Handshaking && !isSecure)
            {
                continue;
            }

            // Between a response and the next request nothing is known yet: it is idle.
            rows.Add(new NamedCount(name, counts[(int)phase] + (phase == ConnectionPhase.Idle ? counts[(int)ConnectionPhase.Responded] : 0)));
        }

        return [.. rows];
    }

    /// <summary>Resident and virtual memory, bytes (proc_pid_statm(5)); 0: not known.</summary>
    private static (long Resident, long Virtual) Memory()
    {
        if (!OperatingSystem.IsLinux())
        {
            return (0, 0);
        }

        try
        {
            string[] pages = Encoding.ASCII.GetString(File.ReadAllBytes($"/proc/{Environment.ProcessId}/statm")).Split(' ');
            return (long.Parse(pages[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize,
                long.Parse(pages[0], CultureInfo.InvariantCulture) * Environment.SystemPageSize);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return (0, 0);
        }
    }
}
