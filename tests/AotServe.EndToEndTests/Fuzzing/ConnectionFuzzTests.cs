using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using AotServe.EndToEndTests.Harness;
using AotServe.Fuzzing;
using Xunit;

namespace AotServe.EndToEndTests.Fuzzing;

/// <summary>
/// Mutated streams at the published server, in pieces, half closed, reset or closed. All that it sends back must be what
/// the reference says, good clients are answered meanwhile, and the process is afterwards what it was before. A failure
/// holds the seed and the stream.
/// </summary>
public sealed class ConnectionFuzzTests(PublishedServer published)
{
    private const int Rounds = 3000;

    [Theory]
    [Pollers]
    public void The_corpus_is_answered_as_the_reference_says(string poller) => Attack(poller, (server, random) =>
    {
        foreach (WireStream? stream in ValidStreams.All.Concat(SmugglingStreams.All))
        {
            Check(server.Port, stream.Bytes, null, stream.Name);
            Check(server.Port, stream.Bytes, random, stream.Name);
        }
    });

    [Theory]
    [Pollers]
    public void Mutated_streams_are_answered_as_the_reference_says(string poller) =>
        Attack(poller, (server, random) => Mutate(server, random, FuzzSeed.Fixed));

    [Theory]
    [Pollers]
    public void So_are_those_of_the_seed_of_this_run(string poller) =>
        Attack(poller, (server, _) => Mutate(server, new Random(FuzzSeed.OfThisRun), FuzzSeed.OfThisRun));

    private static void Mutate(ServerProcess server, Random random, int seed)
    {
        var mutator = new StreamMutator(random);
        using var keepAlive = new RawClient(server.Port);
        for (int i = 0; i < Rounds; i++)
        {
            string stream = mutator.Next();
            string where = $"{FuzzSeed.Replay(seed)}, stream {i}";
            switch (random.Next(8))
            {
                case 0:
                    StreamExchange.Run(server.Port, stream, random, StreamEnd.Reset);
                    break;
                case 1:
                    StreamExchange.Run(server.Port, stream, random, StreamEnd.Close);
                    break;
                default:
                    Check(server.Port, stream, random, where);
                    break;
            }

            if (i % 50 == 0)
            {
                using var fresh = new RawClient(server.Port);
                Assert.True(fresh.Get("/").Status == 200 && keepAlive.Get("/").Status == 200, where);
            }
        }
    }

    private static void Check(int port, string stream, Random? random, string where)
    {
        var exchange = StreamExchange.Run(port, stream, random);
        string? violation;
        try
        {
            violation = StreamCheck.Violation(stream, exchange);
        }
        catch (Exception malformed) when (malformed is InvalidDataException or FormatException or InvalidOperationException)
        {
            violation = malformed.Message;
        }

        Assert.True(violation is null, $"{where}: {violation}\n  sent {CSharpText.Of(stream)}\n  received {CSharpText.Of(exchange.Received)}");
    }

    /// <summary>Runs a server through something, and sees that it has left nothing behind.</summary>
    private void Attack(string poller, Action<ServerProcess, Random> attack)
    {
        string[] arguments = OperatingSystem.IsLinux() ? ["--poller", poller] : [];
        using var server = ServerProcess.Serve(published.Binary, arguments);
        int sockets = OperatingSystem.IsLinux() ? Proc.SocketCount(server.Pid) : 0;
        using (var first = new RawClient(server.Port))
        {
            Assert.Equal(200, first.Get("/").Status);
        }

        IReadOnlyList<string> threads = OperatingSystem.IsLinux() ? Proc.SettledThreadNames(server.Pid) : [];
        attack(server, new Random(FuzzSeed.Fixed));

        using (var last = new RawClient(server.Port))
        {
            Assert.Equal(200, last.Get("/").Status);
        }

        if (OperatingSystem.IsLinux())
        {
            Assert.Equal(threads, Proc.ThreadNames(server.Pid));
            Eventually.Holds(() => Proc.SocketCount(server.Pid) <= sockets, "every connection is closed");
        }

        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Empty(server.Stderr);
    }
}
