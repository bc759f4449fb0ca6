using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using AotServe.Buffers;
using AotServe.Http;
using AotServe.Net;
using AotServe.Workers;
using Xunit;

namespace AotServe.Tests.Net;

/// <summary>Responses that wait for the work of another thread. There is one worker, so whatever held it would be seen.</summary>
public sealed class DeferredTests : IDisposable
{
    private const int Bound = 30_000; // ms; for waits that end much sooner.

    private readonly CancellationTokenSource _cutOff = new();
    private readonly DeferringHandler _handler = new();
    private Server? _server;
    private EndPoint? _address;

    public static TheoryData<bool> Pollers => OperatingSystem.IsLinux() ? new(false, true) : new(false);

    private Server Server => _server!;

    public void Dispose()
    {
        _cutOff.Cancel();
        Server.CloseListeners(AcceptQueueOwner.ThisServer);
        Server.CloseAllConnections();
        Server.Pool.Dispose();
        Server.Dispose();
        _cutOff.Dispose();
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void The_worker_serves_others_until_the_work_is_done(bool epoll)
    {
        Start(epoll);
        using Socket waiting = Send(Get("/wait/a"));
        _handler.Await("a");
        using Socket other = Send(Get("/x"));
        Assert.Equal("/x", Receive(other, 1));
        Assert.Equal(0, waiting.Available);

        _handler["a"].Finish();
        Assert.Equal("/wait/a after a", Receive(waiting, 1));
        Assert.Equal(2, Server.Requests);
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Pipelined_responses_keep_their_order_and_those_before_it_are_not_held_back(bool epoll)
    {
        Start(epoll);
        using Socket client = Send(Get("/1") + Get("/2") + Get("/wait/a") + Get("/3") + Get("/wait/b") + Get("/4"));
        Assert.Equal("/1|/2", Receive(client, 2));
        _handler.Await("a");
        _handler["a"].Finish();
        Assert.Equal("/wait/a after a|/3", Receive(client, 2));
        _handler.Await("b");
        client.Send(Encoding.ASCII.GetBytes(Get("/5")));
        _handler["b"].Finish();
        Assert.Equal("/wait/b after b|/4|/5", Receive(client, 3));
        Assert.Equal(7, Server.Requests);
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void A_body_is_there_again_whether_it_came_at_once_or_in_pieces(bool epoll)
    {
        Start(epoll);
        using Socket whole = Send("POST /wait/a HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody" + Get("/next"));
        using Socket pieces = Send("POST /wait/a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nbo\r\n");
        _handler.Await("a");
        pieces.Send("2\r\ndy\r\n0\r\n\r\n"u8);
        pieces.Send(Encoding.ASCII.GetBytes(Get("/next")));
        _handler["a"].Finish();
        Assert.Equal("/wait/a after a body|/next", Receive(whole, 2));
        Assert.Equal("/wait/a after a body|/next", Receive(pieces, 2));
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Many_may_wait_for_the_same_work_and_one_may_wait_for_several(bool epoll)
    {
        Start(epoll);
        Socket[] clients = [.. Enumerable.Range(0, 20).Select(_ => Send(Get("/wait/a/b")))];
        _handler.Await("a");
        _handler["a"].Finish();
        _handler.Await("b");
        _handler["b"].Finish();
        foreach (Socket client in clients)
        {
            Assert.Equal("/wait/a/b after b", Receive(client, 1));
            client.Dispose();
        }

        Assert.Equal(20, Server.Requests);
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Work_that_is_done_at_once_is_not_waited_for(bool epoll)
    {
        Start(epoll);
        _handler["a"].Finish();
        using Socket client = Send(Get("/wait/a") + Get("/x"));
        Assert.Equal("/wait/a after a|/x", Receive(client, 2));
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void A_stop_waits_for_it_and_a_cut_off_counts_it(bool epoll)
    {
        Start(epoll);
        using Socket client = Send(Get("/wait/a"));
        using Socket cut = Send(Get("/wait/b"));
        _handler.Await("a");
        _handler.Await("b");
        Server.CloseListeners(AcceptQueueOwner.ThisServer);
        Server.CloseIdleConnections();
        _handler["a"].Finish();
        Assert.Equal("/wait/a after a", Receive(client, 1));
        Eventually.Holds(() => Server.Connections.Count == 1, "the first connection is closed");
        Assert.Equal(0, Server.RequestsCutOff);

        _cutOff.Cancel();
        Server.CloseAllConnections();
        Assert.Equal(0, cut.Receive(new byte[1]));
        Server.Pool.Dispose();
        Assert.Equal(1, Server.RequestsCutOff);
        _handler["b"].Finish(); // Nobody waits any more.
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void A_client_that_leaves_meanwhile_leaves_nothing_behind(bool epoll)
    {
        Start(epoll);
        using (Socket client = Send(Get("/wait/a")))
        {
            _handler.Await("a");
        }

        _handler["a"].Finish();
        Eventually.Holds(() => Server.Connections.Count == 0, "the connection is closed");
    }

    private static string Get(string path) => $"GET {path} HTTP/1.1\r\nHost: h\r\n\r\n";

    /// <summary>The contents of so many responses.</summary>
    private static string Receive(Socket client, int responses)
    {
        byte[] bytes = new byte[4096];
        int length = 0;
        string[] contents = [];
        while (contents.Length < responses)
        {
            int count = client.Receive(bytes.AsSpan(length));
            Assert.NotEqual(0, count);
            length += count;
            string text = Encoding.ASCII.GetString(bytes, 0, length);
            contents = [.. text.Split("\r\n\r\n").Skip(1).Where(part => part.Contains('\n', StringComparison.Ordinal))
                .Select(part => part[..part.IndexOf('\n', StringComparison.Ordinal)])];
        }

        return string.Join('|', contents);
    }

    private void Start(bool epoll)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Blocking = false;
        listener.Listen();
        _address = listener.LocalEndPoint!;
        IPoller poller = epoll && OperatingSystem.IsLinux() ? new EpollPoller() : new SelectPoller();
        _server = new Server(
            [new ServedSocket(listener, _handler)], poller, new ConnectionLimits(), new BufferBudget(1 << 20), new DrainState(), _cutOff.Token,
            (e, _) => Assert.Fail(e.ToString()), 1, new WorkerPoolOptions { InitialWorkers = 0 });
        _server.Pool.Start();
        _server.Start();
    }

    private Socket Send(string request)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = Bound };
        client.Connect(_address!);
        client.Send(Encoding.ASCII.GetBytes(request));
        return client;
    }

    /// <summary>Work that is done when a test says so.</summary>
    private sealed class Work : Deferral
    {
        public ManualResetEventSlim Asked { get; } = new();

        public void Finish() => Complete();
    }

    /// <summary>
    /// Answers with the path; <c>/wait/a/b</c> first waits for the work named a, then for that named b, and then says so and
    /// adds the body.
    /// </summary>
    private sealed class DeferringHandler : IRequestHandler
    {
        private readonly ConcurrentDictionary<string, Work> _work = new();

        public Work this[string name] => _work.GetOrAdd(name, _ => new Work());

        public void Await(string name) => Assert.True(this[name].Asked.Wait(Bound));

        public BodyUse UseOfBody(RequestHead head) => BodyUse.Read;

        public void Answer(RequestHead head, ReadOnlySpan<byte> body, Response response)
        {
            string path = Encoding.ASCII.GetString(head.Path);
            string content = path;
            if (path.StartsWith("/wait/", StringComparison.Ordinal))
            {
                string[] names = path["/wait/".Length..].Split('/');
                int next = response.Resumed is null ? 0 : Array.IndexOf(names, names.Single(name => this[name] == response.Resumed)) + 1;
                if (next < names.Length)
                {
                    this[names[next]].Asked.Set();
                    response.Defer(this[names[next]]);
                    return;
                }

                content = $"{path} after {names[^1]}" + (body.IsEmpty ? "" : " " + Encoding.ASCII.GetString(body));
            }

            response.Start(200);
            response.EndWithBody(Encoding.ASCII.GetBytes(content + "\n"));
        }
    }
}
