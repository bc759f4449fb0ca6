using System;
using System.Linq;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>Every path of the site that is served when there is no root.</summary>
public sealed class BuiltInSiteTests(PublishedServer published)
{
    [Theory]
    [Pollers]
    public void The_welcome_page_is_self_contained_HTML(string poller)
    {
        using ServerProcess server = Serve(poller);
        using var client = new RawClient(server.Port);

        Answer answer = client.Get("/");

        Assert.Equal(200, answer.Status);
        Assert.Equal("text/html; charset=utf-8", answer["Content-Type"]);
        Assert.StartsWith("<!doctype html>", answer.Text, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith("</html>", answer.Text.TrimEnd(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("aotserve", answer.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("src=\"http", answer.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<link rel=\"stylesheet\"", answer.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/echo")]
    [InlineData("/sleep?ms=0")]
    [InlineData("/unknown")]
    public void HEAD_is_GET_without_the_content(string target)
    {
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        Answer get = client.Get(target);
        Answer head = client.Request("HEAD", target);

        Assert.Equal(get.Status, head.Status);
        Assert.Equal(get["Content-Type"], head["Content-Type"]);
        // The echo differs by nothing in its content either: the method is not part of it.
        Assert.Equal(get["Content-Length"], head["Content-Length"]);
        Assert.Equal(200, client.Get("/").Status);
    }

    [Theory]
    [Pollers]
    public void POST_to_the_root_answers_with_the_content(string poller)
    {
        using ServerProcess server = Serve(poller);
        using var client = new RawClient(server.Port);
        string content = string.Concat(Enumerable.Range(0, 256).Select(i => (char)i));

        client.Send($"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: {content.Length}\r\n\r\n{content}");
        Answer answer = client.Read();
        Assert.Equal(200, answer.Status);
        Assert.Equal(content, string.Concat(answer.Body.Select(b => (char)b)));

        client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
        Assert.Empty(client.Read().Body);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("*")]
    public void OPTIONS_is_answered_with_the_methods(string target)
    {
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        Answer answer = client.Request("OPTIONS", target);

        Assert.Equal(204, answer.Status);
        Assert.Null(answer["Content-Length"]);
        Assert.All(["GET", "HEAD", "POST", "OPTIONS"], method => Assert.Contains(method, answer["Allow"]!, StringComparison.Ordinal));
        Assert.Equal(200, client.Get("/").Status);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    [InlineData("BREW")]
    [InlineData("m!#$%&'*+-.^_`|~9")]
    public void Any_method_on_echo_shows_the_field_lines_and_the_content(string method)
    {
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        client.Send($"{method} /echo HTTP/1.1\r\nHost: h\r\nX-One:   spaced\t \r\nx-one: again\r\nContent-Length: 5\r\n\r\nhello");
        Answer answer = client.Read();

        Assert.Equal(200, answer.Status);
        Assert.StartsWith("text/plain", answer["Content-Type"], StringComparison.Ordinal);
        Assert.Equal(
            "Host: h\nX-One: spaced\nx-one: again\nContent-Length: 5\n\nhello",
            answer.Text.Replace("\r\n", "\n", StringComparison.Ordinal));
    }

    [Fact]
    public void Echo_shows_the_content_without_its_chunks_and_trailers()
    {
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        client.Send(
            "POST /echo?query HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" +
            "5;ext=1;quoted=\"a;b\"\r\nhello\r\n00A\r\n, chunked!\r\n0;last\r\nX-Trailer: t\r\n\r\n");
        Answer answer = client.Read();

        Assert.Equal(200, answer.Status);
        Assert.EndsWith("\n\nhello, chunked!", answer.Text.Replace("\r\n", "\n", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("X-Trailer", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/sleep?ms=0", 200)]
    [InlineData("/sleep?ms=1", 200)]
    [InlineData("/sleep?ms=30001", 400)]
    [InlineData("/sleep?ms=-1", 400)]
    [InlineData("/sleep?ms=x", 400)]
    public void Sleep_answers_200_or_400_to_a_bad_duration(string target, int status)
    {
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        Assert.Equal(status, client.Get(target).Status);
        Assert.Equal(200, client.Get("/").Status);
    }

    [Theory]
    [InlineData("GET", "/unknown", 404)]
    [InlineData("GET", "/echo/", 404)]
    [InlineData("GET", "/ECHO", 404)]
    [InlineData("POST", "/unknown", 404)]
    [InlineData("DELETE", "/", 405)]
    [InlineData("PUT", "/", 405)]
    [InlineData("POST", "/sleep", 405)]
    [InlineData("BREW", "/", 501)]
    [InlineData("get", "/", 501)]
    [InlineData("BREW", "/unknown", 501)]
    public void What_is_not_there_or_not_allowed_is_an_HTML_page_and_the_connection_stays(string method, string target, int status)
    {
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        Answer answer = client.Request(method, target);

        Assert.Equal(status, answer.Status);
        Assert.Equal("text/html; charset=utf-8", answer["Content-Type"]);
        Assert.Contains(status.ToString(System.Globalization.CultureInfo.InvariantCulture), answer.Text, StringComparison.Ordinal);
        Assert.EndsWith("</html>", answer.Text.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(status == 405, answer["Allow"] is not null);
        Assert.Equal(200, client.Get("/").Status);
    }

    [Fact]
    public void CONNECT_is_not_implemented_and_closes()
    {
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        client.Send("CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n");
        Answer answer = client.Read();

        Assert.Equal(501, answer.Status);
        Assert.True(answer.Closes);
        client.AssertClosed();
    }

    [Fact]
    public void An_absolute_target_names_the_path_and_the_host()
    {
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);

        Assert.Equal(200, client.Get("http://example.com/").Status);
        Assert.Equal(200, client.Get("HTTP://example.com:80/sleep?ms=0").Status);
        Assert.Equal(200, client.Get("https://example.com").Status);
        Assert.Equal(404, client.Get("http://example.com/unknown").Status);
        Assert.Equal(204, client.Request("OPTIONS", "http://example.com").Status);
    }

    private ServerProcess Serve(string poller = "epoll") =>
        ServerProcess.Serve(published.Binary, OperatingSystem.IsLinux() ? ["--poller", poller] : []);
}
