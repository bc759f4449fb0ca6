using System;
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

/// <summary>
/// What counts as cut off, and with it the exit code: a request is counted once, by the owner of its connection, when the
/// cut-off came before its response was wholly with the kernel.
/// </summary>
public sealed class CutOffTests : IDisposable
{
    private const int Bound = 30_000; // ms; for waits that end much sooner.

    private readonly CancellationTokenSource _cutOff = new();
    private readonly GatedHandler _handler = new();
    private readonly Server _server;
    private readonly EndPoint _address;

    public CutOffTests()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Blocking = false;
        listener.Listen();
        _address = listener.LocalEndPoint!;
        _server = new Server(
            [new ServedSocket(listener, _handler)], new SelectPoller(), new ConnectionLimits(), new BufferBudget(1 << 30), new DrainState(), _cutOff.Token, (_, _) => { },
            2, new WorkerPoolOptions { InitialWorkers = 0 });
        _server.Pool.Start();
        _server.Start();
    }

    public void Dispose()
    {
        _handler.Open();
        _cutOff.Cancel();
        _server.CloseListeners(AcceptQueueOwner.ThisServer);
        _server.CloseAllConnections();
        _server.Pool.Dispose();
        _server.Dispose();
        _cutOff.Dispose();
    }

    [Theory]
    [InlineData("GET /answer HTTP/1.1\r\nHost: a\r\n\r\n")] // The cut-off comes while the handler answers.
    [InlineData("POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody")] // While it says what to do with the body.
    public void A_request_that_a_worker_has_in_its_hands_is_counted_although_it_is_answered_after_all(string request)
    {
        using Socket client = Send(request);
        Assert.True(_handler.Entered.Wait(Bound));
        CutOff();
        _handler.Open();
        AwaitEnd();
        Assert.Equal(1, _server.RequestsCutOff);
    }

    [Theory]
    [InlineData("GET /half HTTP/1.1\r\nHo")]
    [InlineData("POST /half HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nbody")]
    public void A_request_that_has_begun_to_arrive_is_counted(string beginning)
    {
        _handler.Open();
        using Socket client = Send("GET /first HTTP/1.1\r\nHost: a\r\n\r\n" + beginning);
        Receive(client); // The worker that answered the first request has seen the second.
        CutOff();
        AwaitEnd();
        Assert.Equal(1, _server.RequestsCutOff);
    }

    [Fact]
    public void Connections_that_are_idle_or_answered_are_not()
    {
        _handler.Open();
        using Socket answered = Send("GET /done HTTP/1.1\r\nHost: a\r\n\r\n");
        Receive(answered);
        using Socket last = Send("GET /done HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        Receive(last);
        using Socket idle = Send("");
        Assert.True(SpinWait.SpinUntil(() => _server.Connections.Accepted == 3, Bound));
        CutOff();
        AwaitEnd();
        Assert.Equal(0, _server.RequestsCutOff);
    }

    private void CutOff()
    {
        _server.CloseListeners(AcceptQueueOwner.ThisServer);
        _cutOff.Cancel();
        _server.CloseAllConnections();
    }

    /// <summary>The count is final when the workers have ended.</summary>
    private void AwaitEnd() => _server.Pool.Dispose();

    private Socket Send(string request)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = Bound };
        client.Connect(_address);
        client.Send(Encoding.ASCII.GetBytes(request));
        return client;
    }

    private static void Receive(Socket client)
    {
        byte[] bytes = new byte[4096];
        int length = 0;
        do
        {
            int count = client.Receive(bytes.AsSpan(length));
            Assert.NotEqual(0, count);
            length += count;
        }
        while (!Encoding.ASCII.GetString(bytes, 0, length).EndsWith("done\n", StringComparison.Ordinal));
    }

    /// <summary>Answers once it was told to.</summary>
    private sealed class GatedHandler : IRequestHandler
    {
        private readonly ManualResetEventSlim _gate = new();

        public ManualResetEventSlim Entered { get; } = new();

        public void Open() => _gate.Set();

        public BodyUse UseOfBody(RequestHead head)
        {
            Pass();
            return BodyUse.Read;
        }

        public void Answer(RequestHead head, ReadOnlySpan<byte> body, Response response)
        {
            Pass();
            response.Start(200);
            response.EndWithBody("done\n"u8);
        }

        private void Pass()
        {
            Entered.Set();
            _gate.Wait();
        }
    }
}
