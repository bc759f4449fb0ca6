using System;
using System.Collections.Generic;
using System.Linq;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>What the kernel holds for clients that ask for a large file and do not read it.</summary>
public sealed class SendBufferTests(PublishedServer published) : IDisposable
{
    private const int Clients = 20;
    private const long MaxHeld = 512 * 1024;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [Pollers]
    public void It_is_little_and_the_file_arrives_whole_when_they_read(string poller)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc tells what the kernel holds.");
        byte[] content = _folder.WriteRandom("large", 16 * 1024 * 1024);
        using var server = ServerProcess.Serve(published.Binary, _folder.Root, "--poller", poller);
        List<RawClient> clients = [.. Enumerable.Range(0, Clients).Select(_ => new RawClient(server.Port, receiveBuffer: 4096))];
        try
        {
            clients.ForEach(client => client.SendRequest("GET", "/large"));

            // The queue of one that holds nothing more to send grows no further.
            long before = -1;
            Eventually.Holds(
                () =>
                {
                    long held = Proc.SendQueues(server.Port).Sum();
                    bool isStill = held == before && clients.All(client => client.Available > 0);
                    before = held;
                    return isStill;
                },
                "the kernel has taken what it takes");
            Assert.All(Proc.SendQueues(server.Port), held => Assert.InRange(held, 0, MaxHeld));

            Answer answer = clients[0].Read();
            Assert.Equal(200, answer.Status);
            Assert.Equal(content, answer.Body);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }
}
