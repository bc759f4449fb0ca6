using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using System.Text.Json;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>Folders, clean addresses, single-page applications and error pages.</summary>
public sealed class FolderTests(PublishedServer published) : IDisposable
{
    private const string Browser = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private readonly TemporaryFolder _folder = new();

    private string Root => _folder["root"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_is_not_listed_unless_that_was_asked_for()
    {
        _folder.Write("root/sub/a.txt", "x");
        using ServerProcess closed = Serve();
        using var closedClient = new RawClient(closed.Port);
        Assert.Equal(404, closedClient.Get("/").Status);

        using ServerProcess open = Serve("--listing");
        using var client = new RawClient(open.Port);
        Answer page = client.Get("/", Browser);
        Assert.Equal((200, "text/html; charset=utf-8", "Accept"), (page.Status, page["Content-Type"], page["Vary"]));
        Assert.Contains("<a href=\"sub/\">", page.Text);
        Assert.Equal("sub/", client.Get("/sub")["Location"]);
        Assert.Contains("<a href=\"a.txt\">", client.Get("/sub/").Text);
        Answer head = client.Request("HEAD", "/sub/");
        Assert.Equal((200, client.Get("/sub/")["Content-Length"]), (head.Status, head["Content-Length"]));
    }

    [Fact]
    public void Every_link_of_a_listing_leads_to_its_file_or_folder()
    {
        string[] names = ["a b", "javascript:alert(1)", "<b>\"&'", "100%", "%41", "?q#h", "new\nline", "\\evil", "日本", "-", "~", "c:"];
        foreach (string name in names)
        {
            _folder.Write($"root/files/{name}", name);
            _folder.Write($"root/folders/{name}/inside", name);
        }

        using ServerProcess server = Serve("--listing");
        using var client = new RawClient(server.Port);
        JsonElement[] files = Entries(client, "/files/");
        Assert.Equal(names.Order(StringComparer.Ordinal), files.Select(NameOf).Order(StringComparer.Ordinal));
        Assert.All(files, entry => Assert.Equal(NameOf(entry), client.Get("/files/" + HrefOf(entry)).Text));
        Assert.All(files, entry => Assert.Equal(Encoding.UTF8.GetByteCount(NameOf(entry)), entry.GetProperty("size").GetInt64()));
        JsonElement[] folders = Entries(client, "/folders/");
        Assert.Equal(names.Length, folders.Length);
        Assert.All(folders, entry => Assert.Equal(NameOf(entry), client.Get("/folders/" + HrefOf(entry) + "inside").Text));
    }

    [Fact]
    public void A_folder_of_ten_thousand_files_is_listed_whole()
    {
        Directory.CreateDirectory(Root);
        for (int i = 0; i < 10_000; i++)
        {
            File.WriteAllText(Path.Combine(Root, $"file {i}.txt"), "");
        }

        using ServerProcess server = Serve("--listing", "--threads", "1");
        using var client = new RawClient(server.Port);
        JsonElement[] entries = Entries(client, "/?sort=name&order=desc");
        Assert.Equal(Enumerable.Range(0, 10_000).Reverse().Select(i => $"file {i}.txt"), entries.Select(NameOf));
        Assert.Contains("10,000 files", client.Get("/").Text);
        Assert.Equal(200, client.Get("/file%209999.txt").Status);
    }

    [Fact]
    public void The_listing_of_a_large_folder_is_compressed_for_those_who_take_it()
    {
        for (int i = 0; i < 500; i++)
        {
            _folder.Write($"root/many/file {i}.txt", "");
        }

        _folder.Write("root/few/a.txt", "");
        using ServerProcess server = Serve("--listing");
        using var client = new RawClient(server.Port);
        Answer plain = client.Get("/many/");
        Answer coded = client.Get("/many/", "Accept-Encoding: br, gzip");
        Assert.Equal((200, null, 200, "gzip"), (plain.Status, plain["Content-Encoding"], coded.Status, coded["Content-Encoding"]));
        Assert.All([plain, coded], answer => Assert.Equal(["Accept-Encoding", "Accept"], answer.Fields.Where(field => field.Name == "Vary").Select(field => field.Value)));
        Assert.True(coded.Body.Length * 4 < plain.Body.Length);
        using var unpacked = new MemoryStream();
        using (var decoder = new GZipStream(new MemoryStream(coded.Body), CompressionMode.Decompress))
        {
            decoder.CopyTo(unpacked);
        }

        Assert.Equal(plain.Body, unpacked.ToArray());
        Assert.NotEqual(plain["ETag"], coded["ETag"]);
        Assert.Equal(304, client.Get("/many/", "Accept-Encoding: gzip", $"If-None-Match: {coded["ETag"]}").Status);
        Assert.Null(client.Get("/many/", "Accept-Encoding: gzip;q=0")["Content-Encoding"]);
        Assert.Equal("gzip", client.Request("HEAD", "/many/", "Accept-Encoding: gzip")["Content-Encoding"]);
        Assert.Equal((200, null), (client.Get("/few/", "Accept-Encoding: gzip").Status, client.Get("/few/", "Accept-Encoding: gzip")["Content-Encoding"]));
    }

    [Fact]
    public void What_should_not_be_seen_is_not_listed()
    {
        _folder.Write("root/seen", "x");
        _folder.Write("root/.hidden", "x");
        _folder.Write("root/_headers", "");
        File.CreateSymbolicLink(Path.Combine(Root, "out"), "/etc/passwd");
        Posix.MakeFifo(Path.Combine(Root, "fifo"));
        using ServerProcess server = Serve("--listing");
        using var client = new RawClient(server.Port);
        Assert.Equal(["seen"], Entries(client, "/").Select(NameOf));
    }

    [Fact]
    public void A_folders_page_can_have_other_names()
    {
        _folder.Write("root/home.htm", "home");
        _folder.Write("root/a/index.html", "index");
        _folder.Write("root/a/home.htm", "home in a");
        _folder.Write("root/b/index.html", "index in b");
        using ServerProcess server = Serve("--index", "home.htm", "--index", "index.html");
        using var client = new RawClient(server.Port);
        Assert.Equal("home", client.Get("/").Text);
        Assert.Equal("home in a", client.Get("/a/").Text);
        Assert.Equal("index in b", client.Get("/b/").Text);
    }

    [Fact]
    public void Pages_have_clean_addresses()
    {
        _folder.Write("root/index.html", "top");
        _folder.Write("root/about.html", "about");
        _folder.Write("root/docs.html", "docs");
        _folder.Write("root/docs/one.html", "one");
        using ServerProcess server = Serve("--clean-urls");
        using var client = new RawClient(server.Port);
        Assert.Equal("about", client.Get("/about").Text);
        Assert.Equal("docs", client.Get("/docs").Text);
        Assert.Equal("one", client.Get("/docs/one").Text);
        Assert.Equal((301, "about?a=1&b"), (client.Get("/about.html?a=1&b").Status, client.Get("/about.html?a=1&b")["Location"]));
        Assert.Equal("./", client.Get("/index.html")["Location"]);
        Assert.Equal("../docs", client.Get("/docs/")["Location"]);
        Assert.Equal("../about", client.Get("/about/")["Location"]);
        Assert.Equal(404, client.Get("/none").Status);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("///evil.example/")]
    [InlineData("/\\evil.example")]
    [InlineData("/%5cevil.example")]
    [InlineData("//evil.example/%2e%2e/evil.example")]
    [InlineData("/./evil.example")]
    [InlineData("/x/..//evil.example")]
    [InlineData("//evil.example.html")]
    [InlineData("/\\evil.example.html?//evil.example")]
    public void No_redirect_leads_to_another_host(string target)
    {
        foreach (string name in (string[])["evil.example", "\\evil.example"])
        {
            Directory.CreateDirectory(Path.Combine(Root, name));
            _folder.Write($"root/{name}.html", "x");
        }

        foreach (string[] options in (string[][])[[], ["--clean-urls"], ["--listing"], ["--clean-urls", "--spa", "--listing"]])
        {
            using ServerProcess server = Serve(options);
            using var client = new RawClient(server.Port);
            Answer answer = client.Get(target);
            if (answer["Location"] is { } location)
            {
                Assert.DoesNotMatch(@"^[/\\]{2}|^[^/?#]*:|\\", location);
                Assert.Equal("site.example", new Uri(new Uri("http://site.example/"), location).Host);
            }
        }
    }

    [Fact]
    public void A_single_page_application_gets_its_addresses_and_no_more()
    {
        _folder.Write("root/index.html", "application");
        using ServerProcess server = Serve("--spa");
        using var client = new RawClient(server.Port);
        Answer page = client.Get("/users/5", Browser);
        Assert.Equal((200, "application", "Accept"), (page.Status, page.Text, page["Vary"]));
        Assert.Equal(404, client.Get("/users/5", "Accept: */*").Status);
        Assert.Equal(404, client.Get("/users/5").Status);
        Assert.Equal(404, client.Get("/gone.js", Browser).Status);
        Assert.Equal(405, client.Request("DELETE", "/users/5", Browser).Status);
    }

    [Fact]
    public void The_roots_own_error_page_has_the_right_status()
    {
        _folder.Write("root/a.txt", "x");
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);
        Assert.Contains("404 Not Found", client.Get("/none").Text);

        _folder.Write("root/404.html", "<p>own page");
        Answer answer = client.Get("/none", "If-None-Match: *", "Range: bytes=0-1");
        Assert.Equal((404, "<p>own page", "no-cache", null), (answer.Status, answer.Text, answer["Cache-Control"], answer["ETag"]));
        Assert.Equal((404, "11"), (client.Request("HEAD", "/none").Status, client.Request("HEAD", "/none")["Content-Length"]));
        Assert.Equal(200, client.Get("/404.html").Status);
        Assert.Equal("x", client.Get("/a.txt").Text);
    }

    [Theory]
    [InlineData("--index", "a/b")]
    [InlineData("--index", ".env")]
    [InlineData("--listing=yes")]
    public void A_wrong_option_stops_the_start(params string[] options)
    {
        Directory.CreateDirectory(Root);
        using var server = ServerProcess.Start(new ServerStart { Binary = published.Binary, Arguments = [Root, .. options] });
        Assert.Equal(2, server.WaitForOutput());
        Assert.StartsWith(options[0].Split('=')[0], Assert.Single(server.Stderr).Replace("aotserve: ", "", StringComparison.Ordinal));
    }

    private static JsonElement[] Entries(RawClient client, string target)
    {
        Answer answer = client.Get(target, "Accept: application/json");
        Assert.Equal((200, "application/json"), (answer.Status, answer["Content-Type"]));
        return [.. JsonDocument.Parse(answer.Text).RootElement.GetProperty("entries").EnumerateArray()];
    }

    private static string NameOf(JsonElement entry) => entry.GetProperty("name").GetString()!;

    private static string HrefOf(JsonElement entry) => entry.GetProperty("href").GetString()!;

    private ServerProcess Serve(params string[] options) => ServerProcess.Serve(published.Binary, [Root, .. options]);
}
