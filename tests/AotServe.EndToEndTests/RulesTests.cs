using System;
using System.IO;
using System.Linq;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>The root's <c>_headers</c> and <c>_redirects</c>, and the options for fields.</summary>
public sealed class RulesTests(PublishedServer published) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Fields_of_rules_are_on_every_answer_to_the_path()
    {
        _folder.Write("_headers", "/*\n  X-Frame-Options: DENY\n  X-Robots-Tag: a\n/*.txt\n  X-Robots-Tag: b\n  Set-Cookie: c=1\n  Set-Cookie: d=2\n/n/:name\n  ! X-Frame-Options\n  X-Name: <:name>\n");
        _folder.Write("a.txt", "hello");
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        Answer whole = client.Get("/a.txt");
        Assert.Equal(("DENY", "a, b", "hello"), (whole["X-Frame-Options"], whole["X-Robots-Tag"], whole.Text));
        Assert.Equal(["c=1", "d=2"], whole.Fields.Where(field => field.Name == "Set-Cookie").Select(field => field.Value));
        foreach ((int status, string? field) in ((int, string)[])[(206, "Range: bytes=0-1"), (304, $"If-None-Match: {whole["ETag"]}"), (416, "Range: bytes=9-"), (412, "If-Match: \"x\"")])
        {
            Answer answer = client.Get("/a.txt", field);
            Assert.Equal((status, "DENY", "nosniff"), (answer.Status, answer["X-Frame-Options"], answer["X-Content-Type-Options"]));
        }

        Answer missing = client.Get("/n/J%C3%B6rg%0D%0AX:y");
        Assert.Equal((404, null, "<J%C3%B6rg%0D%0AX%3Ay>"), (missing.Status, missing["X-Frame-Options"], missing["X-Name"]));
        Assert.Equal("hello", client.Get("/a.txt").Text);
    }

    [Fact]
    public void A_range_of_several_parts_keeps_the_type_that_names_its_boundary()
    {
        _folder.Write("_headers", "/*\n  Content-Type: text/x-own");
        _folder.Write("a.txt", new string('x', 5000));
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);
        Assert.Equal("text/x-own", client.Get("/a.txt")["Content-Type"]);
        Assert.StartsWith("multipart/byteranges; boundary=", client.Get("/a.txt", "Range: bytes=0-1,4000-4001")["Content-Type"]);
    }

    [Fact]
    public void Redirects_rewrites_and_pages_for_404_are_answered()
    {
        _folder.Write(
            "_redirects",
            "/old/* /new/:splat 302\n/one /index.html 200\n/gone/* /gone.html 404\n/here /there\n/forced /there 307!\n/store id=:id /shop/:id\n/go* /:splat 308\n/away https://other.example/x\n");
        _folder.Write("index.html", "index");
        _folder.Write("gone.html", "gone");
        _folder.Write("here", "here");
        _folder.Write("forced", "forced");
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);
        foreach ((string? target, int status, string? location, string? text) in ((string, int, string?, string)[])
            [
                ("/old/a/b?c=d", 302, "/new/a/b?c=d", ""),
                ("/one", 200, null, "index"),
                ("/gone/x", 404, null, "gone"),
                ("/here", 200, null, "here"),
                ("/forced", 307, "/there", ""),
                ("/store?id=5", 301, "/shop/5", ""),
                ("/go//evil.example", 308, "/evil.example", ""),
                ("/go%5Cevil.example", 308, "/%5Cevil.example", ""),
                ("/away", 301, "https://other.example/x", ""),
            ])
        {
            Answer answer = client.Get(target);
            Assert.Equal((status, location, text), (answer.Status, answer["Location"], answer.Text));
            Assert.Equal(status, client.Request("HEAD", target).Status);
        }

        Assert.Equal(404, client.Get("/_redirects").Status);
        Assert.Equal(404, client.Get("/_headers").Status);
    }

    [Theory]
    [InlineData("_redirects", "/a /b\n/c /d 302 Country=au", ":2: has the condition 'Country', which is not supported; leave the rule out or make it hold for all")]
    [InlineData("_headers", "/*\n  Content-Length: 5", ":2: 'Content-Length: 5' cannot be set: Content-Length belongs to the connection or frames the message, which is up to the server; leave it out")]
    public void A_bad_line_stops_the_start(string name, string text, string error)
    {
        _folder.Write(name, text);
        using var server = ServerProcess.Start(new ServerStart { Binary = published.Binary, Arguments = [_folder.Root, "--port", "0", "--bind", "127.0.0.1"] });
        Assert.Equal(2, server.WaitForOutput());
        Assert.Empty(server.Stdout);
        Assert.Equal([$"aotserve: {_folder[name]}{error}"], server.Stderr);
    }

    [Theory]
    [InlineData("--header", "X-A: b\r\nSet-Cookie: c=d")]
    [InlineData("--header", "X-A\r\n: b")]
    [InlineData("--header", "Transfer-Encoding: chunked")]
    [InlineData("--cache-control", "no-cache\r\nX: y")]
    [InlineData("--cache-control", "*.js")]
    [InlineData("--cors=https://a.example/path")]
    public void What_could_split_an_answer_stops_the_start(params string[] arguments)
    {
        using var server = ServerProcess.Start(new ServerStart { Binary = published.Binary, Arguments = [_folder.Root, .. arguments] });
        Assert.Equal(2, server.WaitForOutput());
        Assert.Empty(server.Stdout);
        Assert.StartsWith("aotserve: --", Assert.Single(server.Stderr));
    }

    [Fact]
    public void SIGHUP_rereads_the_rules_and_bad_ones_leave_the_old_in_force()
    {
        _folder.Write("_headers", "/*\n  X-A: 1");
        using var server = ServerProcess.Serve(new ServerStart
        {
            Binary = published.Binary,
            Arguments = [_folder.Root, "--port", "0", "--bind", "127.0.0.1"],
            // A session of its own has no terminal, whatever that of the tests has.
            Shell = "exec setsid \"$0\" \"$@\"",
        });
        using var client = new RawClient(server.Port);
        Assert.Equal("1", client.Get("/")["X-A"]);

        _folder.Write("_headers", "/*\n  X-A: 2");
        _folder.Write("_redirects", "/old /new");
        server.Signal(Posix.SIGHUP);
        server.AwaitLine(line => line == $"Reread the rules of {_folder.Root}: 1 header rules, 1 redirects");
        Assert.Equal("2", client.Get("/")["X-A"]);
        Assert.Equal("/new", client.Get("/old")["Location"]);

        _folder.Write("_redirects", "/old");
        server.Signal(Posix.SIGHUP);
        server.AwaitLine(line => line.StartsWith($"aotserve: {_folder["_redirects"]}:1: has no target; ", StringComparison.Ordinal) && line.EndsWith("; the rules from before stay in force", StringComparison.Ordinal));
        Assert.Equal("/new", client.Get("/old")["Location"]);

        File.Delete(_folder["_headers"]);
        File.Delete(_folder["_redirects"]);
        server.Signal(Posix.SIGHUP);
        server.AwaitLine(line => line.EndsWith(": 0 header rules, 0 redirects", StringComparison.Ordinal));
        Assert.Equal((404, null), (client.Get("/old").Status, client.Get("/old")["X-A"]));
        server.Signal(Posix.SIGTERM);
        client.Dispose();
        Assert.Equal(0, server.WaitForOutput());
    }

    [Fact]
    public void Options_for_fields_are_on_every_answer()
    {
        _folder.Write("index.html", "index");
        _folder.Write("app.3f2a9c1b.js", "js");
        _folder.Write("b.css", "css");
        using ServerProcess server = Serve("--header", "X-A: b, c", "--header=X-B: d", "--cors=https://a.example", "--cache-control=*.css=no-store");
        using var client = new RawClient(server.Port);
        foreach ((string? target, int status, string? caching) in ((string, int, string?)[])
            [("/", 200, "no-cache"), ("/app.3f2a9c1b.js", 200, "max-age=31536000, immutable"), ("/b.css", 200, "no-store"), ("/none", 404, null), ("/%", 400, null)])
        {
            Answer answer = client.Get(target, "Origin: https://a.example");
            Assert.Equal((status, caching, "b, c", "d"), (answer.Status, answer["Cache-Control"], answer["X-A"], answer["X-B"]));
            Assert.Equal(("https://a.example", "Origin", "nosniff"), (answer["Access-Control-Allow-Origin"], answer["Vary"], answer["X-Content-Type-Options"]));
            Assert.Null(client.Get(target, "Origin: https://b.example")["Access-Control-Allow-Origin"]);
        }

        Answer preflight = client.Request(
            "OPTIONS", "/b.css", "Origin: https://a.example", "Access-Control-Request-Method: GET", "Access-Control-Request-Headers: x-own");
        Assert.Equal((204, "https://a.example", "x-own"), (preflight.Status, preflight["Access-Control-Allow-Origin"], preflight["Access-Control-Allow-Headers"]));
    }

    [Fact]
    public void A_thousand_rules_are_told_apart()
    {
        _folder.Write("_redirects", string.Concat(Enumerable.Range(0, 1000).Select(i => $"/a/{i}/* /b/{i}/:splat\n/:x/only{i} /c{i}\n")));
        _folder.Write("_headers", string.Concat(Enumerable.Range(0, 1000).Select(i => $"/a/{i}/*\n  X-Number: {i}\n")));
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);
        foreach (int i in (int[])[0, 1, 10, 500, 999])
        {
            Answer answer = client.Get($"/a/{i}/x");
            Assert.Equal(($"/b/{i}/x", $"{i}"), (answer["Location"], answer["X-Number"]));
            Assert.Equal($"/c{i}", client.Get($"/any/only{i}")["Location"]);
        }

        Assert.Equal(404, client.Get("/a/1000/x").Status);
    }

    private ServerProcess Serve(params string[] arguments) => ServerProcess.Serve(published.Binary, [_folder.Root, .. arguments]);
}
