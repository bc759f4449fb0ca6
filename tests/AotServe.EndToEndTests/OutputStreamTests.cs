using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>A server whose stdout and stderr lead nowhere serves and stops all the same.</summary>
public sealed class OutputStreamTests(PublishedServer published)
{
    private const string Full = "head -c 65536 /dev/zero; head -c 65536 /dev/zero >&2; exec \"$0\" \"$@\"";

    [Theory]
    [InlineData("closed", "exec \"$0\" \"$@\" >&- 2>&-")]
    [InlineData("all closed", "exec \"$0\" \"$@\" <&- >&- 2>&-")]
    [InlineData("a device that is full", "exec \"$0\" \"$@\" >/dev/full 2>/dev/full")]
    [InlineData("a full pipe that nobody reads", Full)]
    [InlineData("a pipe whose reader is gone", "mkfifo \"$FIFO\"; true <\"$FIFO\" & exec \"$0\" \"$@\" >\"$FIFO\" 2>&1")]
    public void Output_that_leads_nowhere_never_stops_the_server(string what, string shell)
    {
        using var folder = new TemporaryFolder();
        int port = FreePort();
        using var server = ServerProcess.Start(new ServerStart
        {
            Binary = published.HooksBinary,
            Arguments = ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1"],
            Environment = new Dictionary<string, string> { ["FIFO"] = folder["fifo"] },
            Shell = shell,
            ReadOutput = shell != Full,
        });
        Eventually.Listens(port);
        using var client = new RawClient(port);

        for (int i = 0; i < 20; i++)
        {
            // A failure is reported on stderr.
            Assert.Equal(200, client.Get("/").Status);
            using var failing = new RawClient(port);
            Assert.Equal(500, failing.Get("/__hooks/throw").Status);
        }

        server.Signal(Posix.SIGTERM);

        // A line that was printed onto a descriptor that has become a connection would show up here.
        byte[] rest = client.ReadToEnd();
        Assert.True(rest.Length == 0, what);
        client.Dispose();
        Assert.Equal(0, server.WaitForExit());
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
