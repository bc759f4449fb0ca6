using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>
/// Clients that take all the places of <c>--max-connections</c> and do not go on: a client that does gets a place all the same.
/// All time limits are long, so that only an eviction can make room.
/// </summary>
public sealed class EvictionTests(PublishedServer published)
{
    private const int Places = 60;
    private const int Attackers = 90;

    /// <summary>Who waits for less is never evicted.</summary>
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(100);

    public static TheoryData<string, string> Attacks
    {
        get
        {
            var attacks = new TheoryData<string, string>();
            foreach (string poller in OperatingSystem.IsLinux() ? ["epoll", "select"] : (string[])["select"])
            {
                attacks.Add(poller, "");
                attacks.Add(poller, "G");
                attacks.Add(poller, "GET / HTTP/1.1\r\nHost: h\r\n\r\nG");
                attacks.Add(poller, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nh");
                attacks.Add(poller, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nh");
                attacks.Add(poller, "GET / HTTP/9.9\r\n\r\n"); // An error, after which the server waits for the client to close.
            }

            return attacks;
        }
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public void A_client_that_goes_on_gets_a_place(string poller, string request)
    {
        using ServerProcess server = Serve(poller);
        using var attack = new Attack(server.Port, request);
        Eventually.Holds(() => attack.Connected == Attackers, "all are in the accept queue or beyond");
        foreach (IPAddress source in (IPAddress[])[IPAddress.Loopback, IPAddress.Parse("127.0.0.2")])
        {
            for (int i = 0; i < 5; i++)
            {
                GoOn(server, source, requests: 2);
            }
        }
    }

    [Fact]
    public void A_byte_now_and_then_makes_no_connection_safe()
    {
        using ServerProcess server = Serve("epoll");
        using var attack = new Attack(server.Port, "GET / HTTP/1.1\r\nX: ", trickle: true);
        Eventually.Holds(() => attack.Connected == Attackers, "all are in the accept queue or beyond");
        for (int i = 0; i < 5; i++)
        {
            GoOn(server, IPAddress.Loopback, requests: 1);
        }
    }

    [Fact]
    public void A_request_that_is_being_answered_is_not_evicted_and_its_response_is_whole()
    {
        using ServerProcess server = Serve("epoll", "--threads", "8");
        RawClient[] asleep = [.. Enumerable.Range(0, 4).Select(_ => new RawClient(server.Port, source: IPAddress.Parse("127.0.0.2")))];
        foreach (RawClient client in asleep)
        {
            client.Send("GET /sleep?ms=2000 HTTP/1.1\r\nHost: h\r\n\r\n");
        }

        using var attack = new Attack(server.Port, "G");
        Assert.All(asleep, client =>
        {
            Assert.Equal(200, client.Read().Status);
            client.Dispose();
        });
    }

    /// <summary>
    /// A client that goes on is answered. One that paused for <see cref="LeastWait"/> may be evicted: busy processors or its first
    /// handshake held it up, and it tries again.
    /// </summary>
    private static void GoOn(ServerProcess server, IPAddress source, int requests)
    {
        var whole = Stopwatch.StartNew();
        while (true)
        {
            var attempt = Stopwatch.StartNew();
            try
            {
                using var client = new RawClient(server.Port, source: source);
                for (int i = 0; i < requests; i++)
                {
                    Assert.Equal(200, client.Get("/").Status);
                }

                return;
            }
            catch (Exception exception) when (exception is IOException or SocketException && attempt.Elapsed >= LeastWait && whole.Elapsed < Eventually.Bound)
            {
            }
        }
    }

    private ServerProcess Serve(string poller, params string[] arguments) => ServerProcess.Serve(
        published.Binary,
        [
            "--max-connections", $"{Places}", "--poller", poller, "--head-timeout", "3600", "--stall-timeout", "3600", "--min-rate", "0",
            "--idle-timeout", "3600", .. arguments,
        ]);

    /// <summary>Clients that connect, send the beginning of a request, and connect again as soon as they are closed.</summary>
    private sealed class Attack : IDisposable
    {
        private readonly IPEndPoint _server;
        private readonly byte[] _request;
        private readonly bool _trickles;
        private readonly List<Socket> _sockets = [];
        private readonly Thread _thread;
        private volatile bool _isOver;

        public Attack(int port, string request, bool trickle = false)
        {
            _server = new IPEndPoint(IPAddress.Loopback, port);
            _request = Encoding.ASCII.GetBytes(request);
            _trickles = trickle;
            _thread = new Thread(Run);
            _thread.Start();
        }

        /// <summary>How many have connected so far, but no more than there are attackers.</summary>
        public int Connected { get; private set; }

        public void Dispose()
        {
            _isOver = true;
            _thread.Join();
            _sockets.ForEach(socket => socket.Dispose());
        }

        private void Run()
        {
            byte[] scratch = new byte[4096];
            while (!_isOver)
            {
                while (_sockets.Count < Attackers && !_isOver)
                {
                    var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                    socket.Connect(_server);
                    socket.Blocking = false;
                    socket.Send(_request, SocketFlags.None, out _);
                    _sockets.Add(socket);
                    Connected = Math.Max(Connected, _sockets.Count);
                }

                // Closed by the server: gone at once.
                List<Socket> readable = [.. _sockets];
                Socket.Select(readable, null, null, 20_000);
                foreach (Socket socket in readable)
                {
                    int count = socket.Receive(scratch, SocketFlags.None, out SocketError error);
                    if (count == 0 && error != SocketError.WouldBlock)
                    {
                        socket.Dispose();
                        _sockets.Remove(socket);
                    }
                }

                foreach (Socket socket in _trickles ? _sockets : [])
                {
                    socket.Send("x"u8, SocketFlags.None, out _);
                }
            }
        }
    }
}
