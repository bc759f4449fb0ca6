using System;
using System.Collections.Generic;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>How a connection by TLS begins and ends on the native binary: slowly, byte by byte, behind a proxy, or not at all.</summary>
public sealed class TlsConnectionTests : IDisposable
{
    private const byte Alert = 21;

    private readonly PublishedServer _published;
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _pair;

    public TlsConnectionTests(PublishedServer published)
    {
        _published = published;
        _folder.Write("index.html", "home");
        using var certificate = TestCertificate.SelfSigned("localhost");
        _pair = ["--tls-cert", _folder.Write("../chain", certificate.Pem), "--tls-key", _folder.Write("../key", certificate.KeyPem)];
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("close")]
    [InlineData("idle")]
    [InlineData("stop")]
    [InlineData("error")]
    public void An_orderly_end_is_said_by_close_notify(string how)
    {
        TappedStream? tap = null;
        using ServerProcess server = Serve("--idle-timeout", how == "idle" ? "1" : "60");
        using var client = new RawClient(
            server.Port, new SslClientAuthenticationOptions { EnabledSslProtocols = SslProtocols.Tls12 }, stream => tap = new TappedStream(stream));
        Assert.Equal(200, client.Get("/").Status);
        switch (how)
        {
            case "close":
                Assert.Equal(200, client.Get("/", "Connection: close").Status);
                break;
            case "error":
                client.Send("NO NO NO\r\n\r\n");
                Assert.Equal(400, client.Read().Status);
                break;
            case "stop":
                Thread.Sleep(1_100); // Longer idle than what a stop waits for.
                server.Signal(Posix.SIGTERM);
                break;
        }

        client.AssertClosed();

        Assert.Equal(Alert, TypesOfRecords(tap!.ReadBytes)[^1]);
    }

    [Fact]
    public void Byte_by_byte_it_works_too()
    {
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port, new SslClientAuthenticationOptions(), stream => new TappedStream(stream, singly: true));

        Assert.Equal("home", client.Get("/").Text);
        Assert.Equal("home", client.Get("/").Text);
    }

    [Fact]
    public void A_handshake_that_does_not_go_on_is_closed_and_holds_nobody_up()
    {
        using ServerProcess server = Serve("--head-timeout", "1");
        List<Socket> slow = [];
        for (int i = 0; i < 50; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = (int)Eventually.Bound.TotalMilliseconds };
            socket.Connect("127.0.0.1", server.Port);
            socket.Send([22, 3, 1, 1, 0, 1, 0]);
            slow.Add(socket);
        }

        using var client = new RawClient(server.Port, new SslClientAuthenticationOptions());
        Assert.Equal(200, client.Get("/").Status);

        Assert.All(slow, socket =>
        {
            Assert.Equal(0, socket.Receive(new byte[100]));
            socket.Dispose();
        });
    }

    [Fact]
    public void What_is_no_TLS_is_told_so_and_closed()
    {
        using ServerProcess server = Serve("--verbose");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = (int)Eventually.Bound.TotalMilliseconds };
        socket.Connect("127.0.0.1", server.Port);
        socket.Send([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
        byte[] answer = new byte[100];
        int length = socket.Receive(answer);

        Assert.True(length == 0 || answer[0] == Alert);
        Assert.Equal(0, length == 0 ? 0 : socket.Receive(answer));
        server.AwaitLine(line => line.Contains("no TLS with this client: ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_proxy_names_its_client_before_TLS()
    {
        using ServerProcess server = Serve("--proxy-protocol", "--trusted-proxy", "127.0.0.1", "--access-log", "-");
        using var client = new RawClient(server.Port, new SslClientAuthenticationOptions(), stream =>
        {
            stream.Write("PROXY TCP4 192.0.2.7 "u8);
            Thread.Sleep(50);
            stream.Write("198.51.100.1 56324 443\r\n"u8);
            return stream;
        });

        Assert.Equal(200, client.Get("/").Status);
        server.AwaitLine(line => line.StartsWith("192.0.2.7 ", StringComparison.Ordinal));
    }

    /// <summary>The types of the records in what a server has sent by TLS 1.2, which does not hide them.</summary>
    private static List<byte> TypesOfRecords(byte[] bytes)
    {
        List<byte> types = [];
        for (int at = 0; at < bytes.Length; at += 5 + (bytes[at + 3] << 8) + bytes[at + 4])
        {
            types.Add(bytes[at]);
        }

        return types;
    }

    private ServerProcess Serve(params string[] arguments) =>
        ServerProcess.Serve(_published.TlsBinary, [_folder.Root, .. _pair, .. arguments]);
}
