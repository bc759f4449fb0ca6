using System;
using System.Linq;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>
/// What is refused at the wire: every ambiguity that request smuggling lives on. Each refusal ends the connection, and
/// what follows on it is never taken for a request.
/// </summary>
public sealed class StrictnessTests(StrictnessTests.OneServer fixture) : IClassFixture<StrictnessTests.OneServer>
{
    private const string Next = "GET /echo?smuggled HTTP/1.1\r\nHost: smuggled\r\n\r\n";

    /// <summary>Request lines, with the status that they get.</summary>
    public static TheoryData<string, int> RequestLines => new()
    {
        { "GET /", 400 },
        { "GET / ", 400 },
        { "GET", 400 },
        { " GET / HTTP/1.1", 400 },
        { "GET  / HTTP/1.1", 400 },
        { "GET /  HTTP/1.1", 400 },
        { "GET / HTTP/1.1 ", 400 },
        { "GET\t/ HTTP/1.1", 400 },
        { "GET /\tHTTP/1.1", 400 },
        { "GET /a b HTTP/1.1", 400 },
        { "GE\u0001T / HTTP/1.1", 400 },
        { "G@T / HTTP/1.1", 400 },
        { "G\u00e9T / HTTP/1.1", 400 },
        { "GET: / HTTP/1.1", 400 },
        { "GET /\0 HTTP/1.1", 400 },
        { "GET /\u0001 HTTP/1.1", 400 },
        { "GET /\u007f HTTP/1.1", 400 },
        { "GET /\u0080 HTTP/1.1", 400 },
        { "GET /\u00ff HTTP/1.1", 400 },
        { "GET /\r HTTP/1.1", 400 },
        { "GET / HTTP/1.1\r", 400 },
        { "GET /#fragment HTTP/1.1", 400 },
        { "GET echo HTTP/1.1", 400 },
        { "GET * HTTP/1.1", 400 },
        { "GET example.com:80 HTTP/1.1", 400 },
        { "GET ftp://example.com/ HTTP/1.1", 400 },
        { "GET http:/echo HTTP/1.1", 400 },
        { "GET http:///echo HTTP/1.1", 400 },
        { "GET http://user@example.com/ HTTP/1.1", 400 },
        { "GET http://exa mple.com/ HTTP/1.1", 400 },
        { "OPTIONS example.com HTTP/1.1", 400 },
        { "CONNECT / HTTP/1.1", 400 },
        { "CONNECT example.com HTTP/1.1", 400 },
        { "CONNECT http://example.com/ HTTP/1.1", 400 },
        { "GET / HTTP/1", 400 },
        { "GET / HTTP/1.10", 400 },
        { "GET / HTTP/01.1", 400 },
        { "GET / http/1.1", 400 },
        { "GET / HTTPS/1.1", 400 },
        { "GET / HTTP/1,1", 400 },
        { "GET / HTTP/1.x", 400 },
        { "GET / HTTP/-1.1", 400 },
        { "GET / HTTP/2.0", 505 },
        { "GET / HTTP/3.0", 505 },
        { "GET / HTTP/0.9", 505 },
        { "GET / HTTP/9.9", 505 },
        { "\u0016\u0003\u0001\u0002\0\u0001", 400 },
    };

    /// <summary>Field lines of a request with one proper Host besides, and the status that they get.</summary>
    public static TheoryData<string, int> FieldLines => new()
    {
        { "X : 1", 400 },
        { "X\t: 1", 400 },
        { " X: 1", 400 },
        { "X: 1\r\n folded", 400 },
        { "X: 1\r\n\tfolded", 400 },
        { ": 1", 400 },
        { "X", 400 },
        { "X Y: 1", 400 },
        { "X\0: 1", 400 },
        { "X(: 1", 400 },
        { "X\u00e9: 1", 400 },
        { "X: a\0b", 400 },
        { "X: a\u0001b", 400 },
        { "X: a\u007fb", 400 },
        { "X: a\rb", 400 },
        { "X: a\r", 400 },
        { "X: a\nY: b", 400 },
        { "Host: test", 400 },
        { "host: other", 400 },
        { "Content-Length: 1\r\nContent-Length: 2", 400 },
        { "Content-Length: 1, 2", 400 },
        { "Content-Length: ", 400 },
        { "Content-Length: +1", 400 },
        { "Content-Length: -1", 400 },
        { "Content-Length: 1x", 400 },
        { "Content-Length: 0x1", 400 },
        { "Content-Length: 1 1", 400 },
        { "Content-Length: 1.0", 400 },
        { "Content-Length: \u00b2", 400 },
        { "Content-Length: 99999999999999999999999", 400 },
        { "Content-Length: 18446744073709551617", 400 },
        { "Content-Length: 4\r\nTransfer-Encoding: chunked", 400 },
        { "Transfer-Encoding: chunked\r\nContent-Length: 4", 400 },
        { "Transfer-Encoding: chunked\r\nContent-Length: x", 400 },
        { "Transfer-Encoding: chunked, chunked", 400 },
        { "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", 400 },
        { "Transfer-Encoding: chunked, gzip", 400 },
        { "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip", 400 },
        { "Transfer-Encoding: gzip", 400 },
        { "Transfer-Encoding: identity", 400 },
        { "Transfer-Encoding: xchunked", 400 },
        { "Transfer-Encoding: chunkedx", 400 },
        { "Transfer-Encoding: \"chunked\"", 400 },
        { "Transfer-Encoding: 'chunked'", 400 },
        { "Transfer-Encoding: chunked;", 400 },
        { "Transfer-Encoding: chunked\u000b", 400 },
        { "Transfer-Encoding: \u000bchunked", 400 },
        { "Transfer-Encoding: gzip chunked", 400 },
        { "Transfer-Encoding: gzip; chunked", 400 },
        { "Transfer-Encoding: ", 400 },
        { "Transfer-Encoding : chunked", 400 },
        { "Transfer-Encoding\u00a0: chunked", 400 },
        { "Transfer-Encoding: gzip, chunked", 501 },
        { "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", 501 },
        { "Transfer-Encoding: a;q=\"x, y\", chunked", 501 },
    };

