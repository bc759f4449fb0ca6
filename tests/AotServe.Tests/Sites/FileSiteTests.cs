using System;
using System.IO;
using System.Linq;
using System.Text;
using AotServe.Buffers;
using AotServe.Files;
using AotServe.Http;
using AotServe.Sites;
using AotServe.Tests.Files;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AotServe.Tests.Sites;

public sealed class FileSiteTests : IDisposable
{
    private const string Secret = "nobody may see this";

    private readonly TemporaryFolder _folder = new();
    private readonly FileSite _site;

    public FileSiteTests()
    {
        _folder.Write("index.html", "<p>root");
        _folder.Write("a/index.html", "<p>folder");
        _folder.Write("a/page.html", "<p>page");
        _folder.Write("style.css", "p{}");
        _folder.MakeFolder("empty");
        _folder.MakeFolder("strange/index.html");
        _folder.Write(".env", Secret);
        _folder.Write(".git/config", Secret);
        _folder.Write("a/.hidden", Secret);
        _folder.Write(".well-known/security.txt", "Contact: x");
        File.WriteAllText(Path.Combine(_folder.Root, "../secret"), Secret);
        _folder.Link("out", "../secret");
        _folder.MakeFifo("fifo");
        _site = FolderSite.Open(_folder.Root);
    }

    public void Dispose()
    {
        _site.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("/", "<p>root", "text/html; charset=utf-8")]
    [InlineData("/index.html", "<p>root", "text/html; charset=utf-8")]
    [InlineData("/?a=/../..", "<p>root", "text/html; charset=utf-8")]
    [InlineData("/a/", "<p>folder", "text/html; charset=utf-8")]
    [InlineData("/a/.", "<p>folder", "text/html; charset=utf-8")]
    [InlineData("/a//page.html", "<p>page", "text/html; charset=utf-8")]
    [InlineData("/a/%70age.html?x", "<p>page", "text/html; charset=utf-8")]
    [InlineData("/a/../style.css", "p{}", "text/css; charset=utf-8")]
    [InlineData("http://elsewhere/style.css", "p{}", "text/css; charset=utf-8")]
    [InlineData("/.well-known/security.txt", "Contact: x", "text/plain; charset=utf-8")]
    public void A_file_is_answered_with_its_media_type(string target, string body, string mediaType)
    {
        SiteAnswer answer = Get(target);
        Assert.Equal((200, body, mediaType), (answer.Status, answer.Text, answer["Content-Type"]));
        Assert.Equal("nosniff", answer["X-Content-Type-Options"]);
        Assert.True(answer.KeepAlive);
    }

    [Theory]
    [InlineData("/none", 404)]
    [InlineData("/none/", 404)]
    [InlineData("/style.css/", 404)]
    [InlineData("/style.css/x", 404)]
    [InlineData("/empty/", 404)]
    [InlineData("/strange/", 404)]
    [InlineData("/fifo", 404)]
    [InlineData("/out", 404)]
    [InlineData("/.env", 404)]
    [InlineData("/%2eenv", 404)]
    [InlineData("/.git/config", 404)]
    [InlineData("/a/.hidden", 404)]
    [InlineData("/a%2Findex.html", 404)]
    [InlineData("/a%5Cindex.html", 404)]
    [InlineData("/%252e%252e/secret", 404)]
    [InlineData("/..%5csecret", 404)]
    [InlineData("/../secret", 400)]
    [InlineData("/a/../../secret", 400)]
    [InlineData("/%2e%2e/secret", 400)]
    [InlineData("http://elsewhere/../secret", 400)]
    [InlineData("/index.html%00", 400)]
    [InlineData("/%", 400)]
    [InlineData("/%xy", 400)]
    public void What_may_not_be_served_is_refused(string target, int status)
    {
        SiteAnswer answer = Get(target);
        Assert.Equal(status, answer.Status);
        Assert.Equal("text/html; charset=utf-8", answer["Content-Type"]);
        Assert.Null(answer["ETag"]);
    }

