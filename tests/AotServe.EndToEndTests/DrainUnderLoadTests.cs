using System;
using System.Globalization;
using System.Text;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>
/// Servers are stopped while 256 clients ask as fast as they can, keep-alive ones and such that open a connection for each
/// request, and hold every byte of every answer against what it has to be. How often, the environment says:
/// <c>STOPS=100 dotnet test tests/AotServe.EndToEndTests --filter DrainUnderLoad</c>.
/// </summary>
[Collection(CrowdTests.Alone)]
public sealed class DrainUnderLoadTests(PublishedServer published)
{
    private const int KeepAlive = 192;
    private const int Fresh = 64;

    private static readonly int[] Signals = [Posix.SIGTERM, Posix.SIGINT, Posix.SIGQUIT];

    [Fact]
    public void No_request_is_lost_and_no_answer_cut_short()
    {
        int stops = int.Parse(Environment.GetEnvironmentVariable("STOPS") ?? "3", NumberStyles.None, CultureInfo.InvariantCulture);
        using var folder = new TemporaryFolder();
        (string, byte[])[] targets =
        [
            ("/small.txt", Encoding.ASCII.GetBytes(new string('s', 3_000))),
            ("/large.txt", Encoding.ASCII.GetBytes(new string('l', 300_000))),
            ("/small.txt", Encoding.ASCII.GetBytes(new string('s', 3_000))),
        ];
        folder.Write("small.txt", new string('s', 3_000));
        folder.Write("large.txt", new string('l', 300_000));
        long answers = 0;
        long late = 0;
        for (int i = 0; i < stops; i++)
        {
            using var server = ServerProcess.Serve(published.Binary, folder.Root);
            using var load = new LoadClients(server.Port, targets, KeepAlive, Fresh, untilRefused: true, isStopTested: true);
            Eventually.Holds(() => load.Answers > 5 * (KeepAlive + Fresh), "clients are answered");
            server.Signal(Signals[i % Signals.Length]);
            Assert.Equal(0, server.WaitForOutput());
            load.Stop();
            Assert.Empty(load.Failures);
            Assert.Contains(server.Stdout, line => line.Contains($"answered {load.Answers} requests", StringComparison.Ordinal));
            answers += load.Answers;
            late += load.Late;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{stops} stops, {answers} requests answered, none lost; {late} sent later than was promised");
    }
}