    /// <summary>Values of Host that are none (RFC 9110 §7.2, RFC 3986 §3.2.2).</summary>
    public static TheoryData<string> BadHosts =>
    [
        "a b", "user@host", "host:x", "host:1:2", "host/path", "host?q", "host#f", "[::1", "::1", "[::1]x",
        "[g::1]", "ho\"st", "host\u00e9", "host:65536", "host:-1", "%zz", "a\\b", "<x>",
    ];

    /// <summary>Chunked contents that are malformed.</summary>
    public static TheoryData<string> BadChunks =>
    [
        "g\r\n", "-1\r\nx\r\n", "+1\r\nx\r\n", "0x1\r\nx\r\n", "\r\n", "1\r\nxx\r\n0\r\n\r\n", "1\r\nx0\r\n\r\n", "1\nx\r\n0\r\n\r\n",
        "1\r\nx\n0\r\n\r\n", "1\r\nx\r\n0\n\r\n", "1\rx\r\n", "1\r\nx\r0\r\n", "FFFFFFFFFFFFFFFFF\r\n", "10000000000000001\r\nx\r\n",
        "1;\u0001\r\nx\r\n", "1;a\rb\r\nx\r\n", "1;a=\"b\r\nx\r\n\"", " 1\r\nx\r\n", "1 1\r\nx\r\n", "1,\r\nx\r\n",
        "0\r\nX : 1\r\n\r\n", "0\r\nX: 1\r\n folded\r\n\r\n", "0\r\nX\r\n\r\n", "0\r\nX: \0\r\n\r\n", "0\r\n: 1\r\n\r\n", "0\r\nX: 1\n\r\n",
    ];

    [Theory]
    [MemberData(nameof(RequestLines))]
    public void A_bad_request_line_is_refused_and_ends_the_connection(string line, int status) =>
        AssertRefused($"{line}\r\nHost: test\r\n\r\n", status);

    [Theory]
    [MemberData(nameof(FieldLines))]
    public void A_bad_field_line_is_refused_and_ends_the_connection(string lines, int status) =>
        AssertRefused($"POST /echo HTTP/1.1\r\nHost: test\r\n{lines}\r\n\r\n0\r\n\r\n", status);

    [Theory]
    [MemberData(nameof(BadHosts))]
    public void A_bad_Host_is_refused(string host)
    {
        AssertRefused($"GET /echo HTTP/1.1\r\nHost: {host}\r\n\r\n", 400);
        AssertRefused($"GET /echo HTTP/1.0\r\nHost: {host}\r\n\r\n", 400);
    }

    [Theory]
    [InlineData("")]
    [InlineData("X: 1\r\n")]
    [InlineData("X-Host: test\r\n")]
    public void A_missing_Host_is_refused(string fields)
    {
        AssertRefused($"GET /echo HTTP/1.1\r\n{fields}\r\n", 400);
        AssertRefused($"GET http://test/echo HTTP/1.1\r\n{fields}\r\n", 400);
    }

