using System;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>Files from a folder: what is found, what it is called, and what is never reached.</summary>
public sealed class FileSiteTests(PublishedServer published) : IDisposable
{
    private const string Secret = "the secret outside of the root";

    private readonly TemporaryFolder _folder = new();

    private string Root => _folder["root"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [Pollers]
    public void A_file_is_served_with_its_type_length_and_validators(string poller)
    {
        string path = _folder.Write("root/a.html", "<p>hello</p>");
        var written = new DateTime(2024, 2, 29, 12, 34, 56, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(path, written);
        using ServerProcess server = Serve(poller);
        using var client = new RawClient(server.Port);

        Answer answer = client.Get("/a.html");

        Assert.Equal(200, answer.Status);
        Assert.Equal("<p>hello</p>", answer.Text);
        Assert.Equal("12", answer["Content-Length"]);
        Assert.Equal("text/html; charset=utf-8", answer["Content-Type"]);
        Assert.Equal("Thu, 29 Feb 2024 12:34:56 GMT", answer["Last-Modified"]);
        Assert.Matches("^\"[!#-~]+\"$", answer["ETag"]);
        Assert.Equal(404, client.Get("/b.html").Status);
    }

    [Theory]
    [InlineData("a.html", "text/html; charset=utf-8")]
    [InlineData("a.HTM", "text/html; charset=utf-8")]
    [InlineData("a.css", "text/css; charset=utf-8")]
    [InlineData("a.js", "text/javascript; charset=utf-8")]
    [InlineData("a.mjs", "text/javascript; charset=utf-8")]
    [InlineData("a.txt", "text/plain; charset=utf-8")]
    [InlineData("a.json", "application/json")]
    [InlineData("a.svg", "image/svg+xml")]
    [InlineData("a.png", "image/png")]
    [InlineData("a.jpg", "image/jpeg")]
    [InlineData("a.webp", "image/webp")]
    [InlineData("a.woff2", "font/woff2")]
    [InlineData("a.wasm", "application/wasm")]
    [InlineData("a.pdf", "application/pdf")]
    [InlineData("a.mp4", "video/mp4")]
    [InlineData("a.unheard-of", "application/octet-stream")]
    [InlineData("noextension", "application/octet-stream")]
    public void The_media_type_comes_from_the_extension(string name, string type)
    {
        _folder.Write("root/" + name, "x");
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        // A parameter more than asked for (as of a type of text) is no error.
        Assert.StartsWith(type, client.Get("/" + name)["Content-Type"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_its_index_and_is_redirected_to_its_slash()
    {
        _folder.Write("root/index.html", "top");
        _folder.Write("root/sub/index.html", "below");
        _folder.Write("root/a b/index.html", "spaced");
        _folder.Write("root/empty/a.txt", "x");
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        Assert.Equal("top", client.Get("/").Text);
        Assert.Equal("below", client.Get("/sub/").Text);
        Assert.Equal("spaced", client.Get("/a%20b/?query").Text);
        Assert.Equal(404, client.Get("/empty/").Status);
        Assert.Equal(404, client.Get("/sub/index.html/").Status);

        Assert.Equal((301, "sub/"), Redirect("/sub"));
        Assert.Equal((301, "sub/?a=b&c"), Redirect("/sub?a=b&c"));
        Assert.Equal((301, "a%20b/"), Redirect("/a%20b"));
        // Never to another host: a Location that begins with two slashes is one.
        foreach (string target in (string[])["//sub", "///sub", "//sub/..", "//evil.example/..%2fsub"])
        {
            Assert.False(client.Get(target)["Location"]?.StartsWith("//", StringComparison.Ordinal) ?? false, target);
        }

        (int, string?) Redirect(string target)
        {
            Answer answer = client.Get(target);
            return (answer.Status, answer["Location"]);
        }
    }

    [Fact]
    public void Names_are_decoded_once()
    {
        _folder.Write("root/ä ö%41.txt", "here");
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        Assert.Equal("here", client.Get("/%C3%A4%20%c3%b6%2541.txt").Text);
        Assert.Equal("here", client.Get("/%C3%A4%20%c3%b6%2541.txt?query=%00").Text);
        Assert.Equal(404, client.Get("/%C3%A4%20%c3%b6%41.txt").Status);
    }

    [Theory]
    [InlineData("/%", 400)]
    [InlineData("/%4", 400)]
    [InlineData("/%zz", 400)]
    [InlineData("/%00", 400)]
    [InlineData("/a.txt%00", 400)]
    [InlineData("/a.txt%00.html", 400)]
    [InlineData("/%ff", 404)]
    [InlineData("/%c0%af", 404)]
    public void A_path_that_cannot_be_decoded_is_400_and_one_that_is_no_text_is_not_found(string target, int status)
    {
        _folder.Write("root/a.txt", "x");
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        Assert.Equal(status, client.Get(target).Status);
        Assert.Equal(200, client.Get("/a.txt").Status);
    }

    [Theory]
    [InlineData("/../secret.txt", 400)]
    [InlineData("/sub/../../secret.txt", 400)]
    [InlineData("/sub/../..//secret.txt", 400)]
    [InlineData("/./../secret.txt", 400)]
    [InlineData("//../secret.txt", 400)]
    [InlineData("/..//secret.txt", 400)]
    [InlineData("/%2e%2e/secret.txt", 400)]
    [InlineData("/%2E./secret.txt", 400)]
    [InlineData("/.%2e/secret.txt", 400)]
    [InlineData("/..%2fsecret.txt", 404)]
    [InlineData("/%2e%2e%2fsecret.txt", 404)]
    [InlineData("/sub%2f..%2f..%2fsecret.txt", 404)]
    [InlineData("/%252e%252e/secret.txt", 404)]
    [InlineData("/..%252fsecret.txt", 404)]
    [InlineData("/..\\secret.txt", 400)]
    [InlineData("/..%5csecret.txt", 404)]
    [InlineData("/..%5Csecret.txt", 404)]
    [InlineData("/sub\\..\\..\\secret.txt", 400)]
    [InlineData("/..%00/secret.txt", 400)]
    [InlineData("/..;/secret.txt", 404)]
    [InlineData("/%c0%ae%c0%ae/secret.txt", 404)]
    [InlineData("/%c0%ae%c0%ae%c0%afsecret.txt", 404)]
    [InlineData("/..%c0%afsecret.txt", 404)]
    [InlineData("/%uff0e%uff0e/secret.txt", 400)]
    [InlineData("/.../secret.txt", 404)]
    [InlineData("/out.txt", 404)]
    [InlineData("/absolute.txt", 404)]
    [InlineData("/up/secret.txt", 404)]
    [InlineData("/top/etc/passwd", 404)]
    [InlineData("/loop", 404)]
    [InlineData("/loop/loop", 404)]
    [InlineData("http://test/../secret.txt", 400)]
    [InlineData("http://test/%2e%2e/secret.txt", 400)]
    [InlineData("/?/../../secret.txt", 404)]
    public void Nothing_outside_the_root_is_reached(string target, int status)
    {
        string secret = _folder.Write("secret.txt", Secret);
        _folder.Write("root/sub/a.txt", "inside");
        File.CreateSymbolicLink(Path.Combine(Root, "out.txt"), "../secret.txt");
        File.CreateSymbolicLink(Path.Combine(Root, "absolute.txt"), secret);
        Directory.CreateSymbolicLink(Path.Combine(Root, "up"), "..");
        Directory.CreateSymbolicLink(Path.Combine(Root, "top"), "/");
        File.CreateSymbolicLink(Path.Combine(Root, "loop"), "loop");
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        foreach (string method in (string[])["GET", "HEAD"])
        {
            Answer answer = client.Request(method, target);
            Assert.Equal(status, answer.Status);
            Assert.DoesNotContain(Secret, answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("root:", answer.Text, StringComparison.Ordinal);
            Assert.Null(answer["ETag"]);
            if (answer.Closes)
            {
                return;
            }
        }

        Assert.Equal("inside", client.Get("/sub/a.txt").Text);
    }

    [Fact]
    public void A_symbolic_link_that_stays_inside_is_followed()
    {
        _folder.Write("root/sub/a.txt", "inside");
        File.CreateSymbolicLink(Path.Combine(Root, "link.txt"), "sub/a.txt");
        Directory.CreateSymbolicLink(Path.Combine(Root, "folder"), "sub");
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        Assert.Equal("inside", client.Get("/link.txt").Text);
        Assert.Equal("inside", client.Get("/folder/a.txt").Text);
    }

    [Theory]
    [InlineData("/.hidden")]
    [InlineData("/.git/config")]
    [InlineData("/sub/.hidden")]
    [InlineData("/%2ehidden")]
    [InlineData("/.git")]
    [InlineData("/.git/")]
    public void Dot_files_are_not_there(string target)
    {
        _folder.Write("root/.hidden", "x");
        _folder.Write("root/.git/config", "x");
        _folder.Write("root/.git/index.html", "x");
        _folder.Write("root/sub/.hidden", "x");
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        Assert.Equal(404, client.Get(target).Status);
    }

    [Theory]
    [Pollers]
    public void What_is_no_regular_file_is_never_opened(string poller)
    {
        Directory.CreateDirectory(Root);
        Posix.MakeFifo(Path.Combine(Root, "fifo"));
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(Root, "socket")));
        using ServerProcess server = Serve(poller, "--threads", "1");
        using var client = new RawClient(server.Port);

        // Opening a FIFO for reading would wait for a writer, for ever.
        Assert.Equal(404, client.Get("/fifo").Status);
        Assert.Equal(404, client.Get("/socket").Status);
        Assert.Equal(404, client.Get("/fifo/").Status);
        // With a writer there, an open would succeed; the FIFO stays unread all the same.
        using var writer = new FileStream(Path.Combine(Root, "fifo"), FileMode.Open, FileAccess.ReadWrite);
        writer.Write("for somebody else"u8);
        writer.Flush();
        Assert.Equal(404, client.Get("/fifo").Status);
    }

    [Fact]
    public void A_file_that_may_not_be_read_is_403()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "This user may read everything.");
        string path = _folder.Write("root/a.txt", "x");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.None);
        }

        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        Assert.Equal(403, client.Get("/a.txt").Status);
    }

