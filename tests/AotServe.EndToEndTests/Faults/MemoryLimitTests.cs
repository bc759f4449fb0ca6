using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests.Faults;

/// <summary>
/// Less memory than clients could fill. The limit is set on the heap by the runtime's own variable: it is what the runtime
/// makes of the limit of a container (three quarters of it, 20 MiB at the least), and needs no rights to set.
/// </summary>
[Collection(CrowdTests.Alone)]
public sealed class MemoryLimitTests(PublishedServer published)
{
    private const int Mebibyte = 1024 * 1024;

    [Theory]
    [InlineData(20)]
    [InlineData(64)]
    public void Bodies_beyond_the_memory_that_there_is_are_503_and_the_server_goes_on(int mebibytes)
    {
        using ServerProcess server = Serve(mebibytes);
        // Twice what there is.
        RawClient[] crowd = Enumerable.Range(0, mebibytes * 2 + 20).Select(_ => new RawClient(server.Port)).ToArray();
        try
        {
            Array.ForEach(crowd, client => client.Send(
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n" + new string('x', 900_000)));
            Eventually.Holds(() => crowd.Any(client => client.Available > 0), "one is refused");
            AssertServes(server);
            Assert.All(crowd.Where(client => client.Available > 0), client => Assert.Equal(503, client.Read().Status));
        }
        finally
        {
            Array.ForEach(crowd, client => client.Dispose());
        }

        Eventually.Holds(
            () =>
            {
                using var client = new RawClient(server.Port);
                client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 500000\r\n\r\n" + new string('x', 500_000));
                return client.Read().Status == 200;
            },
            "the memory is given back");
        AssertStops(server);
    }

    /// <summary>More connections, each with a part of a head, than there is memory for; some wait in the kernel's queue.</summary>
    [Theory]
    [InlineData(20)]
    [InlineData(32)]
    public void Connections_beyond_the_memory_that_there_is_wait_or_are_503_and_the_server_goes_on(int mebibytes)
    {
        int count = (int)long.Min(4_000, Posix.DescriptorLimit() - 500);
        using ServerProcess server = Serve(mebibytes, "--head-timeout", "2");
        var crowd = new List<RawClient>();
        try
        {
            string head = "GET / HTTP/1.1\r\nX: " + new string('x', 3_000);
            for (int i = 0; i < count; i++)
            {
                crowd.Add(new RawClient(server.Port));
                crowd[^1].Send(head);
            }

            AssertServes(server); // At the latest when the first heads have had their time.
        }
        finally
        {
            crowd.ForEach(client => client.Dispose());
        }

        AssertServes(server);
        AssertStops(server);
    }

    private static void AssertServes(ServerProcess server)
    {
        using var client = new RawClient(server.Port);
        Assert.Equal(200, client.Get("/").Status);
    }

    private static void AssertStops(ServerProcess server)
    {
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Empty(server.Stderr);
    }

    private ServerProcess Serve(int mebibytes, params string[] arguments) => ServerProcess.Serve(new ServerStart
    {
        Binary = published.Binary,
        Arguments = ["--port", "0", "--bind", "127.0.0.1", .. arguments],
        Environment = new Dictionary<string, string>
        {
            ["DOTNET_GCHeapHardLimit"] = (mebibytes * Mebibyte).ToString("x", CultureInfo.InvariantCulture),
        },
    });
}
