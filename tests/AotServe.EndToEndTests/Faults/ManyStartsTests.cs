using System;
using System.Diagnostics;
using System.Globalization;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests.Faults;

/// <summary>
/// Starts and stops in a row: what goes wrong once in a hundred times goes wrong here. The variable STARTS says how many;
/// 100 where it is not set.
/// </summary>
public sealed class ManyStartsTests(PublishedServer published)
{
    private static readonly int[] Signals = [Posix.SIGTERM, Posix.SIGINT, Posix.SIGQUIT];

    [Fact]
    public void Every_start_serves_and_every_stop_is_whole()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        int starts = int.Parse(Environment.GetEnvironmentVariable("STARTS") ?? "100", CultureInfo.InvariantCulture);
        using var folder = new TemporaryFolder();
        folder.Write("index.html", "home");
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < starts; i++)
        {
            string[] arguments = i % 2 == 0 ? [folder.Root] : [];
            using var server = ServerProcess.Serve(published.Binary, ["--poller", OperatingSystem.IsLinux() && i % 5 > 0 ? "epoll" : "select", .. arguments]);
            using var client = new RawClient(server.Port);
            Assert.Equal(200, client.Get("/").Status);
            client.Send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            server.Signal(Signals[i % Signals.Length]);
            Assert.Equal(200, client.Read().Status);
            client.AssertClosed();
            client.Dispose();
            Assert.Equal((i, 0), (i, server.WaitForOutput()));
            Assert.Empty(server.Stderr);
            Assert.Equal([0, 1, 2, 3], server.WorkersShutDown);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{starts} starts and stops in {watch.Elapsed.TotalSeconds:0.0} s.");
    }
}