    [Theory]
    [InlineData("/a", "/a/")]
    [InlineData("/empty", "/empty/")]
    [InlineData("/a?x=1&y=//", "/a/?x=1&y=//")]
    [InlineData("//a", "/a/")]
    [InlineData("///a", "/a/")]
    [InlineData("/./a", "/a/")]
    [InlineData("/a/../a", "/a/")]
    [InlineData("//evil.example", "/evil.example/")]
    [InlineData("//evil.example//x/..//..//evil.example", "/evil.example/")]
    [InlineData("/%5Cevil.example", "/%5Cevil.example/")]
    [InlineData("/with%20space%22%3C%3E%0D%0A%23%3F", "/with%20space%22%3C%3E%0D%0A%23%3F/")]
    [InlineData("/%C3%A9", "/%C3%A9/")]
    public void A_folder_is_redirected_to_its_trailing_slash_on_this_origin(string target, string location)
    {
        foreach (string name in new[] { "evil.example", "\\evil.example", "with space\"<>\r\n#?", "é" })
        {
            _folder.MakeFolder(name);
        }

        SiteAnswer answer = Get(target);
        Assert.Equal((301, location, 0), (answer.Status, answer.LocationFrom(target), answer.Body.Length));
        Assert.DoesNotMatch("^//|^[a-zA-Z+.-]+:", answer["Location"]);
    }

