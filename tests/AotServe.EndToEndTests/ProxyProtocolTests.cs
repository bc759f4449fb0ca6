using System;
using System.Linq;
using System.Net;
using System.Text;
using AotServe.EndToEndTests.Harness;
using Xunit;
using static AotServe.EndToEndTests.Harness.SignIn;

namespace AotServe.EndToEndTests;

/// <summary>
/// <c>--proxy-protocol</c>: a connection is that of the client whom a trusted proxy names at its beginning, and nobody else's words count.
/// </summary>
public sealed class ProxyProtocolTests(PublishedServer published) : IDisposable
{
    private const string Request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private const string Signature = "\r\n\r\n\0\r\nQUIT\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, "192.0.2.1", "192.0.2.2")]
    [InlineData(2, "192.0.2.1", "192.0.2.2")]
    [InlineData(1, "2001:db8::1", "2001:db8:0:1::1")]
    [InlineData(2, "2001:db8::1", "2001:db8:0:1::1")]
    public void Connections_are_counted_by_the_client_that_is_named(int version, string name, string other)
    {
        using ServerProcess server = Serve("--max-per-address", "1");
        using var first = new RawClient(server.Port);
        first.Send(Header(version, name) + Request);
        Assert.Equal(200, first.Read().Status);
        Assert.Equal(200, Ask(server, Header(version, other)).Status);
        Assert.Equal(429, Ask(server, Header(version, name)).Status);
        Assert.Equal(200, first.Get("/").Status);

        // Its place is given back.
        first.Dispose();
        Eventually.Holds(() => Ask(server, Header(3 - version, name)).Status == 200, "the client has its place again");
    }

    [Fact]
    public void Far_more_connections_of_one_client_than_it_may_have_are_closed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Sockets are counted in /proc.");
        using ServerProcess server = Serve("--max-per-address", "1");
        int before = Proc.SocketCount(server.Pid);
        RawClient[] clients = [.. Enumerable.Range(0, 20).Select(_ => new RawClient(server.Port))];
        Eventually.Holds(() => Proc.SocketCount(server.Pid) == before + clients.Length, "all are accepted");
        Array.ForEach(clients, client => client.Send(Header(1, "192.0.2.1")));
        Eventually.Holds(() => Proc.SocketCount(server.Pid) == before + 1 + 8, "one and eight to be answered with 429 are left");
        Assert.Equal(200, Ask(server, Header(1, "192.0.2.2")).Status);
        Array.ForEach(clients, client => client.Dispose());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Who_guesses_does_not_lock_out_other_clients_of_the_proxy(int version)
    {
        using ServerProcess server = ServeUsers();
        FailUntilRefused(server, Header(version, "192.0.2.1"));
        Assert.Equal(200, Ask(server, Header(version, "192.0.2.2"), Credentials("ann", "sécret")).Status);
    }

    [Fact]
    public void Fields_count_behind_a_header_only_if_the_client_that_it_names_is_a_proxy_too()
    {
        using ServerProcess server = ServeUsers("--trusted-proxy", "10.0.0.0/8");
        string proxy = Header(1, "10.1.1.1");
        FailUntilRefused(server, proxy, "X-Forwarded-For: 192.0.2.1");
        Assert.Equal(200, Ask(server, proxy, Credentials("ann", "sécret"), "X-Forwarded-For: 192.0.2.2").Status);

        // One that is none says what it likes, and stays who it is.
        int i = 0;
        string client = Header(2, "198.51.100.1");
        Eventually.Holds(
            () => Ask(server, client, Credentials("ann", "wrong"), $"X-Forwarded-For: 2001:db8:{i++:x}::1").Status == 429, "the client is refused");
        Assert.Equal(200, Ask(server, Header(2, "198.51.100.2"), Credentials("ann", "sécret")).Status);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_header_may_come_byte_by_byte_or_with_many_requests_behind_it(int version)
    {
        using ServerProcess server = Serve("--max-per-address", "1");
        using var slow = new RawClient(server.Port);
        slow.SendInPieces(Header(version, "192.0.2.1") + Request, 1);
        Assert.Equal(200, slow.Read().Status);
        Assert.Equal(429, Ask(server, Header(version, "192.0.2.1")).Status);

        using var busy = new RawClient(server.Port);
        busy.Send(Header(version, "192.0.2.2") + string.Concat(Enumerable.Repeat(Request, 50)));
        Assert.All(Enumerable.Range(0, 50), _ => Assert.Equal(200, busy.Read().Status));

        // There is one header on a connection, at its beginning.
        busy.Send(Header(version, "192.0.2.3") + Request);
        Assert.Equal(400, busy.Read().Status);
        busy.AssertClosed();
    }

    [Fact]
    public void A_body_follows_the_header_and_its_request_as_ever()
    {
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);
        client.Send(Header(2, "192.0.2.1", extension: new string('x', 3_000)) + "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhe");
        client.Send("llo" + Request);
        Assert.EndsWith("hello", client.Read().Text.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(200, client.Read().Status);
    }

    [Fact]
    public void An_address_that_is_no_proxys_is_closed_without_an_answer()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Others have one address of 127.0.0.0/8 only.");
        using var server = ServerProcess.Serve(published.Binary, "--proxy-protocol", "--trusted-proxy", "127.0.0.2", "--trusted-proxy", "unix");
        using var stranger = new RawClient(server.Port);
        stranger.AssertClosed();
        using var proxy = new RawClient(server.Port, source: IPAddress.Parse("127.0.0.2"));
        proxy.Send(Header(1, "192.0.2.1") + Request);
        Assert.Equal(200, proxy.Read().Status);
    }

