using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>More connections than workers by orders of magnitude, and more than there are descriptors for.</summary>
[Collection(Alone)]
public sealed class CrowdTests(PublishedServer published)
{
    /// <summary>The collection of tests that need the machine for themselves.</summary>
    public const string Alone = "alone";

    private const string Root = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    [Theory]
    [InlineData("epoll", 10_000)]
    [InlineData("select", 1_000)]
    public void A_crowd_of_idle_and_slow_connections_is_carried_by_four_workers(string poller, int wanted)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The limit of descriptors is read by Linux's number.");
        int count = (int)long.Min(wanted, Posix.DescriptorLimit() - 500);
        using var server = ServerProcess.Serve(published.Binary, "--poller", poller, "--head-timeout", "600");
        var idle = new Socket[count];
        var slow = new RawClient[(count + 9) / 10];
        try
        {
            for (int i = 0; i < count; i++)
            {
                if (i % 10 == 0)
                {
                    slow[i / 10] = new RawClient(server.Port);
                    slow[i / 10].Send("GET / HTTP/1.1\r\nHo");
                    continue;
                }

                idle[i] = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                idle[i].Connect(IPAddress.Loopback, server.Port);
            }

            using (var normal = new RawClient(server.Port))
            {
                Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(200, normal.Get("/").Status));
            }

            Assert.All(slow, client =>
            {
                client.Send("st: h\r\n\r\n");
                Assert.Equal(200, client.Read().Status);
            });

            server.Signal(Posix.SIGTERM);
            Assert.Equal(0, server.WaitForOutput());
            Assert.Empty(server.Stderr);
        }
        finally
        {
            Array.ForEach(idle, socket => socket?.Dispose());
            Array.ForEach(slow, client => client?.Dispose());
        }
    }

    [Theory]
    [Pollers]
    public void Accepting_survives_running_out_of_descriptors(string poller)
    {
        using ServerProcess server = Serve("ulimit -n 64", "--poller", poller);
        using (var first = new RawClient(server.Port))
        {
            Assert.Equal(200, first.Get("/").Status);
            RawClient[] crowd = Enumerable.Range(0, 200).Select(_ => new RawClient(server.Port)).ToArray();
            Array.ForEach(crowd, client => client.Send(Root));
            Assert.Equal(200, crowd[0].Read().Status);

            AssertRests(server);
            using (var late = new RawClient(server.Port)) // The crowd keeps its places, but those who say nothing give way.
            {
                Assert.Equal(200, late.Get("/").Status);
            }

            Array.ForEach(crowd, client => client.Dispose());
        }

        using var after = new RawClient(server.Port);
        Assert.Equal(200, after.Get("/").Status);
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
    }

    [Theory]
    [Pollers]
    public void Connections_that_had_to_wait_for_descriptors_are_served_when_there_are_some(string poller)
    {
        using ServerProcess server = Serve("ulimit -n 64", "--poller", poller);
        RawClient[] crowd = Enumerable.Range(0, 200).Select(_ => new RawClient(server.Port)).ToArray();
        try
        {
            Array.ForEach(crowd, client => client.Send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
            Assert.All(crowd, client =>
            {
                Assert.Equal(200, client.Read().Status);
                client.Dispose();
            });
        }
        finally
        {
            Array.ForEach(crowd, client => client.Dispose());
        }
    }

    [Theory]
    [Pollers]
    public void Files_survive_running_out_of_descriptors(string poller)
    {
        using var folder = new TemporaryFolder();
        folder.Write("small.txt", "small");
        using (FileStream file = File.Create(folder["a.bin"]))
        {
            file.SetLength(20_000_000);
        }

        using ServerProcess server = Serve("ulimit -n 48", folder.Root, "--poller", poller);
        RawClient[] crowd = Enumerable.Range(0, 100).Select(_ => new RawClient(server.Port)).ToArray();
        Array.ForEach(crowd, client => client.Send("GET /a.bin HTTP/1.1\r\nHost: h\r\n\r\n"));
        // The server keeps some descriptors for files.
        Assert.Equal(200, crowd[0].ReadHead().Status);
        AssertRests(server);
        Array.ForEach(crowd, client => client.Dispose());

        Eventually.Holds(
            () =>
            {
                using var client = new RawClient(server.Port);
                return client.Get("/small.txt").Status == 200;
            },
            "files are served again");
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
    }

    [Fact]
    public void The_soft_limit_of_descriptors_is_raised_to_the_hard_one()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Limits are read in /proc.");
        using ServerProcess server = Serve("ulimit -Sn 100; ulimit -Hn 500");

        Assert.Equal(500, Proc.SoftDescriptorLimit(server.Pid));
    }

    // Looked at over a second, a busy loop takes all of it and more.
    private static void AssertRests(ServerProcess server)
    {
        double before = Proc.ProcessorSeconds(server.Pid);
        var watch = Stopwatch.StartNew();
        Thread.Sleep(TimeSpan.FromSeconds(1));
        double share = (Proc.ProcessorSeconds(server.Pid) - before) / watch.Elapsed.TotalSeconds;
        Assert.True(share < 0.5, $"The server took {share:P0} of a processor while there was nothing to do.");
    }

    private ServerProcess Serve(string limits, params string[] arguments) => ServerProcess.Serve(new ServerStart
    {
        Binary = published.Binary,
        Arguments = ["--port", "0", "--bind", "127.0.0.1", .. arguments],
        Shell = limits + "; exec \"$0\" \"$@\"",
    });
}
