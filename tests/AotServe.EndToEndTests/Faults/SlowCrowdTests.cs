using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests.Faults;

/// <summary>
/// A normal client among thousands of slow ones. The variable CROWD says how many, with a longer look and the bound that
/// is promised, 50 ms for the 99th percentile (<c>CROWD=10000</c>); without it there are a thousand, and the bound is one
/// that no busy machine exceeds.
/// </summary>
[Collection(CrowdTests.Alone)]
public sealed class SlowCrowdTests(PublishedServer published)
{
    [Theory]
    [InlineData(SlowKind.Heads)]
    [InlineData(SlowKind.Bodies)]
    [InlineData(SlowKind.Readers)]
    [InlineData(SlowKind.Deaf)]
    public void A_normal_client_is_served_at_once_among_slow_ones(SlowKind kind)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Descriptors are counted in /proc.");
        string? wanted = Environment.GetEnvironmentVariable("CROWD");
        int count = int.Parse(wanted ?? "1000", CultureInfo.InvariantCulture);
        Assert.SkipUnless(count + 500 < Posix.DescriptorLimit(), "There are not enough descriptors for the crowd.");
        using var folder = new TemporaryFolder();
        folder.WriteRandom("large.bin", 20_000_000);
        folder.Write("small.txt", "small");
        // A body that is not to be read is not waited for: so the built-in site, which sends it back.
        string[] site = kind == SlowKind.Bodies ? [] : [folder.Root];
        string target = kind == SlowKind.Bodies ? "/" : "/small.txt";
        using var server = ServerProcess.Serve(
            published.Binary, [.. site, "--head-timeout", "600", "--stall-timeout", "600", "--idle-timeout", "600", "--min-rate", "0"]);
        int atRest = Proc.DescriptorsAtRest(server.Pid);
        using (var crowd = new SlowCrowd(server.Port, kind, count))
        {
            Eventually.Holds(() => Proc.SocketCount(server.Pid) > count, "the whole crowd is accepted");
            List<double> times = Ask(server.Port, target, wanted is null ? TimeSpan.FromSeconds(1.5) : TimeSpan.FromSeconds(20));
            double p99 = times[times.Count * 99 / 100];
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{kind}, {count}: {times.Count} requests, p50 {times[times.Count / 2]:0.00} ms, p99 {p99:0.00} ms, most {times[^1]:0.00} ms"));
            Assert.Equal(0, crowd.Lost);
            Assert.InRange(times[^1], 0, 2_000);
            Assert.InRange(p99, 0, wanted is null ? 2_000 : 50);
        }

        Eventually.Holds(() => Proc.DescriptorCount(server.Pid) == atRest, "the crowd is gone");
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Empty(server.Stderr);
    }

    /// <summary>
    /// For all of them together the kernel has only so much; who is past that gets no new connection. A few may have more, as
    /// many as a small part of that is enough for.
    /// </summary>
    [Fact]
    public void What_the_kernel_keeps_for_a_client_that_reads_nothing_is_bounded()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Queues are read in /proc.");
        using var folder = new TemporaryFolder();
        folder.WriteRandom("large.bin", 20_000_000);
        folder.Write("small.txt", "small");
        int free = (int)(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (128 * 1024 * 1024));
        Assert.SkipUnless(free + 500 < Posix.DescriptorLimit(), "There are not enough descriptors for the machine's memory.");
        using var server = ServerProcess.Serve(published.Binary, folder.Root);
        using var before = new SlowCrowd(server.Port, SlowKind.Heads, free + 1);
        Eventually.Holds(() => Proc.SocketCount(server.Pid) > free, "those before are accepted");
        using var crowd = new SlowCrowd(server.Port, SlowKind.Deaf, 20);
        Eventually.Holds(() => Proc.SendQueues(server.Port).Count(bytes => bytes > 64 * 1024) >= 20, "each is sent what the kernel takes");
        Ask(server.Port, "/small.txt", TimeSpan.FromSeconds(0.2));

        Assert.All(Proc.SendQueues(server.Port), bytes => Assert.InRange(bytes, 0, 256 * 1024));
    }

    /// <summary>Asks again and again, every tenth time on a new connection; gives the milliseconds that it took, sorted.</summary>
    private static List<double> Ask(int port, string target, TimeSpan duration)
    {
        List<double> times = [];
        var client = new RawClient(port);
        try
        {
            for (var watch = Stopwatch.StartNew(); watch.Elapsed < duration;)
            {
                long start = Stopwatch.GetTimestamp();
                if (times.Count % 10 == 9)
                {
                    client.Dispose();
                    client = new RawClient(port);
                }

                Assert.Equal(200, client.Get(target).Status);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                Thread.Sleep(1); // A client that thinks, not a load.
            }
        }
        finally
        {
            client.Dispose();
        }

        times.Sort();
        return times;
    }
}
