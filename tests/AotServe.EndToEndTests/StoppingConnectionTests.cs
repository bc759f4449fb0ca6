using System;
using System.IO;
using System.Linq;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>What a stop means for a connection, by what it was doing when the stop came.</summary>
public sealed class StoppingConnectionTests(PublishedServer published)
{
    [Theory]
    [Pollers]
    public void A_request_whose_first_byte_has_arrived_is_answered_in_full(string poller)
    {
        string[] requests =
        [
            "GET / HTTP/1.1\r\nHost: h\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello",
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        ];
        foreach (string request in requests)
        {
            foreach (int sent in (int[])[1, 10, request.Length - 6, request.Length - 1])
            {
                using ServerProcess server = Serve(poller);
                using var client = new RawClient(server.Port);
                client.Send(request[..sent]);

                server.Signal(Posix.SIGTERM);
                Eventually.Refuses(server.Port);
                client.SendInPieces(request[sent..], 3);

                Answer answer = client.Read();
                Assert.Equal(200, answer.Status);
                Assert.True(answer.Closes);
                client.AssertClosed();
                client.Dispose();
                Assert.Equal(0, server.WaitForOutput());
            }
        }
    }

    [Theory]
    [Pollers]
    public void A_large_answer_to_a_slow_reader_is_sent_to_its_end(string poller)
    {
        using var folder = new TemporaryFolder();
        byte[] content = new byte[20_000_000];
        new Random(1).NextBytes(content);
        File.WriteAllBytes(folder["a.bin"], content);
        using ServerProcess server = Serve(poller, folder.Root);
        using var client = new RawClient(server.Port);
        client.Send("GET /a.bin HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.Equal(200, client.ReadHead().Status);

        server.Signal(Posix.SIGTERM);
        Eventually.Refuses(server.Port);

        Assert.True(content.AsSpan().SequenceEqual(client.ReadExactly(content.Length)));
        client.AssertClosed();
        client.Dispose();
        Assert.Equal(0, server.WaitForOutput());
    }

    [Theory]
    [Pollers]
    public void A_busy_client_sees_no_reset(string poller)
    {
        using ServerProcess server = Serve(poller);
        using var client = new RawClient(server.Port);
        Assert.False(client.Get("/").Closes);

        server.Signal(Posix.SIGTERM);

        // Each request is sent after the answer to the last one; the one that comes after the stop is answered too.
        Answer answer;
        do
        {
            answer = client.Get("/");
            Assert.Equal(200, answer.Status);
        }
        while (!answer.Closes);

        client.AssertClosed();
        client.Dispose();
        Assert.Equal(0, server.WaitForOutput());
    }

    [Theory]
    [Pollers]
    public void Pipelined_requests_are_all_answered_and_only_the_last_says_close(string poller)
    {
        using ServerProcess server = Serve(poller);
        using var client = new RawClient(server.Port);
        const int Count = 20;
        client.Send("GET /sleep?ms=500 HTTP/1.1\r\nHost: h\r\n\r\n" +
            string.Concat(Enumerable.Repeat("GET / HTTP/1.1\r\nHost: h\r\n\r\n", Count)));

        server.Signal(Posix.SIGTERM);
        Eventually.Refuses(server.Port);

        Answer[] answers = Enumerable.Range(0, Count + 1).Select(_ => client.Read()).ToArray();
        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.All(answers[..^1], answer => Assert.False(answer.Closes));
        Assert.True(answers[^1].Closes);
        client.AssertClosed();
        client.Dispose();
        Assert.Equal(0, server.WaitForOutput());
    }

    [Theory]
    [Pollers]
    public void Idle_connections_hold_up_no_stop(string poller)
    {
        using ServerProcess server = Serve(poller, "--shutdown-timeout", "3600");
        RawClient[] used = Enumerable.Range(0, 10).Select(_ => new RawClient(server.Port)).ToArray();
        RawClient[] silent = Enumerable.Range(0, 10).Select(_ => new RawClient(server.Port)).ToArray();
        Assert.All(used, client => Assert.Equal(200, client.Get("/").Status));

        server.Signal(Posix.SIGTERM);

        Assert.Equal(0, server.WaitForOutput());
        Assert.All([.. used, .. silent], client =>
        {
            client.AssertClosed();
            client.Dispose();
        });
    }

    [Theory]
    [Pollers]
    public void A_client_that_never_takes_its_answer_is_cut_off(string poller)
    {
        using var folder = new TemporaryFolder();
        using (FileStream file = File.Create(folder["a.bin"]))
        {
            file.SetLength(50_000_000);
        }

        using ServerProcess server = Serve(poller, folder.Root, "--shutdown-timeout", "1");
        using var client = new RawClient(server.Port);
        client.Send("GET /a.bin HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.Equal(200, client.ReadHead().Status);

        server.Signal(Posix.SIGTERM);

        Assert.Equal(1, server.WaitForOutput());
        Assert.Contains("cut off 1 ", server.Stdout[^1], StringComparison.Ordinal);
    }

    [Theory]
    [Pollers]
    public void Connections_that_the_kernel_has_queued_are_taken_and_answered(string poller)
    {
        using ServerProcess server = Serve(poller, "--threads", "1");
        using var busy = new RawClient(server.Port);
        busy.Send("GET /sleep?ms=1000 HTTP/1.1\r\nHost: h\r\n\r\n");
        // The only worker sleeps: these wait in the listener's queue or for the worker.
        RawClient[] clients = Enumerable.Range(0, 50).Select(_ => new RawClient(server.Port)).ToArray();
        Array.ForEach(clients, client => client.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));

        server.Signal(Posix.SIGTERM);

        Assert.Equal(200, busy.Read().Status);
        busy.Dispose();
        Assert.All(clients, client =>
        {
            Assert.Equal(200, client.Read().Status);
            client.AssertClosed();
            client.Dispose();
        });
        Assert.Equal(0, server.WaitForOutput());
    }

    private ServerProcess Serve(string poller, params string[] arguments) =>
        ServerProcess.Serve(published.Binary, OperatingSystem.IsLinux() ? ["--poller", poller, .. arguments] : arguments);
}
