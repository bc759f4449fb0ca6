using System;
using System.Linq;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>What load balancers see of a stop, and several servers on one port.</summary>
public sealed class LameDuckTests(PublishedServer published)
{
    [Theory]
    [Pollers]
    public void During_the_delay_clients_are_accepted_and_answered_while_the_health_answer_says_503(string poller)
    {
        using var server = ServerProcess.Serve(
            published.Binary, "--poller", poller, "--health", "/healthz", "--drain-delay", "3600", "--shutdown-timeout", "3600");
        using var kept = new RawClient(server.Port);
        Answer healthy = kept.Get("/healthz");
        Assert.Equal((200, "ok\n", "no-store", false), (healthy.Status, healthy.Text, healthy["Cache-Control"], healthy.Closes));

        server.Signal(Posix.SIGTERM);
        Eventually.Holds(() => Health(server.Port) == 503, "the health answer says so");

        foreach (RawClient client in (RawClient[])[kept, new RawClient(server.Port), new RawClient(server.Port)])
        {
            Answer answer = client.Get("/");
            Assert.Equal(200, answer.Status);
            Assert.True(answer.Closes);
            client.AssertClosed();
            client.Dispose();
        }

        Assert.False(server.HasExited);
        server.Signal(Posix.SIGTERM);
        Assert.Equal(128 + Posix.SIGTERM, server.WaitForOutput());
    }

    [Fact]
    public void After_the_delay_the_server_stops_as_it_would_without()
    {
        using var server = ServerProcess.Serve(published.Binary, "--drain-delay", "0.5");
        using var client = new RawClient(server.Port);
        client.Send("GET /sleep?ms=1000 HTTP/1.1\r\nHost: h\r\n\r\n");

        server.Signal(Posix.SIGTERM);

        Answer answer = client.Read();
        Assert.Equal(200, answer.Status);
        Assert.True(answer.Closes);
        client.Dispose();
        Assert.Equal(0, server.WaitForOutput());
        Assert.Equal([0, 1, 2, 3], server.WorkersShutDown);
    }

    [Fact]
    public void A_server_that_is_replaced_does_not_delay_and_stays_healthy()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Servers are replaced on Linux only.");
        using var server = new ReplaceableServer(published.Binary, "www", "--health", "/healthz", "--drain-delay", "3600");
        server.Replace();
        Assert.Equal(200, Health(server.Port));
    }

    [Fact]
    public void Two_servers_that_say_so_share_a_port_and_one_can_stop()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux spreads connections over the servers of a port.");
        using var first = ServerProcess.Serve(published.Binary, "--reuse-port");
        string[] same = ["--port", $"{first.Port}"];
        using (var alone = ServerProcess.Start(new ServerStart { Binary = published.Binary, Arguments = ["--bind", "127.0.0.1", .. same] }))
        {
            Assert.Equal(1, alone.WaitForOutput());
        }

        using var second = ServerProcess.Serve(published.Binary, ["--reuse-port", .. same]);
        Assert.Equal(first.Port, second.Port);
        Ask(first.Port, 100);

        first.Signal(Posix.SIGTERM);
        Assert.Equal(0, first.WaitForOutput());
        Ask(second.Port, 50);
        second.Signal(Posix.SIGTERM);
        Assert.Equal(0, second.WaitForOutput());

        // Which of them the kernel gives a connection to depends on its port: of a hundred, each gets some.
        int[] counts = new[] { first, second }.Select(server => int.Parse(server.Stdout[^1].Split("answered ")[1].Split(' ')[0])).ToArray();
        Assert.Equal(150, counts.Sum());
        Assert.InRange(counts[0], 1, 99);
    }

    private static void Ask(int port, int times)
    {
        for (int i = 0; i < times; i++)
        {
            using var client = new RawClient(port);
            Assert.Equal(200, client.Get("/", "Connection: close").Status);
        }
    }

    private static int Health(int port)
    {
        using var client = new RawClient(port);
        return client.Get("/healthz").Status;
    }
}