    [Fact]
    public void The_longest_redirect_fits()
    {
        // Carets need no encoding to be sent, and three bytes each to be sent back. The second slash makes the whole path be sent.
        string name = string.Join('/', Enumerable.Repeat(new string('^', 250), 15));
        _folder.MakeFolder(name);
        string query = new('q', HttpLimits.RequestLine - name.Length - 50);

        SiteAnswer answer = Get($"//{name}?{query}");
        Assert.Equal($"/{name.Replace("^", "%5E", StringComparison.Ordinal)}/?{query}", answer["Location"]);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/a/page.html")]
    [InlineData("/a")]
    [InlineData("/none")]
    [InlineData("/../x")]
    public void HEAD_is_like_GET_without_the_body(string target)
    {
        SiteAnswer get = Get(target);
        var head = SiteAnswer.To(_site, "HEAD", target);
        Assert.Equal(get.Status, head.Status);
        Assert.Equal(get.Fields, head.Fields);
        Assert.Empty(head.Body);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("/")]
    [InlineData("/a")]
    [InlineData("/empty/")]
    [InlineData("/style.css")]
    public void OPTIONS_names_the_methods(string target)
    {
        var answer = SiteAnswer.To(_site, "OPTIONS", target);
        Assert.Equal((204, "GET, HEAD, OPTIONS", null), (answer.Status, answer["Allow"], answer["Content-Length"]));
    }

    [Fact]
    public void OPTIONS_of_nothing_is_not_found()
    {
        foreach (string target in new[] { "/none", "/style.css/", "/fifo", "/.env" })
        {
            Assert.Equal(404, SiteAnswer.To(_site, "OPTIONS", target).Status);
        }
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("TRACE")]
    public void Other_methods_are_not_allowed(string method)
    {
        var answer = SiteAnswer.To(_site, method, "/style.css", body: "x");
        Assert.Equal((405, "GET, HEAD, OPTIONS"), (answer.Status, answer["Allow"]));
    }

    [Fact]
    public void Unknown_methods_are_not_implemented_and_a_tunnel_closes()
    {
        Assert.Equal((501, true), StatusOf("BREW", "/"));
        Assert.Equal((501, true), StatusOf("get", "/"));
        Assert.Equal((501, false), StatusOf("CONNECT", "example.com:443"));
    }

    [Fact]
    public void An_empty_file_is_answered_with_nothing_in_it()
    {
        _folder.Write("empty.txt", "");
        SiteAnswer answer = Get("/empty.txt");
        Assert.Equal((200, "0", ""), (answer.Status, answer["Content-Length"], answer.Text));
    }

    [Fact]
    public void A_file_over_4_GiB_has_its_whole_length()
    {
        using (FileStream file = File.Create(_folder["large.bin"]))
        {
            file.SetLength(5_000_000_000);
        }

        var answer = SiteAnswer.To(_site, "HEAD", "/large.bin");
        Assert.Equal((200, "5000000000"), (answer.Status, answer["Content-Length"]));
    }

    [Fact]
    public void A_body_is_never_wanted()
    {
        var head = new RequestHead();
        Assert.Equal(BodyUse.Discard, _site.UseOfBody(head));
    }

    [Fact]
    public void No_target_gets_at_what_is_hidden_or_outside()
    {
        Gen<string> pieces = Gen.Elements(
            "/", "//", "..", ".", "%2e", "%2E%2e", "%252e", "%2f", "%5c", "%00", ";", "a", "out", "secret",
            ".env", ".git", "config", "hidden", "root", "?", "index.html", "fifo", "%", "\u007e");
        var targets = pieces.ArrayOf().Select(list => "/" + string.Concat(list)).ToArbitrary();

        Prop.ForAll(targets, target =>
        {
            SiteAnswer answer = Get(target);
            Assert.DoesNotContain(Secret, answer.Text, StringComparison.Ordinal);
            Assert.Contains(answer.Status, new[] { 200, 301, 400, 404 });
            if (answer.Status == 301)
            {
                SameOrigin.AssertKept(answer["Location"]);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));
    }

    [Fact]
    public void A_request_allocates_nothing_but_the_handle_of_a_file()
    {
        byte[] request = "GET /none/%20/x HTTP/1.1\r\nHost: test\r\n\r\n"u8.ToArray();
        byte[] redirected = "GET /a HTTP/1.1\r\nHost: test\r\n\r\n"u8.ToArray();
        var head = new RequestHead();
        var output = new OutputBuffer(64 * 1024);
        var response = new Response(output);
        Action<byte[]> answer = bytes =>
        {
            output.Truncate(0);
            RequestParser.Parse(bytes, 0, bytes.Length, head);
            response.Reset(false, 1, true, SiteAnswer.Now);
            _site.Answer(head, [], response);
        };
        for (int i = 0; i < 3; i++)
        {
            answer(request);
            answer(redirected);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        answer(request);
        answer(redirected);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Files_from_the_cache_small_and_large_are_answered_without_allocating()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Files are kept open on Linux only.");
        _folder.Write("large.bin", new string('x', FileCache.MaxContentLength + 1));
        _folder.Write("small.css", "p{}");
        Settled.Await(_folder["large.bin"]);
        Settled.Await(_folder["small.css"]);
        using FileSite site = FolderSite.Open(_folder.Root, files: new RootFolderOptions { Cache = new FileCache(1 << 20, 8, new BufferBudget(1 << 30)) });
        byte[][] requests = [.. ((string[])["/small.css", "/large.bin", "/none", "/a"])
            .Select(target => Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: test\r\n\r\n"))];
        var head = new RequestHead();
        var output = new OutputBuffer(64 * 1024);
        var response = new Response(output);
        long allocated = 0;
        for (int i = 0; i < 10; i++)
        {
            allocated = GC.GetAllocatedBytesForCurrentThread();
            foreach (byte[] bytes in requests)
            {
                output.Truncate(0);
                RequestParser.Parse(bytes, 0, bytes.Length, head);
                response.Reset(false, 1, true, SiteAnswer.Now);
                site.Answer(head, [], response);
                response.TakeBody().Dispose();
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        }

        Assert.Equal(0, allocated);
    }

    private SiteAnswer Get(string target) => SiteAnswer.To(_site, "GET", target);

    private (int Status, bool KeepAlive) StatusOf(string method, string target)
    {
        var answer = SiteAnswer.To(_site, method, target);
        return (answer.Status, answer.KeepAlive);
    }
}
