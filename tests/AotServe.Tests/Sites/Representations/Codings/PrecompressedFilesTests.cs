using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using AotServe.Files;
using AotServe.Http;
using AotServe.Sites;
using AotServe.Sites.Representations.Codings;
using Xunit;

namespace AotServe.Tests.Sites.Representations.Codings;

public sealed class SiblingTests : IDisposable
{
    private static readonly DateTime Written = new(2024, 2, 29, 12, 30, 15, 500, DateTimeKind.Utc);

    private readonly TemporaryFolder _folder = new();
    private readonly FileSite _site;

    public SiblingTests()
    {
        Write("page.html", "the page itself", 0);
        Write("page.html.br", "as brotli", 0);
        Write("page.html.zst", "as zstandard", 1);
        Write("page.html.gz", "as gzip", 2);
        Write("plain.txt", "plain", 0);
        _site = FolderSite.Open(_folder.Root);
    }

    public void Dispose()
    {
        _site.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("gzip, deflate, br, zstd", "br", "as brotli", "-br")]
    [InlineData("gzip, zstd", "zstd", "as zstandard", "-zst")]
    [InlineData("gzip", "gzip", "as gzip", "-gz")]
    [InlineData("x-gzip", "gzip", "as gzip", "-gz")]
    [InlineData("br;q=0.1, gzip;q=0.2", "gzip", "as gzip", "-gz")]
    [InlineData("identity;q=0, gzip", "gzip", "as gzip", "-gz")]
    [InlineData("identity;q=0", null, "the page itself", "")]
    [InlineData("deflate", null, "the page itself", "")]
    [InlineData("", null, "the page itself", "")]
    public void The_sibling_that_the_client_prefers_is_sent_in_place_of_the_file(
        string accepted, string? coding, string body, string suffix)
    {
        SiteAnswer answer = Get("/page.html", $"Accept-Encoding: {accepted}");
        Assert.Equal((200, coding, body), (answer.Status, answer["Content-Encoding"], answer.Text));
        Assert.Equal("text/html; charset=utf-8", answer["Content-Type"]);
        Assert.Equal("Accept-Encoding", answer["Vary"]);
        Assert.Equal("Thu, 29 Feb 2024 12:30:15 GMT", answer["Last-Modified"]);
        Assert.Equal($"{body.Length}", answer["Content-Length"]);
        Assert.Matches($"^\"[0-9a-f]{{16}}{suffix}\"$", answer["ETag"]);
        Assert.Equal(answer.Fields, SiteAnswer.To(_site, "HEAD", "/page.html", [$"Accept-Encoding: {accepted}"]).Fields);
    }

    [Fact]
    public void Each_coding_has_a_tag_of_its_own()
    {
        string?[] tags = [.. new[] { "br", "zstd", "gzip", "identity" }.Select(coding =>
            Get("/page.html", $"Accept-Encoding: {coding}")["ETag"])];
        Assert.Equal(4, tags.Distinct().Count());
        Assert.Equal(Get("/page.html")["ETag"], tags[3]);
    }

    [Fact]
    public void A_file_without_siblings_does_not_vary()
    {
        SiteAnswer answer = Get("/plain.txt", "Accept-Encoding: br, gzip");
        Assert.Equal(("plain", null, null), (answer.Text, answer["Vary"], answer["Content-Encoding"]));
        Assert.Null(Get("/none", "Accept-Encoding: br")["Vary"]);
    }

