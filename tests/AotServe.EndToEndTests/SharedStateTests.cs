using System;
using System.Globalization;
using System.Linq;
using System.Threading;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>What workers share: in the steady state, no lock of the queue.</summary>
public sealed class SharedStateTests(PublishedServer published, ITestOutputHelper output)
{
    private const int Clients = 4;
    private const int ConnectionsEach = 16;
    private const int Rounds = 200;

    [Fact]
    public void Sixty_four_clients_cost_hardly_a_lock()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The portable poller lets one worker wait at a time, so items go through the queue.");
        using var folder = new TemporaryFolder();
        folder.Write("a.html", "x");
        using var server = ServerProcess.Serve(published.HooksBinary, folder.Root);
        using var control = new RawClient(server.Port);
        using var warm = new Barrier(Clients + 1);
        Thread[] clients = [.. Enumerable.Range(0, Clients).Select(_ => new Thread(() => Ask(server.Port, warm)))];
        Array.ForEach(clients, client => client.Start());
        warm.SignalAndWait();
        long before = Number(control, "locks");
        long contendedBefore = Number(control, "contended");
        warm.SignalAndWait();
        Array.ForEach(clients, client => client.Join());

        long locks = Number(control, "locks") - before;
        int requests = Clients * ConnectionsEach * Rounds;
        output.WriteLine($"{locks} locks, {Number(control, "contended") - contendedBefore} contended, for {requests} requests");
        Assert.True(locks <= requests * 20 / 1000, $"{locks} locks for {requests} requests");
    }

    /// <summary>Sixteen connections, each of which has one request under way at a time. The first round is not counted.</summary>
    private static void Ask(int port, Barrier warm)
    {
        RawClient[] connections = [.. Enumerable.Range(0, ConnectionsEach).Select(_ => new RawClient(port))];
        AskOnce(connections);
        warm.SignalAndWait();
        warm.SignalAndWait();
        for (int round = 0; round < Rounds; round++)
        {
            AskOnce(connections);
        }

        Array.ForEach(connections, connection => connection.Dispose());
    }

    private static void AskOnce(RawClient[] connections)
    {
        Array.ForEach(connections, connection => connection.Send("GET /a.html HTTP/1.1\r\nHost: h\r\n\r\n"));
        Array.ForEach(connections, connection => _ = connection.Read());
    }

    private static long Number(RawClient client, string hook) =>
        long.Parse(client.Get("/__hooks/" + hook).Text, CultureInfo.InvariantCulture);
}