    [Theory]
    [InlineData("/a.txt")]
    [InlineData("/")]
    [InlineData("/sub")]
    [InlineData("/unknown")]
    [InlineData("/empty.txt")]
    public void HEAD_is_GET_without_the_content(string target)
    {
        _folder.Write("root/a.txt", "some text");
        _folder.Write("root/empty.txt", "");
        _folder.Write("root/index.html", "top");
        _folder.Write("root/sub/index.html", "below");
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        Answer get = client.Get(target);
        Answer head = client.Request("HEAD", target);

        Assert.Equal(get.Status, head.Status);
        Assert.Equal(get.Fields.Where(field => field.Name != "Date"), head.Fields.Where(field => field.Name != "Date"));
        Assert.Equal(200, client.Get("/a.txt").Status);
    }

    [Theory]
    [InlineData("POST", 405)]
    [InlineData("PUT", 405)]
    [InlineData("DELETE", 405)]
    [InlineData("PATCH", 405)]
    [InlineData("TRACE", 405)]
    [InlineData("BREW", 501)]
    public void Other_methods_are_refused_and_the_connection_stays(string method, int status)
    {
        _folder.Write("root/a.txt", "x");
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        client.Send($"{method} /a.txt HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello");
        Answer answer = client.Read();

        Assert.Equal(status, answer.Status);
        if (status == 405)
        {
            Assert.Equal(["GET", "HEAD", "OPTIONS"], answer["Allow"]!.Split(", ").Order());
        }

        Assert.Equal(200, client.Get("/a.txt").Status);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("/a.txt")]
    [InlineData("/")]
    public void OPTIONS_is_answered_with_the_methods(string target)
    {
        _folder.Write("root/a.txt", "x");
        _folder.Write("root/index.html", "x");
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        Answer answer = client.Request("OPTIONS", target);

        Assert.Equal(204, answer.Status);
        Assert.Equal(["GET", "HEAD", "OPTIONS"], answer["Allow"]!.Split(", ").Order());
    }

    [Fact]
    public void The_root_may_change_while_it_is_served()
    {
        string path = _folder.Write("root/a.txt", "first");
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);
        Assert.Equal("first", client.Get("/a.txt").Text);

        File.WriteAllText(path, "second, longer");
        Eventually.Holds(() => client.Get("/a.txt").Text == "second, longer", "the file's new content is served");
        File.Delete(path);
        Eventually.Holds(() => client.Get("/a.txt").Status == 404, "the file is gone");
        _folder.Write("root/b.txt", "new");
        Eventually.Holds(() => client.Get("/b.txt").Status == 200, "the new file is there");
    }

    private ServerProcess Serve(string poller = "epoll", params string[] arguments)
    {
        Directory.CreateDirectory(Root);
        return ServerProcess.Serve(
            published.Binary, OperatingSystem.IsLinux() ? [Root, "--poller", poller, .. arguments] : [Root, .. arguments]);
    }
}
