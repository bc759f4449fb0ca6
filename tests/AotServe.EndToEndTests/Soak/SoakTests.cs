using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using AotServe.EndToEndTests.Harness;
using AotServe.Fuzzing;
using Xunit;

namespace AotServe.EndToEndTests.Soak;

/// <summary>
/// Everything at once: clients good and bad, files and rules that change, servers that are replaced, and a stop in the
/// middle of it, round after round. For how long, the environment says (<c>SOAK_MINUTES</c>); see tests/soak/run.sh.
/// </summary>
[Collection(CrowdTests.Alone)]
public sealed class SoakTests(PublishedServer published)
{
    private const int MostMegabytes = 96;
    private const int MostDescriptors = 100;

    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestRound = TimeSpan.FromSeconds(60);

    private readonly ITestOutputHelper? _output = TestContext.Current.TestOutputHelper;
    private readonly SoakTally _tally = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _reported;
    private long _mostMemory;

    [Fact]
    public void Every_good_client_is_served_right_whatever_else_goes_on()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Servers are replaced on Linux only.");
        double minutes = double.Parse(Environment.GetEnvironmentVariable("SOAK_MINUTES") ?? "0.13", CultureInfo.InvariantCulture);
        var total = TimeSpan.FromMinutes(minutes);
        int rounds = int.Max(2, (int)Math.Ceiling(total / LongestRound));
        for (int round = 0; round < rounds; round++)
        {
            int seed = round == 0 ? FuzzSeed.Fixed : FuzzSeed.OfThisRun + round - 1;
            // A server that was never replaced is our own child: its exit code is seen.
            Run(total / rounds, seed, replaces: round % 2 == 1);
            Assert.True(_tally.Failures.Count == 0, $"{FuzzSeed.Replay(seed)}, round {round}:\n" + string.Join("\n", _tally.Failures));
        }

        Report();
    }

    private void Run(TimeSpan time, int seed, bool replaces)
    {
        using var server = new ReplaceableServer(published.Binary, "www");
        var site = new SoakSite(server.Folder["www"]);
        Posix.Kill(server.Pid, Posix.SIGHUP);
        AwaitRules(server.Port);
        int sockets = Proc.SocketCount(server.Pid);
        IReadOnlyList<string> threads = Proc.SettledThreadNames(server.Pid);

        using (new SoakClients(server.Port, site, _tally, seed))
        {
            Disturb(server, site, time, new Random(seed), replaces);
        }

        // A successor has one socket more: the channel to the server before it.
        int most = sockets + (replaces ? 1 : 0);
        Eventually.Holds(() => Proc.SocketCount(server.Pid) <= most, "every connection is closed");
        Eventually.Holds(() => Proc.ThreadNames(server.Pid).SequenceEqual(threads), "the threads are those of before");
        Assert.InRange(Proc.DescriptorCount(server.Pid), 0, MostDescriptors);
        StopUnderLoad(server, site, seed, replaces);
    }

    private void StopUnderLoad(ReplaceableServer server, SoakSite site, int seed, bool replaces)
    {
        using (var clients = new SoakClients(server.Port, site, _tally, ~seed))
        {
            long before = _tally["on kept connections"];
            Eventually.Holds(() => _tally["on kept connections"] > before + 50 || _tally.Failures.Count > 0, "clients are served");
            clients.MayBeRefused();
            Posix.Kill(server.Pid, Posix.SIGTERM);
            Assert.Equal(0, server.Process.WaitForOutput());
        }

        _tally.Count("stops under load");
        Assert.Empty(server.Process.Stderr);
        string[] stops = server.Process.Stdout.Where(line => line.StartsWith("Stopped (", StringComparison.Ordinal)).ToArray();
        Assert.Equal(server.Process.ServingPids.Count, stops.Length);
        Assert.DoesNotContain(stops, line => line.Contains("cut off", StringComparison.Ordinal));
        Assert.Equal(replaces, stops.Length > 1);
    }

    /// <summary>Changes what is served, and who serves it, while the clients ask.</summary>
    private void Disturb(ReplaceableServer server, SoakSite site, TimeSpan time, Random random, bool replaces)
    {
        var watch = Stopwatch.StartNew();
        TimeSpan nextReplacement = replaces ? time / 3 : TimeSpan.MaxValue;
        while (watch.Elapsed < time && _tally.Failures.Count == 0)
        {
            site.Replace(random);
            _tally.Count("files changed");
            if (random.Next(30) == 0)
            {
                site.ReplaceRules();
                Posix.Kill(server.Pid, Posix.SIGHUP);
                _tally.Count("SIGHUPs");
            }

            if (watch.Elapsed > nextReplacement)
            {
                server.Replace();
                _tally.Count("servers replaced");
                nextReplacement = watch.Elapsed + TimeSpan.FromSeconds(random.Next(5, 15));
            }

            Measure(server.Pid);
            Thread.Sleep(random.Next(20, 60)); // The pace at which things change.
        }
    }

    private void Measure(int pid)
    {
        string line = File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        long megabytes = long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
        _mostMemory = long.Max(_mostMemory, megabytes);
        Assert.InRange(megabytes, 0, MostMegabytes);
        if (_watch.Elapsed - _reported > ReportInterval)
        {
            Report();
        }
    }

    private void Report()
    {
        _reported = _watch.Elapsed;
        _output?.WriteLine($"{_watch.Elapsed:mm\\:ss} {_tally}; at most {_mostMemory} MiB resident");
    }

    private static void AwaitRules(int port) => Eventually.Holds(
        () =>
        {
            using var client = new RawClient(port);
            return client.Get("/a.txt")["X-Rules"] is not null;
        },
        "the rules are read");
}