    [Fact]
    public void A_sibling_asked_for_by_its_own_name_is_a_file_like_any_other()
    {
        SiteAnswer answer = Get("/page.html.gz", "Accept-Encoding: br, gzip");
        Assert.Equal(("as gzip", "application/gzip"), (answer.Text, answer["Content-Type"]));
        Assert.Equal((null, null), (answer["Vary"], answer["Content-Encoding"]));
        Assert.DoesNotContain("-gz\"", answer["ETag"], StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_of_a_folder_has_siblings_too()
    {
        Write("folder/index.html", "index", 0);
        Write("folder/index.html.br", "index as brotli", 0);
        Assert.Equal("index as brotli", Get("/folder/", "Accept-Encoding: br").Text);
    }

    [Fact]
    public void A_sibling_older_than_the_file_is_not_used()
    {
        Write("a.txt", "a", 0);
        Write("a.txt.br", "older", -6_000);
        Write("a.txt.gz", "as old", 0);
        SiteAnswer answer = Get("/a.txt", "Accept-Encoding: br, gzip");
        Assert.Equal(("as old", "gzip"), (answer.Text, answer["Content-Encoding"]));

        Write("b.txt", "b", 0);
        Write("b.txt.br", "older", -6_000);
        answer = Get("/b.txt", "Accept-Encoding: br, gzip");
        Assert.Equal(("b", null, null), (answer.Text, answer["Content-Encoding"], answer["Vary"]));

        // The file changes under the eyes of the server: what was known of its precompressed files is void.
        Assert.Equal("as brotli", Get("/page.html", "Accept-Encoding: br").Text);
        Write("page.html", "a newer page", 6_000);
        answer = Get("/page.html", "Accept-Encoding: br");
        Assert.Equal(("a newer page", null), (answer.Text, answer["Vary"]));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(-1_000, true)]
    [InlineData(-5_000, true)]
    [InlineData(-5_501, false)]
    public void A_sibling_may_be_some_seconds_older_since_tools_cut_times_and_upload_in_any_order(int milliseconds, bool isUsed)
    {
        Write("a.txt", "a", 0);
        Write("a.txt.br", "packed", milliseconds);
        Assert.Equal(isUsed ? "packed" : "a", Get("/a.txt", "Accept-Encoding: br").Text);
    }

    [Fact]
    public void A_file_that_is_there_in_codings_only_is_sent_to_who_accepts_one()
    {
        Write("app.wasm.br", "as brotli", 0);
        Write("app.wasm.gz", "as gzip", 0);
        Write("dir/index.html.gz", "the page", 0);
        foreach ((string[] fields, string coding, string text) in ((string[], string, string)[])[
            (["Accept-Encoding: gzip, br"], "br", "as brotli"), (["Accept-Encoding: br;q=0.1, gzip"], "gzip", "as gzip"), ([], "gzip", "as gzip")])
        {
            SiteAnswer answer = Get("/app.wasm", fields);
            Assert.Equal(
                (200, text, coding, "application/wasm", "Accept-Encoding"),
                (answer.Status, answer.Text, answer["Content-Encoding"], answer["Content-Type"], answer["Vary"]));
            Assert.Equal(304, Get("/app.wasm", [.. fields, $"If-None-Match: {answer["ETag"]}"]).Status);
            Assert.Equal((206, text[1..3]), (Get("/app.wasm", [.. fields, "Range: bytes=1-2"]).Status, Get("/app.wasm", [.. fields, "Range: bytes=1-2"]).Text));
            Assert.Equal(answer.Fields, SiteAnswer.To(_site, "HEAD", "/app.wasm", fields).Fields);
        }

        SiteAnswer refused = Get("/app.wasm", "Accept-Encoding: identity");
        Assert.Equal((406, "Accept-Encoding", null), (refused.Status, refused["Vary"], refused["Content-Encoding"]));
        SiteAnswer page = Get("/dir/", "Accept-Encoding: gzip");
        Assert.Equal(("the page", "gzip", "text/html; charset=utf-8"), (page.Text, page["Content-Encoding"], page["Content-Type"]));
        Assert.Equal(404, Get("/app.wasm/", "Accept-Encoding: br").Status);
        Assert.Equal(404, Get("/other.wasm", "Accept-Encoding: br").Status);
    }

    [Theory]
    [InlineData("icon.svgz", "gzip", "image/svg+xml")]
    [InlineData("game.framework.js.br", "br", "text/javascript; charset=utf-8")]
    [InlineData("game.framework.js.gz", "gzip", "text/javascript; charset=utf-8")]
    [InlineData("game.wasm.gz", "gzip", "application/wasm")]
    [InlineData("game.wasm.zst", "zstd", "application/wasm")]
    [InlineData("game.data.br", "br", "application/octet-stream")]
    [InlineData("game.data.gz", "gzip", "application/octet-stream")]
    [InlineData("game.symbols.json.gz", "gzip", "application/json")]
    [InlineData("style.css.br", "br", "text/css; charset=utf-8")]
    [InlineData("iris.data.gz", null, "application/gzip")]
    [InlineData("app.tar.gz", null, "application/gzip")]
    [InlineData("table.csv.gz", null, "application/gzip")]
    [InlineData("dump.sql.gz", null, "application/gzip")]
    [InlineData("page.html.gz", null, "application/gzip")]
    [InlineData("list.json.gz", null, "application/gzip")]
    [InlineData("app.tar.br", null, "application/octet-stream")]
    [InlineData("x.unknown.br", null, "application/octet-stream")]
    [InlineData("plain.gz", null, "application/gzip")]
    public void A_name_that_a_page_asks_for_coded_has_the_type_of_what_is_inside(string name, string? coding, string type)
    {
        Write("game.framework.js.gz", "x", 0);
        Write(name, "content", 0);
        foreach (string[] fields in (string[][])[[], ["Accept-Encoding: gzip, br, zstd"]])
        {
            SiteAnswer answer = Get("/" + name, fields);
            Assert.Equal((200, "content", coding, type), (answer.Status, answer.Text, answer["Content-Encoding"], answer["Content-Type"]));
            Assert.Null(answer["Vary"]);
        }
    }

    [Fact]
    public void What_is_passed_over_is_said_once_with_the_reason()
    {
        var said = new List<string>();
        Write("a.txt", "a", 0);
        Write("a.txt.br", "older", -61_000);
        _folder.MakeFolder("a.txt.gz");
        using var root = RootFolder.Open(_folder.Root);
        root.Find("a.txt"u8, out FileEntry original);
        var files = new PrecompressedFiles(root, new SiblingReport("/srv", said.Add));
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(ContentCodings.Identity, files.Find("a.txt"u8, original, i));
        }

        Assert.Equal(
            ["/srv/a.txt.br is passed over: it is 61 s older than the original; compress it again",
                "/srv/a.txt.gz is passed over: it is no regular file"],
            said);
    }

    [Fact]
    public void What_bears_the_name_of_a_sibling_and_is_none_is_not_used()
    {
        File.WriteAllText(Path.Combine(_folder.Root, "../secret"), "nobody may see this");
        foreach (string name in new[] { "out.txt", "folder.txt", "fifo.txt", "gone.txt" })
        {
            Write(name, "itself", 0);
        }

        _folder.Link("out.txt.br", "../secret");
        _folder.Link("gone.txt.br", "nowhere");
        _folder.MakeFolder("folder.txt.br");
        _folder.MakeFifo("fifo.txt.br");
        foreach (string name in new[] { "out.txt", "folder.txt", "fifo.txt", "gone.txt" })
        {
            SiteAnswer answer = Get("/" + name, "Accept-Encoding: br");
            Assert.Equal(("itself", null, null), (answer.Text, answer["Content-Encoding"], answer["Vary"]));
        }
    }

    [Fact]
    public void A_sibling_may_be_a_link_that_stays_beneath_the_root()
    {
        Write("a.txt", "a", 0);
        Write("packed/a", "packed", 0);
        _folder.Link("a.txt.br", "packed/a");
        Assert.Equal("packed", Get("/a.txt", "Accept-Encoding: br").Text);
    }

    [Fact]
    public void A_sibling_that_goes_while_it_is_remembered_leaves_the_next_best()
    {
        Assert.Equal("as brotli", Get("/page.html", "Accept-Encoding: br, gzip").Text);
        File.Delete(_folder["page.html.br"]);
        Assert.Equal("as gzip", Get("/page.html", "Accept-Encoding: br, gzip").Text);
        File.Delete(_folder["page.html.gz"]);
        SiteAnswer answer = Get("/page.html", "Accept-Encoding: br, gzip");
        Assert.Equal(("the page itself", "Accept-Encoding"), (answer.Text, answer["Vary"]));
    }

    [Fact]
    public void The_longest_name_of_a_file_leaves_no_room_for_a_sibling()
    {
        string name = new('n', 255);
        Write(name, "long", 0);
        Assert.Equal("long", Get("/" + name, "Accept-Encoding: br, gzip").Text);
    }

    [Fact]
    public void Preconditions_are_about_the_tag_of_the_coding()
    {
        string brotli = Get("/page.html", "Accept-Encoding: br")["ETag"]!;
        string identity = Get("/page.html")["ETag"]!;
        foreach ((string tag, string accepted, int known, int matched) in new[]
        {
            (brotli, "br", 304, 200), (identity, "br", 200, 412), (brotli, "", 200, 412), (identity, "", 304, 200),
        })
        {
            AssertVaries(known, Get("/page.html", $"Accept-Encoding: {accepted}", $"If-None-Match: {tag}"));
            AssertVaries(matched, Get("/page.html", $"Accept-Encoding: {accepted}", $"If-Match: {tag}"));
        }

        SiteAnswer notModified = Get("/page.html", "Accept-Encoding: br", $"If-None-Match: {brotli}");
        Assert.Equal((brotli, null), (notModified["ETag"], notModified["Content-Encoding"]));
        AssertVaries(304, Get("/page.html", "Accept-Encoding: br", "If-Modified-Since: Thu, 29 Feb 2024 12:30:15 GMT"));
        AssertVaries(412, Get("/page.html", "Accept-Encoding: br", "If-Unmodified-Since: Thu, 29 Feb 2024 12:30:14 GMT"));
    }

    [Fact]
    public void Ranges_are_of_the_coding()
    {
        SiteAnswer part = Get("/page.html", "Accept-Encoding: br", "Range: bytes=3-4");
        AssertVaries(206, part);
        Assert.Equal(("br", "br", "bytes 3-4/9"), (part.Text, part["Content-Encoding"], part["Content-Range"]));
        Assert.Equal("page", Get("/page.html", "Range: bytes=4-7").Text);

        SiteAnswer beyond = Get("/page.html", "Accept-Encoding: br", "Range: bytes=9-");
        AssertVaries(416, beyond);
        Assert.Equal(("bytes */9", null), (beyond["Content-Range"], beyond["Content-Encoding"]));
        AssertVaries(206, Get("/page.html", "Range: bytes=9-"));
    }

    [Fact]
    public void If_Range_takes_the_tag_of_the_coding_and_no_date_that_all_codings_share()
    {
        string brotli = Get("/page.html", "Accept-Encoding: br")["ETag"]!;
        Assert.Equal(206, Get("/page.html", "Accept-Encoding: br", "Range: bytes=0-1", $"If-Range: {brotli}").Status);
        AssertVaries(200, Get("/page.html", "Accept-Encoding: gzip", "Range: bytes=0-1", $"If-Range: {brotli}"));
        string date = Get("/page.html")["Last-Modified"]!;
        AssertVaries(200, Get("/page.html", "Accept-Encoding: br", "Range: bytes=0-1", $"If-Range: {date}"));
        Assert.Equal(206, Get("/plain.txt", "Range: bytes=0-1", $"If-Range: {date}").Status);
    }

    [Fact]
    public void What_is_remembered_of_siblings_costs_no_allocation()
    {
        var head = new RequestHead();
        var output = new OutputBuffer(64 * 1024);
        var response = new Response(output);
        byte[] request =
            "GET /page.html HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip, br\r\nIf-None-Match: *\r\n\r\n"u8.ToArray();
        byte[] plain = "GET /plain.txt HTTP/1.1\r\nHost: a\r\nAccept-Encoding: br\r\nIf-None-Match: *\r\n\r\n"u8.ToArray();
        long one = Allocated(plain, 10);
        Assert.Equal(Allocated(plain, 10), one);

        // A handle for the file and one for the sibling, where a file without has one.
        Assert.Equal(2 * one, Allocated(request, 10));

        long Allocated(byte[] bytes, int times)
        {
            Answer(bytes);
            Assert.Equal(304, response.Status);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < times; i++)
            {
                Answer(bytes);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        void Answer(byte[] bytes)
        {
            output.Truncate(0);
            RequestParser.Parse(bytes, 0, bytes.Length, head);
            response.Reset(false, 1, true, SiteAnswer.Now);
            _site.Answer(head, [], response);
        }
    }

    private static void AssertVaries(int status, SiteAnswer answer) =>
        Assert.Equal((status, "Accept-Encoding"), (answer.Status, answer["Vary"]));

    private SiteAnswer Get(string target, params string[] fields) => SiteAnswer.To(_site, "GET", target, fields);

    private void Write(string name, string content, int milliseconds) =>
        File.SetLastWriteTimeUtc(_folder.Write(name, content), Written.AddMilliseconds(milliseconds));
}
