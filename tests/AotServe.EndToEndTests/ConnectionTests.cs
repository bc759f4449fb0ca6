using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>How requests may be spread over segments and connections, and what ends a connection.</summary>
public sealed class ConnectionTests(PublishedServer published)
{
    private const string Root = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private const string Post = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello";
    private const string Chunked = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nT: t\r\n\r\n";

    [Theory]
    [Pollers]
    public void A_connection_carries_many_requests(string poller)
    {
        using ServerProcess server = Serve(poller);
        using var client = new RawClient(server.Port);

        for (int i = 0; i < 100; i++)
        {
            Answer answer = client.Get("/");
            Assert.Equal(200, answer.Status);
            Assert.False(answer.Closes);
        }
    }

    [Theory]
    [Pollers]
    public void Pipelined_requests_are_answered_in_order(string poller)
    {
        using ServerProcess server = Serve(poller);
        using var client = new RawClient(server.Port);
        const int Count = 500;

        client.Send(string.Concat(Enumerable.Range(0, Count).Select(
            i => $"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n{i:000}")));

        Assert.All(Enumerable.Range(0, Count), i => Assert.Equal($"{i:000}", client.Read().Text));
        Assert.Equal(200, client.Get("/").Status);
    }

    [Theory]
    [Pollers]
    public void Requests_of_every_kind_arrive_split_at_every_byte(string poller)
    {
        using ServerProcess server = Serve(poller);
        using var client = new RawClient(server.Port);
        const string All = Post + Chunked + Root;

        for (int i = 1; i < All.Length; i++)
        {
            client.Send(All[..i]);
            client.Send(All[i..]);
            Assert.Equal("hello", client.Read().Text);
            Assert.Equal("hello", client.Read().Text);
            Assert.Equal(200, client.Read().Status);
        }
    }

    [Theory]
    [Pollers]
    public void Requests_arrive_byte_by_byte(string poller)
    {
        using ServerProcess server = Serve(poller);
        using var client = new RawClient(server.Port);

        client.SendInPieces(Post + Chunked + "\r\n" + Root, 1);

        Assert.Equal("hello", client.Read().Text);
        Assert.Equal("hello", client.Read().Text);
        Assert.Equal(200, client.Read().Status);
    }

    [Theory]
    [InlineData("HTTP/1.1", "Connection: close\r\n", true)]
    [InlineData("HTTP/1.1", "Connection: foo, CLOSE\r\n", true)]
    [InlineData("HTTP/1.1", "Connection: foo\r\nConnection: close\r\n", true)]
    [InlineData("HTTP/1.1", "Connection: keep-alive\r\n", false)]
    [InlineData("HTTP/1.1", "", false)]
    [InlineData("HTTP/1.9", "", false)]
    [InlineData("HTTP/1.0", "", true)]
    [InlineData("HTTP/1.0", "Connection: keep-alive\r\n", false)]
    [InlineData("HTTP/1.0", "Connection: Keep-Alive, close\r\n", true)]
    public void Version_and_Connection_decide_whether_the_connection_stays(string version, string fields, bool closes)
    {
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        client.Send($"GET / {version}\r\nHost: h\r\n{fields}\r\n");
        Answer answer = client.Read();

        Assert.Equal(200, answer.Status);
        Assert.Equal(closes, answer.Closes);
        if (closes)
        {
            client.AssertClosed();
        }
        else
        {
            // An HTTP/1.0 client has to be told (RFC 9112 §9.3).
            Assert.Equal(version == "HTTP/1.0", string.Equals(answer["Connection"], "keep-alive", StringComparison.OrdinalIgnoreCase));
            Assert.Equal(200, client.Get("/").Status);
        }
    }

    [Fact]
    public void An_HTTP_1_0_request_needs_no_Host()
    {
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        client.Send("GET / HTTP/1.0\r\n\r\n");

        Assert.Equal(200, client.Read().Status);
        client.AssertClosed();
    }

