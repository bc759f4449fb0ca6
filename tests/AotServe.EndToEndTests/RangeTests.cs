using System;
using System.IO;
using System.Linq;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>Parts of files (RFC 9110 §14).</summary>
public sealed class RangeTests(PublishedServer published) : IDisposable
{
    private const int Megabyte = 1024 * 1024;
    private const long FourGiB = 1L << 32;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_range_is_its_bytes_with_the_validators_of_the_whole()
    {
        byte[] content = _folder.WriteRandom("a.bin", 1000);
        using ServerProcess server = Serve("epoll");
        using var client = new RawClient(server.Port);
        Answer whole = client.Get("/a.bin");
        Assert.Equal((200, "bytes"), (whole.Status, whole["Accept-Ranges"]));

        Answer answer = client.Get("/a.bin", "Range: bytes=100-199");
        Assert.Equal((206, "bytes 100-199/1000"), (answer.Status, answer["Content-Range"]));
        Assert.Equal(content[100..200], answer.Body);
        Assert.All((string[])["ETag", "Last-Modified", "Content-Type", "Accept-Ranges"], name => Assert.Equal(whole[name], answer[name]));

        Assert.Equal(content[^5..], client.Get("/a.bin", "Range: bytes=-5").Body);
        Assert.Equal(content[990..], client.Get("/a.bin", "Range: bytes=990-").Body);
        answer = client.Get("/a.bin", "Range: bytes=1000-");
        Assert.Equal((416, "bytes */1000"), (answer.Status, answer["Content-Range"]));
        Assert.Equal(content, client.Get("/a.bin", "Range: bytes=5-4").Body);
    }

    [Fact]
    public void HEAD_knows_no_ranges()
    {
        _folder.WriteRandom("a.bin", 1000);
        using ServerProcess server = Serve("epoll");
        using var client = new RawClient(server.Port);
        foreach (string range in (string[])["bytes=0-1", "bytes=0-1,500-501", "bytes=2000-"])
        {
            Answer answer = client.Request("HEAD", "/a.bin", "Range: " + range);
            Assert.Equal((200, "1000", "bytes", null), (answer.Status, answer["Content-Length"], answer["Accept-Ranges"], answer["Content-Range"]));
        }
    }

    [Fact]
    public void If_Range_gives_the_whole_once_the_file_has_changed()
    {
        string path = _folder.Write("a.txt", "0123456789");
        File.SetLastWriteTimeUtc(path, new DateTime(2024, 2, 29, 12, 34, 56, DateTimeKind.Utc));
        using ServerProcess server = Serve("epoll", "--cache-size", "0");
        using var client = new RawClient(server.Port);
        Answer before = client.Get("/a.txt", "Range: bytes=0-4");
        string[] validators = [before["ETag"]!, before["Last-Modified"]!];
        Assert.All(validators, value => Assert.Equal((206, "56789"), Rest(value)));
        Assert.Equal((200, "0123456789"), Rest("W/" + validators[0]));

        File.WriteAllText(path, "abcdefghij");
        Assert.All(validators, value => Assert.Equal((200, "abcdefghij"), Rest(value)));

        (int, string) Rest(string validator)
        {
            Answer answer = client.Get("/a.txt", "Range: bytes=5-", "If-Range: " + validator);
            return (answer.Status, answer.Text);
        }
    }

    [Theory]
    [Pollers]
    public void Pipelined_ranges_of_all_sizes_arrive_in_order(string poller)
    {
        byte[] content = _folder.WriteRandom("a.bin", 3 * Megabyte);
        using ServerProcess server = Serve(poller);
        using var client = new RawClient(server.Port);
        var random = new Random(1);
        (int First, int Length)[] ranges = Enumerable.Range(0, 60)
            .Select(i => (First: random.Next(content.Length), Length: random.Next(i % 4 == 0 ? Megabyte : 1000) + 1)).ToArray();
        foreach ((int First, int Length)[] batch in ranges.Chunk(20))
        {
            client.Send(string.Concat(batch.Select(
                r => $"GET /a.bin HTTP/1.1\r\nHost: h\r\nRange: bytes={r.First}-{r.First + r.Length - 1}\r\n\r\n")));
            foreach ((int first, int length) in batch)
            {
                int end = int.Min(first + length, content.Length);
                Answer answer = client.Read();
                Assert.Equal((206, $"bytes {first}-{end - 1}/{content.Length}"), (answer.Status, answer["Content-Range"]));
                Assert.True(content.AsSpan(first..end).SequenceEqual(answer.Body));
            }
        }
    }