    [Fact]
    public void A_proxy_may_come_by_a_Unix_socket_with_a_header_or_with_fields()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix sockets are listened on where there are signals.");
        string path = _folder["http.sock"];
        using (var server = ServerProcess.Serve(new ServerStart
        {
            Binary = published.Binary,
            Arguments = ["--bind", "unix:" + path, "--proxy-protocol", "--trusted-proxy", "unix", "--max-per-address", "1"],
        }))
        {
            using RawClient first = new(path), second = new(path), same = new(path);
            first.Send(Header(1, "192.0.2.1") + Request);
            Assert.Equal(200, first.Read().Status);
            second.Send(Header(1, "192.0.2.2") + Request);
            Assert.Equal(200, second.Read().Status);
            same.Send(Header(1, "192.0.2.1") + Request);
            Assert.Equal(429, same.Read().Status);
            Array.ForEach([first, second, same], client => client.Dispose());
            server.Signal(Posix.SIGTERM);
            Assert.Equal(0, server.WaitForOutput());
        }

        _folder.Write("www/index.html", "page");
        using var byFields = ServerProcess.Serve(new ServerStart
        {
            Binary = published.Binary,
            Arguments = ["--bind", "unix:" + path, "--trusted-proxy", "unix", "--auth-file", WriteUsers(_folder, "users"), _folder["www"]],
        });
        using var anybody = new RawClient(path);
        Eventually.Holds(() => anybody.Get("/", Credentials("ann", "wrong"), "X-Forwarded-For: 192.0.2.1").Status == 429, "the client is refused");
        Assert.Equal(200, anybody.Get("/", Credentials("ann", "sécret"), "X-Forwarded-For: 192.0.2.2").Status);
    }

    [Theory]
    [InlineData(Request)]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 1 65536\r\n" + Request)]
    [InlineData("PROXY UDP4 192.0.2.1 198.51.100.1 1 2\r\n" + Request)]
    [InlineData("PROXY UNKNOWN xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    [InlineData(Signature + "\x21\x11\xff\xff")]
    [InlineData(Signature + "\x21\x12\0\x0c")]
    [InlineData(Signature + "\x11\x11\0\x0c")]
    public void What_is_no_header_gets_400_and_the_reason_at_once(string text)
    {
        using ServerProcess server = Serve("--head-timeout", "3600");
        using var client = new RawClient(server.Port);
        client.Send(text);
        Answer answer = client.Read();
        Assert.Equal((400, true), (answer.Status, answer.Closes));
        Assert.Contains(
            "Connections to this server begin with a header of the PROXY protocol, and this one is missing or malformed.",
            answer.Text,
            StringComparison.Ordinal);
        client.AssertClosed();
    }

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 198.5")]
    [InlineData("P")]
    [InlineData(Signature + "\x21\x11\0\x0c\xC0")]
    public void A_header_that_does_not_end_has_the_time_of_a_head(string text)
    {
        using ServerProcess server = Serve("--head-timeout", "0.2");
        using var client = new RawClient(server.Port);
        client.Send(text);
        Assert.Equal(408, client.Read().Status);
        client.AssertClosed();
    }

    [Theory]
    [InlineData("")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 1 2\r\n")]
    [InlineData(Signature + "\x20\0\0\0")]
    public void Silence_before_or_behind_a_header_is_closed(string text)
    {
        using ServerProcess server = Serve("--idle-timeout", "0.2");
        using var client = new RawClient(server.Port);
        client.Send(text);
        client.AssertClosed();
    }

    [Theory]
    [InlineData(Signature + "\x20\0\0\0")]
    [InlineData("PROXY UNKNOWN\r\n")]
    public void Connections_of_the_proxy_itself_are_served_and_not_counted(string header)
    {
        using ServerProcess server = Serve("--max-per-address", "1", "--health", "/healthz");
        RawClient[] clients = [.. Enumerable.Range(0, 12).Select(_ => new RawClient(server.Port))];
        Assert.All(clients, client =>
        {
            client.Send(header + Request.Replace("/ ", "/healthz "));
            Assert.Equal(200, client.Read().Status);
        });
        Array.ForEach(clients, client => client.Dispose());
    }

    private static Answer Ask(ServerProcess server, string header, params string[] fieldLines)
    {
        using var client = new RawClient(server.Port);
        client.Send(header);
        return client.Get("/", fieldLines);
    }

    /// <summary>Wrong passwords until they are answered with 429. One more try is given back every few seconds.</summary>
    private static void FailUntilRefused(ServerProcess server, string header, params string[] fieldLines) => Eventually.Holds(
        () => Ask(server, header, [Credentials("ann", "wrong"), .. fieldLines]).Status == 429, "the client is refused");

    /// <summary>A header that names a client, each character a byte.</summary>
    private static string Header(int version, string client, string extension = "")
    {
        byte[] address = IPAddress.Parse(client).GetAddressBytes();
        bool is4 = address.Length == 4;
        if (version == 1)
        {
            return $"PROXY {(is4 ? "TCP4" : "TCP6")} {client} {(is4 ? "127.0.0.1" : "::1")} 4711 80\r\n";
        }

        int length = (2 * address.Length) + 4 + extension.Length;
        return Signature + $"\x21{(is4 ? '\x11' : '\x21')}{(char)(length >> 8)}{(char)(length & 0xFF)}"
            + Encoding.Latin1.GetString(address) + new string('\0', address.Length + 4) + extension;
    }

    private ServerProcess Serve(params string[] arguments) =>
        ServerProcess.Serve(published.Binary, ["--proxy-protocol", "--trusted-proxy", "127.0.0.1", .. arguments]);

    private ServerProcess ServeUsers(params string[] arguments)
    {
        _folder.Write("www/index.html", "page");
        return Serve(["--auth-file", WriteUsers(_folder, "users"), .. arguments, _folder["www"]]);
    }
}
