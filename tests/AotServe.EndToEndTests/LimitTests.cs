using System;
using System.Linq;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>How large the parts of a request may be, and the status of one too large.</summary>
public sealed class LimitTests(PublishedServer published)
{
    private const int RequestLine = 8 * 1024;
    private const int FieldSection = 32 * 1024;
    private const int Fields = 100;
    private const int Content = 1024 * 1024;

    [Theory]
    [Pollers]
    public void A_request_line_of_8_KiB_is_taken_and_a_longer_one_is_414(string poller)
    {
        using ServerProcess server = Serve(poller);
        const int Around = 14; // "GET ", " HTTP/1.1" and the slash
        using (var client = new RawClient(server.Port))
        {
            Assert.Equal(404, client.Get("/" + new string('a', RequestLine - Around)).Status);
        }

        foreach (int length in (int[])[RequestLine + 1, 100_000])
        {
            using var client = new RawClient(server.Port);
            client.Send($"GET /{new string('a', length)} HTTP/1.1\r\nHost: h\r\n\r\n");
            AssertRefused(client, 414);
        }
    }

    [Theory]
    [Pollers]
    public void A_field_section_of_32_KiB_is_taken_and_a_longer_one_is_431(string poller)
    {
        using ServerProcess server = Serve(poller);
        using (var client = new RawClient(server.Port))
        {
            Assert.Equal(200, client.Get("/", "X: " + new string('a', FieldSection - 100)).Status);
        }

        foreach (int length in (int[])[FieldSection + 1, 200_000])
        {
            using var one = new RawClient(server.Port);
            one.Send($"GET / HTTP/1.1\r\nHost: h\r\nX: {new string('a', length)}\r\n\r\n");
            AssertRefused(one, 431);

            using var endless = new RawClient(server.Port);
            endless.Send("GET / HTTP/1.1\r\nHost: h\r\nX: " + new string('a', length));
            AssertRefused(endless, 431);
        }
    }

    [Fact]
    public void A_hundred_field_lines_are_taken_and_more_are_431()
    {
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);
        string[] lines = Enumerable.Range(1, Fields).Select(i => $"X-{i}: {i}").ToArray();

        Assert.Equal(200, client.Get("/", lines[1..]).Status);
        client.Send($"GET / HTTP/1.1\r\nHost: h\r\n{string.Concat(lines.Select(line => line + "\r\n"))}\r\n");
        AssertRefused(client, 431);
    }

    [Theory]
    [Pollers]
    public void Content_of_1_MiB_is_taken_and_more_is_413(string poller)
    {
        using ServerProcess server = Serve(poller);
        using (var client = new RawClient(server.Port))
        {
            string content = new string('c', Content);
            client.Send($"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: {Content}\r\n\r\n{content}");
            Assert.Equal(content, client.Read().Text);
            client.Send($"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n{Content:x}\r\n{content}\r\n0\r\n\r\n");
            Assert.Equal(content, client.Read().Text);
        }

        using (var client = new RawClient(server.Port))
        {
            client.Send($"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: {Content + 1}\r\n\r\nc");
            AssertRefused(client, 413);
        }

        using (var client = new RawClient(server.Port))
        {
            client.Send($"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n{Content + 1:x}\r\n{new string('c', Content + 1)}");
            AssertRefused(client, 413);
        }
    }

    [Fact]
    public void A_chunk_that_is_too_large_is_413_before_its_content_arrives()
    {
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        client.Send($"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n{Content + 1:x}\r\nc");

        AssertRefused(client, 413);
    }

    [Fact]
    public void Content_in_many_small_chunks_is_counted_as_one()
    {
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);
        string chunk = "400\r\n" + new string('c', 1024) + "\r\n";

        client.Send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" +
            string.Concat(Enumerable.Repeat(chunk, 1024)) + "1\r\nc\r\n");

        AssertRefused(client, 413);
    }

    [Fact]
    public void No_100_is_sent_for_content_that_is_too_large()
    {
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        client.Send($"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: {Content + 1}\r\nExpect: 100-continue\r\n\r\n");

        AssertRefused(client, 413);
    }

    [Theory]
    [InlineData("1;", 400)]
    [InlineData("1\r\nx\r\n0\r\nX: ", 431)]
    public void Chunk_extensions_and_trailers_are_bounded(string beginning, int status)
    {
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        client.Send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + beginning + new string('e', 200_000));
        Answer answer = client.Read();

        Assert.Equal(status, answer.Status);
        Assert.True(answer.Closes);
        client.AssertClosed();
    }

    [Fact]
    public void The_number_of_trailers_is_bounded()
    {
        using ServerProcess server = Serve();
        using var trailers = new RawClient(server.Port);
        trailers.Send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + string.Concat(Enumerable.Repeat("X: 1\r\n", 20_000)));
        Assert.Equal(431, trailers.Read().Status);
        trailers.AssertClosed();
    }

    private static void AssertRefused(RawClient client, int status)
    {
        Answer answer = client.Read();
        Assert.Equal(status, answer.Status);
        Assert.True(answer.Closes);
        client.AssertClosed();
    }

    private ServerProcess Serve(string poller = "epoll") =>
        ServerProcess.Serve(published.Binary, OperatingSystem.IsLinux() ? ["--poller", poller] : []);
}
