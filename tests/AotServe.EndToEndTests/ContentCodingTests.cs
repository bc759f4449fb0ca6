using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>Content codings over the wire: files compressed ahead of time, and <c>--compress</c>.</summary>
public sealed class ContentCodingTests(PublishedServer published) : IDisposable
{
    private static readonly DateTime Written = new(2024, 2, 29, 12, 34, 56, DateTimeKind.Utc);
    private static readonly string Page = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"<p>{i}</p>\n"));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Siblings_are_negotiated_and_unpack_to_the_file()
    {
        Write("page.html", Page);
        Write("page.html.br", Pack("br", Page));
        Write("page.html.gz", Pack("gzip", Page));
        using var server = ServerProcess.Serve(published.Binary, _folder.Root);
        using var client = new RawClient(server.Port);
        foreach ((string? accepted, string? coding) in ((string, string?)[])[
            ("gzip, deflate, br, zstd", "br"), ("br;q=0.1, gzip", "gzip"), ("identity;q=0, gzip", "gzip"), ("*", "br"),
            ("zstd", null), ("br;q=0, gzip;q=0", null), ("identity, br;q=0.9", null)])
        {
            Answer answer = client.Get("/page.html", $"Accept-Encoding: {accepted}");
            Assert.Equal((200, coding, "Accept-Encoding"), (answer.Status, answer["Content-Encoding"], answer["Vary"]));
            Assert.Equal("text/html; charset=utf-8", answer["Content-Type"]);
            Assert.Equal(Page, Unpack(answer));
            Assert.Equal(304, client.Get("/page.html", $"Accept-Encoding: {accepted}", $"If-None-Match: {answer["ETag"]}").Status);

            string tag = client.StrongTag("/page.html", $"Accept-Encoding: {accepted}");
            Answer part = client.Get("/page.html", $"Accept-Encoding: {accepted}", "Range: bytes=100-199", $"If-Range: {tag}");
            Assert.Equal((206, coding, "Accept-Encoding"), (part.Status, part["Content-Encoding"], part["Vary"]));
            Assert.Equal(answer.Body[100..200], part.Body);
        }

        Assert.Equal("Accept-Encoding", client.Get("/page.html", "If-Match: \"x\"")["Vary"]);
        Assert.Equal("Accept-Encoding", client.Get("/page.html", "Range: bytes=99999999-")["Vary"]);
        Answer itself = client.Get("/page.html.gz", "Accept-Encoding: gzip");
        Assert.Equal(("application/gzip", null), (itself["Content-Type"], itself["Content-Encoding"]));
        Assert.Equal(File.ReadAllBytes(_folder["page.html.gz"]), itself.Body);
    }

    [Fact]
    public void A_sibling_that_comes_later_is_found_and_one_that_grows_old_is_left()
    {
        Write("page.html", Page);
        using var server = ServerProcess.Serve(published.Binary, _folder.Root);
        using var client = new RawClient(server.Port);
        Assert.Null(client.Get("/page.html", "Accept-Encoding: br")["Vary"]);

        Write("page.html.br", Pack("br", Page));
        Eventually.Holds(() => client.Get("/page.html", "Accept-Encoding: br")["Content-Encoding"] == "br", "the sibling is used");

        _folder.Write("page.html", "changed");
        Answer answer = client.Get("/page.html", "Accept-Encoding: br");
        Assert.Equal(("changed", null), (answer.Text, answer["Content-Encoding"]));
    }

    [Fact]
    public void Siblings_that_tools_leave_a_little_older_are_used_and_older_ones_are_named()
    {
        DateTime now = DateTime.UtcNow;
        foreach ((string name, int age) in ((string, int)[])[("cut", 1), ("unpacked", 3), ("old", 3600)])
        {
            Write($"{name}.js", Page, now);
            Write($"{name}.js.br", Pack("br", Page), now.AddSeconds(-age));
        }

        using var server = ServerProcess.Serve(published.Binary, _folder.Root, "--verbose");
        using var client = new RawClient(server.Port);
        Assert.Equal("br", client.Get("/cut.js", "Accept-Encoding: br")["Content-Encoding"]);
        Assert.Equal("br", client.Get("/unpacked.js", "Accept-Encoding: br")["Content-Encoding"]);
        Assert.Null(client.Get("/old.js", "Accept-Encoding: br")["Content-Encoding"]);
        string reason = "it is 3600 s older than the original; compress it again";
        server.AwaitLine(line => line == $"{_folder["old.js.br"]} is passed over: {reason}");

        using var check = ServerProcess.Start(new ServerStart { Binary = published.Binary, Arguments = ["check", _folder.Root] });
        Assert.Equal(0, check.WaitForOutput());
        string said = Assert.Single(check.Stdout, line => line.Contains(".br", StringComparison.Ordinal));
        Assert.Equal($"  skip    {_folder["old.js.br"]}: {reason}", said);
    }

    [Fact]
    public void A_file_that_is_there_only_coded_is_sent_to_who_accepts_it()
    {
        Write("app.wasm.br", Pack("br", Page));
        Write("icon.svgz", Pack("gzip", Page));
        Write("game.framework.js.br", Pack("br", Page));
        Write("site.tar.gz", Pack("gzip", Page));
        using var server = ServerProcess.Serve(published.Binary, _folder.Root);
        using var client = new RawClient(server.Port);
        foreach ((string path, string? coding, string type) in ((string, string?, string)[])[
            ("/app.wasm", "br", "application/wasm"), ("/icon.svgz", "gzip", "image/svg+xml"),
            ("/game.framework.js.br", "br", "text/javascript; charset=utf-8"), ("/site.tar.gz", null, "application/gzip")])
        {
            Answer answer = client.Get(path, "Accept-Encoding: gzip, br");
            Assert.Equal((200, coding, type), (answer.Status, answer["Content-Encoding"], answer["Content-Type"]));
            if (coding is not null)
            {
                Assert.Equal(Page, Unpack(answer));
            }
        }

        Assert.Equal(406, client.Get("/app.wasm", "Accept-Encoding: gzip").Status);
        Assert.Equal(404, client.Get("/app.wasm.zst", "Accept-Encoding: gzip").Status);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public void With_compress_the_first_answer_is_the_file_and_a_later_one_the_same_bytes_compressed(string coding)
    {
        Write("page.html", Page);
        using var server = ServerProcess.Serve(published.Binary, "--compress", _folder.Root);
        using var client = new RawClient(server.Port);
        Answer plain = client.Get("/page.html");
        Assert.Equal((Page, null, "Accept-Encoding"), (plain.Text, plain["Content-Encoding"], plain["Vary"]));

        Answer answer = AwaitCoding(client, "/page.html", coding);
        Assert.True(answer.Body.Length < Page.Length / 2);
        Assert.Equal(Page, Unpack(answer));
        Assert.NotEqual(plain["ETag"], answer["ETag"]);
        Answer part = client.Get("/page.html", $"Accept-Encoding: {coding}", "Range: bytes=-100");
        Assert.Equal(answer.Body[^100..], part.Body);
        Assert.Equal(Page, client.Get("/page.html").Text);
    }

    [Fact]
    public void With_compress_a_file_that_keeps_changing_is_never_answered_with_what_it_was()
    {
        Write("page.html", Page);
        using var server = ServerProcess.Serve(published.Binary, "--compress", _folder.Root);
        using var client = new RawClient(server.Port);
        for (int i = 0; i < 10; i++)
        {
            AwaitCoding(client, "/page.html", "br");

            // The same length, and another time of the last change.
            string changed = Page.Replace("<p>", $"<{i}>", StringComparison.Ordinal);
            Write("page.html", changed, Written.AddSeconds(i + 1));
            Assert.Equal(changed, Unpack(client.Get("/page.html", "Accept-Encoding: br")));
            Assert.Equal(changed, Unpack(AwaitCoding(client, "/page.html", "br")));
        }
    }

    [Fact]
    public void The_thread_that_compresses_begins_with_the_first_file_and_does_not_keep_a_stop_waiting()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Threads are counted in /proc.");
        string large = new string('x', 1000) + string.Concat(Enumerable.Range(0, 900_000).Select(i => $"{i * 7919L % 1000003}\n"));
        for (int i = 0; i < 12; i++)
        {
            Write($"{i}.txt", large);
        }

        using var server = ServerProcess.Serve(published.Binary, "--compress", _folder.Root);
        using var client = new RawClient(server.Port);
        Assert.Equal(200, client.Get("/0.txt").Status);
        Assert.DoesNotContain("compressor", Proc.ThreadNames(server.Pid));
        for (int i = 0; i < 12; i++)
        {
            Assert.Equal(200, client.Request("HEAD", $"/{i}.txt", "Accept-Encoding: br").Status);
        }

        Eventually.Holds(() => Proc.ThreadNames(server.Pid).Contains("compressor"), "the thread runs");
        Assert.DoesNotContain(Proc.ThreadNames(server.Pid), name => name.StartsWith(".NET TP", StringComparison.Ordinal));

        // Most of it is still to be done; the stop breaks it off.
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Empty(server.Stderr);
    }

    private static Answer AwaitCoding(RawClient client, string target, string coding) => Eventually.Is(
        () =>
        {
            Answer answer = client.Get(target, $"Accept-Encoding: {coding}");
            Assert.Equal((200, "Accept-Encoding"), (answer.Status, answer["Vary"]));
            return answer;
        },
        answer => answer["Content-Encoding"] == coding,
        "the file is compressed");

    private static byte[] Pack(string coding, string text)
    {
        using var packed = new MemoryStream();
        using (Stream stream = coding == "br"
            ? new BrotliStream(packed, CompressionLevel.Optimal)
            : new GZipStream(packed, CompressionLevel.Optimal))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    private static string Unpack(Answer answer)
    {
        using var packed = new MemoryStream(answer.Body);
        using Stream stream = answer["Content-Encoding"] switch
        {
            "br" => new BrotliStream(packed, CompressionMode.Decompress),
            "gzip" => new GZipStream(packed, CompressionMode.Decompress),
            _ => packed,
        };
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private void Write(string name, string content, DateTime? time = null) => Write(name, Encoding.UTF8.GetBytes(content), time);

    private void Write(string name, byte[] content, DateTime? time = null)
    {
        File.WriteAllBytes(_folder[name], content);
        File.SetLastWriteTimeUtc(_folder[name], time ?? Written);
    }
}
