using System;
using System.Collections.Generic;
using System.Linq;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests.Faults;

/// <summary>Clients that reset their connection, at every stage of it.</summary>
public sealed class ResetTests(PublishedServer published)
{
    /// <summary>How often each stage is gone through between two looks at the memory.</summary>
    private const int Rounds = 60;

    private const string Get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private const string Large = "GET /large.bin HTTP/1.1\r\nHost: h\r\n\r\n";

    /// <summary>What a client has done when it resets, on the built-in site.</summary>
    private static readonly IReadOnlyList<Action<RawClient>> StagesOfRequests =
    [
        _ => { },
        client => client.Send("GET / HT"),
        client => client.Send("GET / HTTP/1.1\r\nHost: h\r\nX: " + new string('x', 5_000)),
        client => client.Send(Get),
        client => client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 50000\r\n\r\n"),
        client => client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 50000\r\n\r\n" + new string('b', 20_000)),
        client => client.Send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1388\r\n" + new string('b', 3_000)),
        client =>
        {
            client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            Assert.Equal(100, client.Read().Status);
        },
        client => client.Send("GET /sleep?ms=20 HTTP/1.1\r\nHost: h\r\n\r\n"),
        client => Assert.Equal(200, client.Get("/").Status),
        client =>
        {
            Assert.Equal(200, client.Get("/").Status);
            client.Send("GET / HT");
        },
        client =>
        {
            client.Send(string.Concat(Enumerable.Repeat(Get, 100)));
            Assert.Equal(200, client.Read().Status);
        },
        client =>
        {
            // The server has said its last word, and waits for the client to close.
            client.Send("nonsense\r\n\r\nand more");
            Assert.Equal(400, client.Read().Status);
        },
        client =>
        {
            client.Send(Get);
            client.HalfClose();
        },
    ];

    /// <summary>The same on a folder.</summary>
    private static readonly IReadOnlyList<Action<RawClient>> StagesOfFiles =
    [
        client => client.Send(Large),
        client =>
        {
            client.Send(Large);
            Assert.Equal(200, client.ReadHead().Status);
        },
        client =>
        {
            client.Send(Large);
            client.ReadHead();
            client.ReadExactly(4_000_000);
        },
        client =>
        {
            client.Send("GET /large.bin HTTP/1.1\r\nHost: h\r\nRange: bytes=0-3000000,4000000-7000000\r\n\r\n");
            Assert.Equal(206, client.ReadHead().Status);
        },
        client =>
        {
            client.Send("GET /large.bin HTTP/1.0\r\n\r\n");
            client.HalfClose();
            Assert.Equal(200, client.ReadHead().Status);
        },
        client =>
        {
            client.Send(Large + Large + "GET /small.txt HTTP/1.1\r\nHost: h\r\n\r\n");
            Assert.Equal(200, client.ReadHead().Status);
        },
        client => Assert.Equal("small", client.Get("/small.txt").Text),
    ];

    [Theory]
    [Pollers]
    public void Resets_at_every_stage_of_a_request_cost_nothing(string poller)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Descriptors are counted in /proc.");
        // So little memory for bodies that what a connection does not give back is soon missed.
        using var server = ServerProcess.Serve(published.HooksBinary, "--poller", poller, "--buffer-memory", "1");
        Storm(server, StagesOfRequests);

        using var client = new RawClient(server.Port);
        client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 500000\r\n\r\n" + new string('b', 400_000));
        client.Send(new string('b', 100_000));
        Assert.Equal(200, client.Read().Status);
        AssertStops(server);
    }

    [Theory]
    [Pollers]
    public void Resets_at_every_stage_of_a_file_cost_nothing(string poller)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Descriptors are counted in /proc.");
        using var folder = new TemporaryFolder();
        folder.WriteRandom("large.bin", 20_000_000);
        folder.Write("small.txt", "small");
        folder.Write("index.html", "home");
        using var server = ServerProcess.Serve(published.HooksBinary, folder, poller);
        Storm(server, StagesOfFiles);
        AssertStops(server);
    }

    [Theory]
    [Pollers]
    public void Resets_while_the_server_stops_hold_up_nothing(string poller)
    {
        using var folder = new TemporaryFolder();
        folder.WriteRandom("large.bin", 20_000_000);
        folder.Write("index.html", "home");
        using var server = ServerProcess.Serve(published.Binary, folder, poller, "--shutdown-timeout", "3600");
        List<RawClient> clients = [];
        foreach (Action<RawClient> act in (Action<RawClient>[])[.. StagesOfFiles.SkipLast(1), StagesOfRequests[1], StagesOfRequests[4]])
        {
            var client = new RawClient(server.Port);
            act(client);
            clients.Add(client);
        }

        server.Signal(Posix.SIGTERM);
        Eventually.Refuses(server.Port);
        Assert.False(server.HasExited);
        clients.ForEach(client => client.Abort());

        Assert.Equal(0, server.WaitForOutput());
        Assert.Empty(server.Stderr);
    }

    /// <summary>Has clients reset at each stage again and again, with another client being served among them.</summary>
    private static void Storm(ServerProcess server, IReadOnlyList<Action<RawClient>> stages)
    {
        var before = new Footprint(server);
        Resets(server, stages, 5);
        before.Mark();
        before.AssertNoGrowth(() => Resets(server, stages, Rounds));
    }

    private static void Resets(ServerProcess server, IReadOnlyList<Action<RawClient>> stages, int rounds)
    {
        using var normal = new RawClient(server.Port);
        for (int round = 0; round < rounds; round++)
        {
            foreach (Action<RawClient> act in stages)
            {
                var client = new RawClient(server.Port);
                act(client);
                client.Abort();
            }

            Assert.Equal(200, normal.Get("/").Status);
        }
    }

    private static void AssertStops(ServerProcess server)
    {
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Empty(server.Stderr);
    }
}