    [Theory]
    [Pollers]
    public void A_client_that_expects_100_gets_it_before_it_sends_the_content(string poller)
    {
        using ServerProcess server = Serve(poller);
        using var client = new RawClient(server.Port);

        client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-Continue\r\n\r\n");
        Assert.Equal(100, client.Read().Status);
        client.Send("hello");
        Assert.Equal("hello", client.Read().Text);

        client.Send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n");
        Assert.Equal(100, client.Read().Status);
        client.Send("5\r\nagain\r\n0\r\n\r\n");
        Assert.Equal("again", client.Read().Text);
    }

    [Fact]
    public void No_100_is_sent_where_it_says_nothing()
    {
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        // Without content, and to an HTTP/1.0 client (RFC 9110 §10.1.1).
        Assert.Equal(200, client.Get("/", "Expect: 100-continue").Status);
        client.Send("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi");
        Assert.Equal(200, client.Read().Status);
    }

    [Fact]
    public void An_unknown_expectation_is_417()
    {
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        Assert.Equal(417, client.Get("/", "Expect: a-miracle").Status);
    }

    [Theory]
    [Pollers]
    public void A_client_that_closes_its_side_still_gets_its_answers(string poller)
    {
        using ServerProcess server = Serve(poller);
        using var client = new RawClient(server.Port);

        client.Send(Post + Chunked + "GET /sleep?ms=50 HTTP/1.1\r\nHost: h\r\n\r\n" + Root);
        client.HalfClose();

        Assert.Equal([200, 200, 200, 200], Enumerable.Range(0, 4).Select(_ => client.Read().Status));
        client.AssertClosed();
    }

    [Theory]
    [Pollers]
    public void A_client_that_leaves_early_costs_nothing(string poller)
    {
        using ServerProcess server = Serve(poller, "--threads", "2");
        int atRest = Proc.SocketCount(server.Pid);
        string[] beginnings =
        [
            "", "G", Root[..^1], Root, Post[..^1], Post, Chunked[..^4], Root + Root + Root,
            "GET /sleep?ms=1 HTTP/1.1\r\nHost: h\r\n\r\n", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\nabc",
        ];
        List<Action<RawClient>> departures = [client => client.Dispose(), client => client.Abort(), client => { client.HalfClose(); client.Dispose(); }];

        foreach (string beginning in beginnings)
        {
            foreach (Action<RawClient> leave in departures)
            {
                var client = new RawClient(server.Port);
                client.Send(beginning);
                leave(client);
            }
        }

        using var after = new RawClient(server.Port);
        Assert.Equal(200, after.Get("/").Status);
        Eventually.Holds(() => Proc.SocketCount(server.Pid) == atRest + 1, "only one connection is left");
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Empty(server.Stderr);
    }

    [Fact]
    public void A_client_that_closes_in_the_middle_of_a_request_gets_no_answer_of_success()
    {
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        client.Send(Post[..^1]);
        client.HalfClose();

        string rest = Encoding.Latin1.GetString(client.ReadToEnd());
        Assert.DoesNotContain(" 200 ", rest, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_lines_before_a_request_are_forgiven_once()
    {
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        client.Send("\r\n" + Root + "\r\n" + Root);

        Assert.Equal(200, client.Read().Status);
        Assert.Equal(200, client.Read().Status);
    }

    [Theory]
    [Pollers]
    public void More_connections_than_workers_are_served_side_by_side(string poller)
    {
        using ServerProcess server = Serve(poller, "--threads", "1");
        RawClient[] clients = Enumerable.Range(0, 50).Select(_ => new RawClient(server.Port)).ToArray();
        try
        {
            Assert.All(clients, client => client.Send(Root[..10]));
            Assert.All(clients.Reverse(), client => client.Send(Root[10..]));
            Assert.All(clients, client => Assert.Equal(200, client.Read().Status));
        }
        finally
        {
            Array.ForEach(clients, client => client.Dispose());
        }
    }

    private ServerProcess Serve(string poller = "epoll", params string[] arguments) =>
        ServerProcess.Serve(published.Binary, OperatingSystem.IsLinux() ? ["--poller", poller, .. arguments] : arguments);
}
