using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>What the access log says of requests: one line for each that got an answer, which no client can forge.</summary>
public sealed class AccessLogTests(PublishedServer published) : IDisposable
{
    private const int Large = 40_000_000;

    private readonly TemporaryFolder _folder = new();

    private string Log => _folder["../access.log"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [Pollers]
    public void Each_of_several_pipelined_requests_has_its_line(string poller)
    {
        _folder.Write("a.txt", "four");
        using ServerProcess server = Serve("--poller", poller);
        using var client = new RawClient(server.Port);
        client.Send("""
            GET /a.txt?x=1 HTTP/1.1
            Host: h
            Referer: http://from/
            User-Agent: one "two" \

            HEAD /a.txt HTTP/1.1
            Host: h

            GET /none HTTP/1.1
            Host: h

            GET /a.txt HTTP/1.1
            Host: h
            Range: bytes=1-2


            """.ReplaceLineEndings("\r\n"));
        Assert.Equal(200, client.Read().Status);
        Assert.Equal(200, client.Read("HEAD").Status);
        int page = client.Read().Body.Length;
        Assert.Equal("ou", client.Read().Text);

        Assert.Equal(
            [
                new LogLine("127.0.0.1", "-", "GET /a.txt?x=1 HTTP/1.1", 200, 4, "http://from/", "one \\\"two\\\" \\\\", false),
                new LogLine("127.0.0.1", "-", "HEAD /a.txt HTTP/1.1", 200, 0, "-", "-", false),
                new LogLine("127.0.0.1", "-", "GET /none HTTP/1.1", 404, page, "-", "-", false),
                new LogLine("127.0.0.1", "-", "GET /a.txt HTTP/1.1", 206, 2, "-", "-", false),
            ],
            LogLine.AwaitParsed(Log, 4));
    }

    [Theory]
    [Pollers]
    public void A_download_has_the_bytes_that_were_sent_and_a_mark_where_it_was_lost(string poller)
    {
        _folder.WriteRandom("large.bin", Large);
        using ServerProcess server = Serve("--poller", poller);
        using (var client = new RawClient(server.Port, receiveBuffer: 16_384))
        {
            client.SendRequest("GET", "/large.bin");
            client.ReadHead();
            client.ReadExactly(1_000_000);
            Assert.Empty(LogLine.Of(Log)); // Its last byte is not with the kernel yet.
            client.Abort();
        }

        LogLine line = Assert.Single(LogLine.AwaitParsed(Log, 1));
        Assert.Equal((200, true), (line.Status, line.IsAborted));
        Assert.InRange(line.Bytes, 1_000_000, Large - 1);

        using var other = new RawClient(server.Port);
        Assert.Equal(Large, other.Get("/large.bin").Body.Length);
        Assert.Equal((200, Large, false), LogLine.AwaitParsed(Log, 2).Select(whole => (whole.Status, whole.Bytes, whole.IsAborted)).Last());
    }

    [Fact]
    public void Refused_bytes_are_logged_escaped()
    {
        using ServerProcess server = Serve("--head-timeout", "1");
        (string Sent, int Status)[] refused =
        [
            ("GET /\u001b[2J\"\u0007 HTTP/1.1\r\nHost: h\r\n\r\n", 400),
            ("\u0016\u0003\u0001\u0002\u00ff\"\\\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: h\r\nbad field\r\n\r\n", 400),
            ("GET /" + new string('"', 9_000) + " HTTP/1.1\r\nHost: h\r\n\r\n", 414),
            ("GET / HTTP/1.1\r\nHost: h\r\nX: " + new string('x', 70_000) + "\r\n\r\n", 431),
            ("GET /half", 408),
        ];
        for (int i = 0; i < refused.Length; i++)
        {
            Refuse(server, refused[i].Sent, refused[i].Status);
            LogLine.Await(Log, i + 1); // Two connections may be of two threads, whose lines come in any order.
        }

        IReadOnlyList<LogLine> lines = LogLine.AwaitParsed(Log, 6);
        Assert.Equal([400, 400, 400, 414, 431, 408], lines.Select(line => line.Status));
        Assert.Equal("GET /\\x1b[2J\\\"\\x07 HTTP/1.1", lines[0].Request);
        Assert.Equal("\\x16\\x03\\x01\\x02\\xff\\\"\\\\", lines[1].Request);
        Assert.Equal("GET / HTTP/1.1", lines[2].Request);
        Assert.StartsWith("GET /\\\"\\\"", lines[3].Request, StringComparison.Ordinal);
        Assert.Equal("GET / HTTP/1.1", lines[4].Request);
        Assert.Equal("GET /half", lines[5].Request);
        Assert.All(lines, line => Assert.Equal(("127.0.0.1", "-", "-", "-"), (line.Client, line.User, line.Referer, line.Agent)));
    }

    [Theory]
    [InlineData("combined")]
    [InlineData("json")]
    public void No_client_can_forge_a_line_or_drive_a_terminal(string format)
    {
        const string Forged = "\" 200 1 \"-\" \"-\"\n203.0.113.1 - root [x] \"GET /forged";
        using ServerProcess server = Serve("--log-format", format);
        string[] targets =
        [
            "/" + Forged, "/\u001b]0;x\u0007", "/\u00ff\u00fe\u0080", "/é\u202e", "/%0A%1b%22", "/\"", "/" + new string('"', 8_000), "/\t", "/\v\f\b",
        ];
        string[] requests =
        [
            .. targets.Select(target => $"GET {target} HTTP/1.1\r\nHost: h\r\n\r\n"),
            .. targets.SelectMany(value => (string[])["Referer", "User-Agent", "Host", "Authorization", "Range", "X-Forwarded-For"],
                (value, name) => $"GET / HTTP/1.1\r\n{(name == "Host" ? "" : "Host: h\r\n")}{name}: {value}\r\n\r\n"),
            .. targets.Select(method => $"{method} / HTTP/1.1\r\nHost: h\r\n\r\n"),
        ];
        foreach (string request in requests)
        {
            using var client = new RawClient(server.Port);
            client.Send(request);
            client.Read();
        }

        IReadOnlyList<string> lines = LogLine.Await(Log, requests.Length);
        Assert.All(lines, line => Assert.True(line.All(c => c is >= ' ' and <= '~'), line));
        Assert.All(lines, line => Assert.Equal("127.0.0.1", format == "json" ? Json(line, "client.address") : LogLine.Parse(line).Client));
    }

    [Fact]
    public void Who_signed_in_is_named_and_who_did_not_is_not()
    {
        _folder.Write("index.html", "page");
        string users = SignIn.WriteUsers(_folder, "../users");
        _folder.Write("../users", System.IO.File.ReadAllText(users).Replace("ann:", "ann b:", StringComparison.Ordinal));
        using ServerProcess server = Serve("--auth-file", users, "--health", "/healthz");
        using var client = new RawClient(server.Port);
        Assert.Equal(200, client.Get("/", SignIn.Credentials("ann b", "sécret")).Status);
        LogLine.Await(Log, 1);
        Assert.Equal(401, client.Get("/", SignIn.Credentials("ann b", "wrong")).Status);
        LogLine.Await(Log, 2);
        Assert.Equal(401, client.Get("/").Status);
        LogLine.Await(Log, 3);
        Assert.Equal(404, client.Get("/none", SignIn.Credentials("ann b", "sécret")).Status);

        Assert.Equal(["ann\\x20b", "-", "-", "ann\\x20b"], LogLine.AwaitParsed(Log, 4).Select(line => line.User));
    }

    [Fact]
    public void A_name_that_nobody_checked_is_not_logged()
    {
        using ServerProcess server = Serve("--auth-file", SignIn.WriteUsers(_folder, "../users"), "--health", "/healthz");
        using var client = new RawClient(server.Port);
        Assert.Equal(200, client.Get("/healthz", SignIn.Credentials("ann", "wrong")).Status);

        Assert.Equal("-", Assert.Single(LogLine.AwaitParsed(Log, 1)).User);
    }

    [Theory]
    [InlineData("127.0.0.0/8", "203.0.113.9", "203.0.113.9")]
    [InlineData("127.0.0.0/8", "198.51.100.7, 203.0.113.9", "203.0.113.9")]
    [InlineData("127.0.0.0/8", "2001:db8::1", "2001:db8::1")]
    [InlineData("10.0.0.0/8", "203.0.113.9", "127.0.0.1")]
    public void The_client_is_who_a_trusted_proxy_says(string proxies, string forwarded, string client)
    {
        using ServerProcess server = Serve("--trusted-proxy", proxies);
        using var proxy = new RawClient(server.Port);
        proxy.Get("/", "X-Forwarded-For: " + forwarded);
        LogLine.Await(Log, 1);
        proxy.Get("/");

        Assert.Equal([client, "127.0.0.1"], LogLine.AwaitParsed(Log, 2).Select(line => line.Client));
    }

    [Fact]
    public void What_is_skipped_has_no_line()
    {
        using ServerProcess server = Serve("--log-skip", "/healthz", "--log-skip=*.ico", "--log-skip", "/static/**");
        using var client = new RawClient(server.Port);
        string[] targets = ["/healthz", "/sub/a.ico", "/favicon.ico?x", "/static/a/b.css", "/healthz/x.txt", "/ico", "/sub/healthz.txt"];
        Array.ForEach(targets, target => client.Get(target));
        LogLine.Await(Log, 2);
        Refuse(server, "bad.ico\r\n\r\n", 400);

        Assert.Equal(
            ["GET /ico HTTP/1.1", "GET /sub/healthz.txt HTTP/1.1", "bad.ico"], LogLine.AwaitParsed(Log, 3).Select(line => line.Request).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Json_is_an_object_a_line()
    {
        _folder.Write("a.txt", "four");
        _folder.WriteRandom("large.bin", Large);
        using ServerProcess server = Serve("--log-format", "json");
        using (var client = new RawClient(server.Port, receiveBuffer: 16_384))
        {
            client.Get("/a.txt?q=%22", "User-Agent: \"é");
            client.Request("BREW", "/a.txt");
            client.SendRequest("GET", "/large.bin");
            client.ReadHead();
            client.ReadExactly(100_000);
            client.Abort();
        }

        Refuse(server, "\u00ff\r\n\r\n", 400);

        // A connection that is lost is noticed a moment later, so the last two come in any order.
        JsonElement[] lines =
        [
            .. LogLine.Await(Log, 4).Select(line => JsonDocument.Parse(line).RootElement)
                .OrderBy(line => line.GetProperty("connection.id").GetInt64()).ThenBy(line => line.GetProperty("request.number").GetInt64()),
        ];
        Assert.Equal(["200", "501", "200", "400"], lines.Select(line => line.GetProperty("http.response.status_code").GetRawText()));
        Assert.Equal(("/a.txt", "q=%22", "GET"), (Text(lines[0], "url.path"), Text(lines[0], "url.query"), Text(lines[0], "http.request.method")));
        Assert.Equal("\"\\xe9", Text(lines[0], "user_agent.original")); // It was sent as Latin-1.
        Assert.Equal(("_OTHER", "BREW"), (Text(lines[1], "http.request.method"), Text(lines[1], "http.request.method_original")));
        Assert.Equal("connection_lost", Text(lines[2], "error.type"));
        Assert.Equal("\\xff", Text(lines[3], "request.line"));
        Assert.Equal([(1L, 1L), (1, 2), (1, 3), (2, 1)], lines.Select(line =>
            (line.GetProperty("connection.id").GetInt64(), line.GetProperty("request.number").GetInt64())));
        Assert.All(lines, line =>
        {
            Assert.True(DateTime.TryParseExact(
                Text(line, "timestamp"), "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.None, out _));
            Assert.True(line.GetProperty("duration_us").GetInt64() >= 0);
        });
    }

    private static string? Json(string line, string name) => Text(JsonDocument.Parse(line).RootElement, name);

    private static string? Text(JsonElement line, string name) => line.GetProperty(name).GetString();

    private static void Refuse(ServerProcess server, string request, int status)
    {
        using var client = new RawClient(server.Port);
        client.Send(request);
        Assert.Equal(status, client.Read().Status);
    }

    private ServerProcess Serve(params string[] arguments) =>
        ServerProcess.Serve(published.Binary, [_folder.Root, "--access-log", Log, .. arguments]);
}