    [Theory]
    [Pollers]
    public void Slow_readers_of_many_parts_get_them_all_and_hold_up_nobody(string poller)
    {
        const int Parts = 16;
        byte[] content = _folder.WriteRandom("a.bin", 20 * Megabyte);
        _folder.Write("small.txt", "small");
        using ServerProcess server = Serve(poller, "--threads", "2");
        string set = string.Join(", ", Enumerable.Range(0, Parts).Select(i => Parts - 1 - i)
            .Select(i => $"{i * (Megabyte + 500)}-{i * (Megabyte + 500) + Megabyte - 1}"));
        RawClient[] slow = Enumerable.Range(0, 6).Select(_ => new RawClient(server.Port)).ToArray();
        try
        {
            Array.ForEach(slow, client => client.Send(
                $"GET /a.bin HTTP/1.1\r\nHost: h\r\nRange: bytes={set}\r\n\r\nGET /small.txt HTTP/1.1\r\nHost: h\r\n\r\n"));
            Answer[] heads = Array.ConvertAll(slow, client => client.ReadHead());
            using (var normal = new RawClient(server.Port))
            {
                for (int i = 0; i < 100; i++)
                {
                    Assert.Equal("small", normal.Get("/small.txt").Text);
                }
            }

            for (int i = 0; i < slow.Length; i++)
            {
                Assert.Equal((206, null), (heads[i].Status, heads[i]["Content-Range"]));
                BytesPart[] parts = BytesPart.Read(heads[i]["Content-Type"]!, slow[i].ReadExactly(int.Parse(heads[i]["Content-Length"]!)));
                Assert.Equal(Enumerable.Range(0, Parts).Reverse().Select(part => (long)part * (Megabyte + 500)), parts.Select(part => part.First));
                Assert.All(parts, part => Assert.True(content.AsSpan((int)part.First, Megabyte).SequenceEqual(part.Content)));
                Assert.Equal("small", slow[i].Read().Text);
            }
        }
        finally
        {
            Array.ForEach(slow, client => client.Dispose());
        }
    }