    [Theory]
    [InlineData("h")]
    [InlineData("h:80")]
    [InlineData("example.com.")]
    [InlineData("127.0.0.1:7878")]
    [InlineData("[::1]")]
    [InlineData("[2001:db8::1]:443")]
    [InlineData("a-b_c~d!$&'()*+;=")]
    [InlineData("%41")]
    [InlineData("a,b")]
    [InlineData("empty-port:")]
    public void A_good_Host_is_not_refused(string host)
    {
        using var client = new RawClient(fixture.Server.Port);
        client.Send($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
        Assert.Equal(200, client.Read().Status);
    }

    [Theory]
    [InlineData("Transfer-Encoding: CHUNKED")]
    [InlineData("transfer-encoding:chunked")]
    [InlineData("Transfer-Encoding: \t chunked \t")]
    public void The_name_of_the_chunked_coding_knows_no_case(string line)
    {
        using var client = new RawClient(fixture.Server.Port);
        client.Send($"POST / HTTP/1.1\r\nHost: test\r\n{line}\r\n\r\n2\r\nhi\r\n0\r\n\r\n");
        Assert.Equal("hi", client.Read().Text);
        Assert.Equal(200, client.Get("/").Status);
    }

    [Fact]
    public void Transfer_Encoding_in_HTTP_1_0_is_refused() =>
        AssertRefused("POST /echo HTTP/1.0\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);

    [Theory]
    [MemberData(nameof(BadChunks))]
    public void Malformed_chunks_are_refused_and_end_the_connection(string chunks) =>
        AssertRefused($"POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}", 400);

    [Theory]
    [InlineData("PUT", "/")]
    [InlineData("DELETE", "/")]
    [InlineData("POST", "/unknown")]
    [InlineData("GET", "/")]
    public void Malformed_chunks_are_refused_where_the_answer_would_not_need_the_content(string method, string target) =>
        AssertRefused($"{method} {target} HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n", 400);

    [Theory]
    [InlineData("POST", "/unknown", 404)]
    [InlineData("GET", "/unknown", 404)]
    [InlineData("PUT", "/", 405)]
    [InlineData("DELETE", "/", 405)]
    [InlineData("GET", "/", 200)]
    [InlineData("OPTIONS", "*", 204)]
    public void Content_that_nobody_asked_for_is_framed_all_the_same(string method, string target, int status)
    {
        using var client = new RawClient(fixture.Server.Port);

        client.Send($"{method} {target} HTTP/1.1\r\nHost: test\r\nContent-Length: {Next.Length}\r\n\r\n{Next}");
        client.Send($"{method} {target} HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n{Next.Length:x}\r\n{Next}\r\n0\r\n\r\n");
        client.Send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nlast");

        Assert.Equal(status, client.Read().Status);
        Assert.Equal(status, client.Read().Status);
        Assert.Equal("last", client.Read().Text);
    }

    [Theory]
    [Pollers]
    public void A_refusal_comes_at_any_segmentation(string poller)
    {
        using var server = ServerProcess.Serve(fixture.Published.Binary, "--poller", poller);
        (string Request, int Status)[] refusals =
        [
            ("GET / HTTP/1.1\r\nHost: test\r\nX : 1\r\n\r\n", 400),
            ("GET / HTTP/2.0\r\nHost: test\r\n\r\n", 505),
            ("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nx\r\n", 400),
        ];
        foreach ((string request, int status) in refusals)
        {
            foreach (int size in (int[])[1, 2, 7])
            {
                using var client = new RawClient(server.Port);
                client.SendInPieces(request, size);
                Assert.Equal(status, client.Read().Status);
                client.AssertClosed();
            }
        }
    }

    private void AssertRefused(string request, int status)
    {
        using var client = new RawClient(fixture.Server.Port);

        client.Send(request + string.Concat(Enumerable.Repeat(Next, 3)));
        Answer answer = client.Read();

        Assert.Equal(status, answer.Status);
        Assert.True(answer.Closes, "The refusal does not say that the connection ends.");
        Assert.Equal("text/html; charset=utf-8", answer["Content-Type"]);
        Assert.EndsWith("</html>", answer.Text.TrimEnd(), StringComparison.Ordinal);
        client.AssertClosed();
    }

    /// <summary>One server for all the requests of this class.</summary>
    public sealed class OneServer(PublishedServer published) : IDisposable
    {
        private readonly Lazy<ServerProcess> _server = new(() => ServerProcess.Serve(published.Binary));

        /// <summary>The binary that it runs.</summary>
        public PublishedServer Published => published;

        /// <summary>The server; starts with the first test that asks for it.</summary>
        internal ServerProcess Server => _server.Value;

        /// <summary>Ends it; a refusal may not have cost it anything.</summary>
        public void Dispose()
        {
            if (_server.IsValueCreated)
            {
                using (_server.Value)
                {
                    _server.Value.Signal(Posix.SIGTERM);
                    Assert.Equal(0, _server.Value.WaitForOutput());
                    Assert.Empty(_server.Value.Stderr);
                }
            }
        }
    }
}
