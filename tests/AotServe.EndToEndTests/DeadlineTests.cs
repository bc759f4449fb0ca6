using System.Linq;
using System.Net.Sockets;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>How long a client may take, and how much of the server one may have.</summary>
public sealed class DeadlineTests(PublishedServer published)
{
    [Theory]
    [Pollers]
    public void A_head_that_is_not_finished_in_time_is_408(string poller)
    {
        using var server = ServerProcess.Serve(published.Binary, "--poller", poller, "--head-timeout", "0.2");
        using var client = new RawClient(server.Port);
        client.Send("GET / HTTP/1.1\r\n");
        Answer answer = client.Read();
        Assert.Equal(408, answer.Status);
        Assert.True(answer.Closes);
        client.AssertClosed();
    }

    [Theory]
    [Pollers]
    public void Bytes_of_a_head_that_trickle_in_buy_no_time(string poller)
    {
        using var server = ServerProcess.Serve(published.Binary, "--poller", poller, "--head-timeout", "0.5");
        using var client = new RawClient(server.Port);
        Eventually.Holds(
            () =>
            {
                try
                {
                    client.Send("G");
                }
                catch (SocketException)
                {
                    return true;
                }

                return client.Available > 0;
            },
            "the head is refused while its bytes still come");
        Assert.Equal(408, client.Read().Status);
    }

    [Theory]
    [Pollers]
    public void A_body_that_stands_still_is_408(string poller)
    {
        using var server = ServerProcess.Serve(published.Binary, "--poller", poller, "--stall-timeout", "0.2");
        using var client = new RawClient(server.Port);
        client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
        Answer answer = client.Read();
        Assert.Equal(408, answer.Status);
        Assert.True(answer.Closes);
    }

    [Theory]
    [InlineData("HEAD / HTTP/1.1\r\nHost: h\r\n")]
    [InlineData("HEAD / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc")]
    public void A_HEAD_that_comes_too_slowly_gets_no_content_with_its_408(string request)
    {
        using var server = ServerProcess.Serve(published.Binary, "--head-timeout", "0.2", "--stall-timeout", "0.2");
        using var client = new RawClient(server.Port);
        client.Send(request);
        Assert.Equal(408, client.Read("HEAD").Status);
        client.AssertClosed();
    }

    [Fact]
    public void A_body_that_keeps_moving_but_too_slowly_is_408()
    {
        using var server = ServerProcess.Serve(published.Binary, "--stall-timeout", "1", "--min-rate", "1000000");
        using var client = new RawClient(server.Port);
        client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");
        Eventually.Holds(
            () =>
            {
                client.Send("x");
                return client.Available > 0;
            },
            "the body is given up while its bytes still come");
        Assert.Equal(408, client.Read().Status);
    }

    [Theory]
    [Pollers]
    public void A_client_that_takes_nothing_of_its_answer_is_cut_off(string poller)
    {
        using var folder = new TemporaryFolder();
        folder.Write("large", new string('x', 64 * 1024 * 1024));
        using var server = ServerProcess.Serve(published.Binary, folder.Root, "--poller", poller, "--stall-timeout", "0.3");
        int before = Proc.SocketCount(server.Pid);
        using var client = new RawClient(server.Port);
        client.Send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
        Eventually.Holds(() => client.Available > 0, "the answer begins");
        Eventually.Holds(() => Proc.SocketCount(server.Pid) == before, "the connection is gone");
    }

    [Theory]
    [Pollers]
    public void A_connection_without_requests_is_closed_without_a_word(string poller)
    {
        using var server = ServerProcess.Serve(published.Binary, "--poller", poller, "--idle-timeout", "0.2");
        using (var fresh = new RawClient(server.Port))
        {
            fresh.AssertClosed();
        }

        using var used = new RawClient(server.Port);
        Assert.Equal(200, used.Get("/").Status);
        used.AssertClosed();
    }

    [Fact]
    public void The_last_request_that_a_connection_may_send_is_answered_with_close()
    {
        using var server = ServerProcess.Serve(published.Binary, "--max-requests", "3");
        using var client = new RawClient(server.Port);
        Assert.Equal([false, false, true], Enumerable.Range(0, 3).Select(_ => client.Get("/").Closes));
        client.AssertClosed();
    }