    [Fact]
    public void Parts_of_a_file_beyond_4_GiB_are_found()
    {
        WriteSparse("large.bin", FourGiB + 1000, FourGiB - 3, [1, 2, 3, 4, 5, 6]);
        using ServerProcess server = Serve("epoll");
        using var client = new RawClient(server.Port);

        Answer answer = client.Get("/large.bin", "Range: bytes=4294967292-4294967299");
        Assert.Equal((206, "bytes 4294967292-4294967299/4294968296"), (answer.Status, answer["Content-Range"]));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 0], answer.Body);
        Assert.Equal([4, 5, 6, 0], client.Get("/large.bin", "Range: bytes=-1000").Body[..4]);

        answer = client.Get("/large.bin", "Range: bytes=4294967296-4294967297, 0-0, -1");
        BytesPart[] parts = BytesPart.Read(answer["Content-Type"]!, answer.Body);
        Assert.Equal([FourGiB, 0, FourGiB + 999], parts.Select(part => part.First));
        Assert.Equal([4, 5], parts[0].Content);
        Assert.All(parts, part => Assert.Equal(FourGiB + 1000, part.Complete));

        answer = client.Get("/large.bin", "Range: bytes=4294968296-");
        Assert.Equal((416, "bytes */4294968296"), (answer.Status, answer["Content-Range"]));
    }

    [Theory]
    [Pollers]
    public void More_than_4_GiB_are_sent_to_the_last_byte(string poller)
    {
        WriteSparse("large.bin", FourGiB + 1000, FourGiB + 997, [7, 8, 9]);
        using ServerProcess server = Serve(poller);
        using var client = new RawClient(server.Port);
        client.Send("GET /large.bin HTTP/1.1\r\nHost: h\r\nRange: bytes=1-\r\n\r\n");
        Answer head = client.ReadHead();
        Assert.Equal((206, "4294968295"), (head.Status, head["Content-Length"]));
        byte[] last = Array.Empty<byte>();
        for (long left = FourGiB + 999; left > 0; left -= last.Length)
        {
            last = client.ReadExactly((int)long.Min(left, Megabyte));
        }

        Assert.Equal([7, 8, 9], last[^3..]);
        Assert.Equal([7, 8, 9], client.Get("/large.bin", "Range: bytes=-3").Body);
    }

    [Theory]
    [Pollers]
    public void A_file_that_shrinks_while_it_is_sent_ends_the_connection(string poller)
    {
        _folder.WriteRandom("a.bin", 50 * Megabyte);
        using ServerProcess server = Serve(poller);
        using var client = new RawClient(server.Port);
        client.Send($"GET /a.bin HTTP/1.1\r\nHost: h\r\nRange: bytes=0-{24 * Megabyte}, {25 * Megabyte}-{49 * Megabyte}\r\n\r\n");
        Assert.Equal(206, client.ReadHead().Status);
        using (FileStream file = File.OpenWrite(_folder["a.bin"]))
        {
            file.SetLength(0);
        }

        Assert.InRange(client.ReadToEnd().Length, 0, 40 * Megabyte);
        using var other = new RawClient(server.Port);
        Assert.Equal("", other.Get("/a.bin").Text);
        Assert.Empty(server.Stderr);
    }

    [Theory]
    [Pollers]
    public void No_answer_leaves_a_file_open(string poller)
    {
        _folder.WriteRandom("a.bin", 20 * Megabyte);
        using ServerProcess server = Serve(poller);
        int atRest = Proc.DescriptorsAtRest(server.Pid);
        using (var client = new RawClient(server.Port))
        {
            string tag = client.Get("/a.bin", "Range: bytes=0-0")["ETag"]!;
            for (int i = 0; i < 5; i++)
            {
                Assert.Equal(304, client.Get("/a.bin", $"If-None-Match: {tag}").Status);
                Assert.Equal(412, client.Get("/a.bin", "If-Match: \"x\"").Status);
                Assert.Equal(416, client.Get("/a.bin", "Range: bytes=99999999-").Status);
                Assert.Equal(206, client.Get("/a.bin", "Range: bytes=0-0,1000-1000,-1").Status);
                Assert.Equal(206, client.Get("/a.bin", "Range: bytes=5-100000").Status);
                Assert.Equal(200, client.Request("HEAD", "/a.bin", "Range: bytes=0-0,1000-1000").Status);
            }
        }

        for (int i = 0; i < 10; i++)
        {
            using var client = new RawClient(server.Port);
            client.Send("GET /a.bin HTTP/1.1\r\nHost: h\r\nRange: bytes=0-9000000,9001000-19000000\r\n\r\n");
            client.ReadHead();
            client.Abort();
        }

        Eventually.Holds(() => Proc.DescriptorCount(server.Pid) == atRest, "the files and connections are closed");
        Assert.Empty(server.Stderr);
    }

    private void WriteSparse(string name, long length, long position, byte[] bytes)
    {
        using FileStream file = File.Create(_folder[name]);
        file.SetLength(length);
        file.Position = position;
        file.Write(bytes);
    }

    private ServerProcess Serve(string poller, params string[] arguments) =>
        ServerProcess.Serve(published.Binary, _folder, poller, arguments);
}
