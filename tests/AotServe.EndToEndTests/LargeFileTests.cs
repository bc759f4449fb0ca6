using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>Files that no buffer holds.</summary>
public sealed class LargeFileTests(PublishedServer published) : IDisposable
{
    private const int Megabyte = 1024 * 1024;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [Pollers]
    public void A_file_of_some_megabytes_arrives_as_it_is(string poller)
    {
        byte[] content = _folder.WriteRandom("a.bin", 5 * Megabyte + 1);
        using ServerProcess server = Serve(poller);
        using var client = new RawClient(server.Port);

        for (int i = 0; i < 2; i++)
        {
            Answer answer = client.Get("/a.bin");
            Assert.Equal(200, answer.Status);
            Assert.True(content.AsSpan().SequenceEqual(answer.Body));
        }
    }

    [Theory]
    [Pollers]
    public void A_sparse_file_of_100_MB_streams_through_little_memory(string poller)
    {
        const int Length = 100_000_000;
        using (FileStream file = File.Create(_folder["sparse.bin"]))
        {
            file.SetLength(Length);
            file.Seek(-1, SeekOrigin.End);
            file.WriteByte(1);
        }

        using ServerProcess server = Serve(poller);
        using var client = new RawClient(server.Port);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using FileStream expected = File.OpenRead(_folder["sparse.bin"]);

        client.Send("GET /sparse.bin HTTP/1.1\r\nHost: h\r\n\r\n");
        Answer head = client.ReadHead();
        Assert.Equal(200, head.Status);
        Assert.Equal($"{Length}", head["Content-Length"]);
        for (int left = Length; left > 0;)
        {
            int part = int.Min(left, Megabyte);
            hash.AppendData(client.ReadExactly(part));
            left -= part;
        }

        Assert.Equal(SHA256.HashData(expected), hash.GetHashAndReset());
        Assert.Equal(200, client.Request("HEAD", "/sparse.bin").Status);
        string peak = File.ReadLines($"/proc/{server.Pid}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        Assert.InRange(int.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]), 1, 64 * 1024);
    }

    [Theory]
    [Pollers]
    public void Slow_readers_of_a_large_file_hold_up_nobody(string poller)
    {
        byte[] content = _folder.WriteRandom("a.bin", 20 * Megabyte);
        File.WriteAllText(_folder["small.txt"], "small");
        using ServerProcess server = Serve(poller, "--threads", "2");
        RawClient[] slow = Enumerable.Range(0, 8).Select(_ => new RawClient(server.Port)).ToArray();
        try
        {
            Array.ForEach(slow, client => client.Send("GET /a.bin HTTP/1.1\r\nHost: h\r\n\r\nGET /small.txt HTTP/1.1\r\nHost: h\r\n\r\n"));
            // Each has been begun, and none can be done: the sockets' buffers hold less.
            Assert.All(slow, client => Assert.Equal(200, client.ReadHead().Status));

            using (var normal = new RawClient(server.Port))
            {
                for (int i = 0; i < 100; i++)
                {
                    Assert.Equal("small", normal.Get("/small.txt").Text);
                }
            }

            foreach (RawClient? client in slow)
            {
                Assert.True(content.AsSpan().SequenceEqual(client.ReadExactly(content.Length)));
                Assert.Equal("small", client.Read().Text);
            }
        }
        finally
        {
            Array.ForEach(slow, client => client.Dispose());
        }
    }

    [Theory]
    [Pollers]
    public void Pipelined_large_files_arrive_in_order(string poller)
    {
        byte[] first = _folder.WriteRandom("1.bin", 3 * Megabyte);
        byte[] second = _folder.WriteRandom("2.bin", 2 * Megabyte);
        using ServerProcess server = Serve(poller);
        using var client = new RawClient(server.Port);

        client.Send(string.Concat(Enumerable.Repeat(
            "GET /1.bin HTTP/1.1\r\nHost: h\r\n\r\nHEAD /2.bin HTTP/1.1\r\nHost: h\r\n\r\nGET /2.bin HTTP/1.1\r\nHost: h\r\n\r\n", 3)));

        for (int i = 0; i < 3; i++)
        {
            Assert.True(first.AsSpan().SequenceEqual(client.Read().Body));
            Assert.Equal($"{second.Length}", client.Read("HEAD")["Content-Length"]);
            Assert.True(second.AsSpan().SequenceEqual(client.Read().Body));
        }
    }

    [Theory]
    [Pollers]
    public void A_reader_that_leaves_in_the_middle_costs_nothing(string poller)
    {
        _folder.WriteRandom("a.bin", 20 * Megabyte);
        using ServerProcess server = Serve(poller);
        int atRest = Proc.DescriptorsAtRest(server.Pid);
        for (int i = 0; i < 20; i++)
        {
            var client = new RawClient(server.Port);
            client.Send("GET /a.bin HTTP/1.1\r\nHost: h\r\n\r\n");
            client.ReadHead();
            if (i % 2 == 0)
            {
                client.Abort();
            }

            client.Dispose();
        }

        Eventually.Holds(() => Proc.DescriptorCount(server.Pid) == atRest, "the files and connections are closed");
        Assert.Empty(server.Stderr);
    }

    private ServerProcess Serve(string poller, params string[] arguments) =>
        ServerProcess.Serve(published.Binary, _folder, poller, arguments);
}