    [Fact]
    public void Connections_beyond_the_most_wait_until_one_has_closed()
    {
        using var server = ServerProcess.Serve(published.Binary, "--max-connections", "2");
        var first = new RawClient(server.Port);
        using var second = new RawClient(server.Port);
        Assert.Equal(200, first.Get("/").Status);
        Assert.Equal(200, second.Get("/").Status);

        using var third = new RawClient(server.Port);
        third.Send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        Assert.Equal(200, second.Get("/").Status);
        first.Dispose();
        Assert.Equal(200, third.Read().Status);
    }

    [Fact]
    public void Where_all_places_are_taken_an_idle_connection_makes_room()
    {
        using var server = ServerProcess.Serve(published.Binary, "--max-connections", "1");
        using var idle = new RawClient(server.Port);
        Assert.Equal(200, idle.Get("/").Status);

        using var next = new RawClient(server.Port);
        next.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.Equal(200, next.Read().Status);
        idle.AssertClosed();
    }

    [Fact]
    public void One_address_gets_no_more_than_its_share()
    {
        using var server = ServerProcess.Serve(published.Binary, "--max-per-address", "2");
        var first = new RawClient(server.Port);
        using var second = new RawClient(server.Port);
        Assert.Equal(200, first.Get("/").Status);
        Assert.Equal(200, second.Get("/").Status);
        using (var third = new RawClient(server.Port))
        {
            Answer refusal = third.Get("/");
            Assert.Equal(429, refusal.Status);
            Assert.True(refusal.Closes);
            third.AssertClosed();
        }

        using (var silent = new RawClient(server.Port))
        {
            silent.AssertClosed();
        }

        first.Dispose();
        Eventually.Holds(
            () =>
            {
                using var next = new RawClient(server.Port);
                return next.Get("/").Status == 200;
            },
            "there is a place again");
    }

    [Fact]
    public void Far_more_connections_of_an_address_than_its_share_are_closed_at_once()
    {
        using var server = ServerProcess.Serve(published.Binary, "--max-per-address", "1");
        RawClient[] crowd = Enumerable.Range(0, 100).Select(_ => new RawClient(server.Port)).ToArray();
        try
        {
            Assert.Equal(200, crowd[0].Get("/").Status);
            foreach (RawClient client in crowd[50..])
            {
                client.AssertClosed();
            }

            Assert.Equal(200, crowd[0].Get("/").Status);
        }
        finally
        {
            foreach (RawClient client in crowd)
            {
                client.Dispose();
            }
        }
    }

    [Fact]
    public void A_connection_that_came_too_many_has_its_place_once_another_has_gone()
    {
        using var server = ServerProcess.Serve(published.Binary, "--max-per-address", "1");
        var first = new RawClient(server.Port);
        Assert.Equal(200, first.Get("/").Status);
        using var second = new RawClient(server.Port);
        second.Send("GET / HTTP/1.1\r\n");
        first.HalfClose();
        first.AssertClosed();
        second.Send("Host: h\r\n\r\n");
        Assert.Equal(200, second.Read().Status);
        Assert.Equal(200, second.Get("/").Status);
    }

    [Fact]
    public void Bodies_beyond_the_memory_for_them_are_503_and_the_rest_goes_on()
    {
        using var server = ServerProcess.Serve(published.Binary, "--buffer-memory", "1");
        RawClient[] crowd = Enumerable.Range(0, 8).Select(_ => new RawClient(server.Port)).ToArray();
        try
        {
            foreach (RawClient client in crowd)
            {
                client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 500000\r\n\r\n" + new string('x', 400_000));
            }

            Eventually.Holds(() => crowd.Any(client => client.Available > 0), "one is refused");
            Assert.Equal(503, crowd.First(client => client.Available > 0).Read().Status);

            using var small = new RawClient(server.Port);
            Assert.Equal(200, small.Get("/").Status);
        }
        finally
        {
            foreach (RawClient client in crowd)
            {
                client.Dispose();
            }
        }

        Eventually.Holds(
            () =>
            {
                using var client = new RawClient(server.Port);
                client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 400000\r\n\r\n" + new string('x', 400_000));
                return client.Read().Status == 200;
            },
            "the memory is given back");
    }
}
