using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>
/// Crowds that never come to the end of a handshake or of a record. There are ten thousand of them, or as many as descriptors allow, and
/// a tenth of that where each makes a handshake itself.
/// </summary>
[Collection(CrowdTests.Alone)]
public sealed class TlsCrowdTests(PublishedServer published) : IDisposable
{
    private const int Wanted = 10_000;

    /// <summary>The most that a connection in a handshake may take of the server's memory, in KiB, and the most of the server besides.</summary>
    private const int MostEach = 64;
    private const int MostBesides = 64 * 1024;

    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _hello = ClientHello.Make();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("silence")]
    [InlineData("half a ClientHello")]
    [InlineData("a ClientHello")]
    [InlineData("half a record")]
    public void A_normal_client_is_served_among_those_who_do_not_go_on(string how)
    {
        int count = (int)long.Min(how == "half a record" ? Wanted / 10 : Wanted, Posix.DescriptorLimit() - 500);
        using ServerProcess server = Serve("", "--head-timeout", "600");
        var crowd = new Socket[count];
        try
        {
            for (int i = 0; i < count; i++)
            {
                crowd[i] = Join(server.Port, how);
            }

            Eventually.Holds(() => Proc.SocketCount(server.Pid) > count, "the whole crowd is accepted");
            AssertServes(server);
            long memory = long.Parse(Proc.ThreadStatuses(server.Pid)[0]["VmRSS"].Split(' ')[0], CultureInfo.InvariantCulture);
            TestContext.Current.TestOutputHelper?.WriteLine($"{how}: {count} clients, {memory / 1024} MiB resident");
            Assert.InRange(memory, 0, (count * MostEach) + MostBesides);

            // A stop waits for what has begun, as for a request of which a byte has arrived.
            Array.ForEach(crowd, client => client.Dispose());
            server.Signal(Posix.SIGTERM);
            Assert.Equal(0, server.WaitForOutput());
            Assert.Empty(server.Stderr);
        }
        finally
        {
            Array.ForEach(crowd, client => client?.Dispose());
        }
    }

    [Theory]
    [InlineData("half a ClientHello")]
    [InlineData("a ClientHello")]
    public void A_handshake_that_does_not_go_on_ends_with_the_time_for_a_head(string how)
    {
        const int Count = 200;
        using ServerProcess server = Serve("", "--head-timeout", "0.5");
        int atRest = Proc.SocketCount(server.Pid);
        Socket[] crowd = [.. Enumerable.Range(0, Count).Select(_ => Join(server.Port, how))];
        Eventually.Holds(() => Proc.SocketCount(server.Pid) == atRest, "all of them are closed");
        AssertServes(server);
        Array.ForEach(crowd, client => client.Dispose());
    }

    [Fact]
    public void A_ClientHello_that_comes_byte_by_byte_buys_no_time()
    {
        using ServerProcess server = Serve("", "--head-timeout", "0.5");
        using Socket slow = Join(server.Port, "silence");
        int sent = 0;
        Eventually.Holds(
            () =>
            {
                slow.Send(_hello.AsSpan(sent++ % 100, 1), SocketFlags.None, out SocketError error);
                return error is SocketError.ConnectionReset or SocketError.Shutdown || (slow.Poll(0, SelectMode.SelectRead) && slow.Available == 0);
            },
            "it is closed while its bytes still come");
        Assert.InRange(sent, 1, 100_000);
        AssertServes(server);
    }

    [Theory]
    [InlineData("silence")]
    [InlineData("half a ClientHello")]
    [InlineData("a ClientHello")]
    [InlineData("half a record")]
    public void Who_does_not_go_on_gives_way_where_the_descriptors_are_used_up(string how)
    {
        using ServerProcess server = Serve("ulimit -n 64; ", "--head-timeout", "600", "--idle-timeout", "600");
        Socket[] crowd = [.. Enumerable.Range(0, 200).Select(_ => Join(server.Port, how))];
        AssertServes(server);
        Array.ForEach(crowd, client => client.Dispose());
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
    }

    /// <summary>A client that has come so far and goes no further.</summary>
    private Socket Join(int port, string how)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        switch (how)
        {
            case "half a ClientHello":
                socket.Send(_hello.AsSpan(0, _hello.Length / 2));
                break;
            case "a ClientHello":
                socket.Send(_hello);
                break;
            case "half a record":
                // Not disposed of: that would end the session.
                new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: true, (_, _, _, _) => true).AuthenticateAsClient("localhost");
                socket.Send([23, 3, 3, 1, 0, 1, 2, 3]); // The head of a record of application data of 256 bytes, and three of them.
                break;
            default:
                break;
        }

        return socket;
    }

    private static void AssertServes(ServerProcess server)
    {
        for (int i = 0; i < 10; i++)
        {
            using var client = new RawClient(server.Port, new SslClientAuthenticationOptions());
            Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal(200, client.Get("/").Status));
        }
    }

    private ServerProcess Serve(string limits, params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "TLS is there for Linux only.");
        using var certificate = TestCertificate.SelfSigned("localhost");
        string chain = _folder.Write("../chain", certificate.Pem);
        string key = _folder.Write("../key", certificate.KeyPem);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return ServerProcess.Serve(new ServerStart
        {
            Binary = published.TlsBinary,
            Arguments = ["--port", "0", "--bind", "127.0.0.1", "--tls-cert", chain, "--tls-key", key, .. arguments],
            Shell = limits + "exec \"$0\" \"$@\"",
        });
    }
}
