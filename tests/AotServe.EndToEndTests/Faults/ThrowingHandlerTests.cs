using System;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests.Faults;

/// <summary>Handlers with bugs: whatever they throw, and whenever, it is one connection's trouble and no other's.</summary>
public sealed class ThrowingHandlerTests(PublishedServer published)
{
    private const int Rounds = 200;

    [Theory]
    [Pollers]
    public void What_a_handler_throws_is_500_on_its_own_connection_and_costs_nothing(string poller)
    {
        using var server = ServerProcess.Serve(published.HooksBinary, "--poller", poller);
        var before = new Footprint(server);
        Throw(server, 5);
        before.Mark();
        before.AssertNoGrowth(() => Throw(server, Rounds));
        AssertStops(server);
    }

    [Theory]
    [Pollers]
    public void What_is_thrown_outside_of_an_answer_closes_the_connection(string poller)
    {
        using var server = ServerProcess.Serve(published.HooksBinary, "--poller", poller);
        var before = new Footprint(server);
        ThrowAtHead(server, 5);
        before.Mark();
        before.AssertNoGrowth(() => ThrowAtHead(server, Rounds));
        AssertStops(server);
    }

    [Fact]
    public void What_was_answered_before_something_was_thrown_never_reaches_another_connection()
    {
        using var server = ServerProcess.Serve(published.HooksBinary, "--threads", "1");
        using (var failing = new RawClient(server.Port))
        {
            failing.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nsecretPOST /__hooks/throw-at-head HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx");
            AssertEnds(failing);
        }

        using var next = new RawClient(server.Port);
        Assert.NotEqual("secret", next.Get("/").Text);
    }

    private static void Throw(ServerProcess server, int rounds)
    {
        using var normal = new RawClient(server.Port);
        for (int round = 0; round < rounds; round++)
        {
            foreach (string hook in (string[])["throw", "throw-halfway", "no-answer"])
            {
                using var failing = new RawClient(server.Port);
                failing.Send(round % 2 == 0
                    ? $"GET /__hooks/{hook} HTTP/1.1\r\nHost: h\r\n\r\n"
                    : $"POST /__hooks/{hook} HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
                Answer answer = failing.Read();
                Assert.Equal((500, true), (answer.Status, answer.Closes));
                Assert.DoesNotContain("half of an answer", answer.Text, StringComparison.Ordinal);
                failing.AssertClosed();
            }

            Assert.Equal(200, normal.Get("/").Status);
        }
    }

    private static void ThrowAtHead(ServerProcess server, int rounds)
    {
        using var normal = new RawClient(server.Port);
        for (int round = 0; round < rounds; round++)
        {
            using var failing = new RawClient(server.Port);
            failing.Send("POST /__hooks/throw-at-head HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n");
            AssertEnds(failing);
            Assert.Equal(200, normal.Get("/").Status);
        }
    }

    /// <summary>There is no answer that could be told from what went wrong; but the end of the connection comes.</summary>
    private static void AssertEnds(RawClient client)
    {
        try
        {
            client.ReadToEnd();
        }
        catch (System.Net.Sockets.SocketException reset) when (reset.SocketErrorCode == System.Net.Sockets.SocketError.ConnectionReset)
        {
            // The server had not read all that the client sent.
        }
    }

    private static void AssertStops(ServerProcess server)
    {
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.All(server.Stderr, line => Assert.Matches(@"^aotserve: a request failed( \((GET|POST) /[^ )]*\))?: InvalidOperationException: ", line));
    }
}
