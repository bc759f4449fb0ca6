using System;
using System.Linq;
using System.Text;
using System.Threading;
using AotServe.Http;
using AotServe.Sites;
using Xunit;

namespace AotServe.Tests.Sites;

public sealed class BuiltInSiteTests
{
    private readonly BuiltInSite _site = new(CancellationToken.None);

    [Theory]
    [InlineData("/")]
    [InlineData("/?utm=1")]
    [InlineData("http://localhost")]
    public void The_welcome_page_is_whole_and_fetches_nothing(string target)
    {
        SiteAnswer answer = Answer("GET", target);
        Assert.Equal((200, "text/html; charset=utf-8"), (answer.Status, answer["Content-Type"]));
        Assert.Equal("nosniff", answer["X-Content-Type-Options"]);
        Assert.StartsWith("<!DOCTYPE html>", answer.Text, StringComparison.Ordinal);
        Assert.EndsWith("</html>\n", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotMatch("(src|href|url)[=(][\"']?(https?:)?//", answer.Text);
        Assert.DoesNotMatch("<link (?!rel=\"icon\" href=\"data:)", answer.Text);
        Assert.StartsWith("default-src 'none';", answer["Content-Security-Policy"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/echo")]
    [InlineData("/sleep?ms=0")]
    [InlineData("/sleep?ms=x")]
    [InlineData("/none")]
    public void HEAD_is_like_GET_without_the_body(string target)
    {
        SiteAnswer get = Answer("GET", target);
        SiteAnswer head = Answer("HEAD", target);
        Assert.Equal(get.Status, head.Status);
        Assert.Equal(get.Fields, head.Fields);
        Assert.Empty(head.Body);
    }

    [Fact]
    public void A_posted_body_comes_back_under_its_media_type()
    {
        var answer = SiteAnswer.To(_site, "POST", "/", ["Content-Type: text/html; charset=utf-8"], "<b>é</b>");
        Assert.Equal((200, "<b>é</b>"), (answer.Status, answer.Text));
        Assert.Equal("text/html; charset=utf-8", answer["Content-Type"]);
        Assert.Equal("default-src 'none'; sandbox", answer["Content-Security-Policy"]);
    }

    [Fact]
    public void A_posted_body_without_a_usable_media_type_is_bytes()
    {
        string[][] cases =
        [
            [], ["Content-Type:"], ["Content-Type: text"], ["Content-Type: /x"], ["Content-Type: x/"],
            ["Content-Type: a b/c"], ["Content-Type: a/\u00e9"], ["Content-Type: a/" + new string('x', 300)],
            ["Content-Type: a/b", "Content-Type: c/d"],
        ];
        foreach (string[] fields in cases)
        {
            var answer = SiteAnswer.To(_site, "POST", "/", fields, "x");
            Assert.Equal((200, "application/octet-stream"), (answer.Status, answer["Content-Type"]));
        }
    }

    [Fact]
    public void A_post_without_a_body_comes_back_empty() => Assert.Equal("0", Answer("POST", "/")["Content-Length"]);

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    [InlineData("BREW")]
    public void Echo_answers_any_method_with_the_lines_and_the_body(string method)
    {
        var answer = SiteAnswer.To(_site, method, "/echo?x", ["X-one:  1 ", "x-ONE:2", "Empty:"], "a\nb");
        Assert.Equal((200, "text/plain; charset=utf-8"), (answer.Status, answer["Content-Type"]));
        Assert.Equal("Host: test\nX-one: 1\nx-ONE: 2\nEmpty: \nContent-Length: 3\n\na\nb", answer.Text);
    }

    [Fact]
    public void Echo_has_room_for_the_largest_field_section()
    {
        string[] fields = [.. Enumerable.Range(0, 99).Select(i => $"n{i}:" + new string('v', 310))];
        string lines = string.Concat(fields.Select(field => field.Replace(":", ": ", StringComparison.Ordinal) + "\n"));
        Assert.Equal("Host: test\n" + lines + "\n", SiteAnswer.To(_site, "GET", "/echo", fields).Text);
    }

    [Theory]
    [InlineData("*", "GET, HEAD, POST, OPTIONS")]
    [InlineData("/", "GET, HEAD, POST, OPTIONS")]
    [InlineData("/sleep", "GET, HEAD, OPTIONS")]
    public void OPTIONS_names_the_methods(string target, string allow)
    {
        SiteAnswer answer = Answer("OPTIONS", target);
        Assert.Equal((204, allow, null), (answer.Status, answer["Allow"], answer["Content-Length"]));
    }

    [Theory]
    [InlineData("PUT", "/", 405)]
    [InlineData("DELETE", "/", 405)]
    [InlineData("TRACE", "/", 405)]
    [InlineData("POST", "/sleep", 405)]
    [InlineData("GET", "/none", 404)]
    [InlineData("POST", "/none", 404)]
    [InlineData("OPTIONS", "/none", 404)]
    [InlineData("GET", "/echo/", 404)]
    [InlineData("GET", "//", 404)]
    [InlineData("BREW", "/", 501)]
    [InlineData("BREW", "/none", 501)]
    [InlineData("get", "/", 501)]
    public void What_is_not_there_is_refused(string method, string target, int status)
    {
        SiteAnswer answer = Answer(method, target);
        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 405, answer["Allow"] is not null);
        Assert.True(answer.KeepAlive);
    }

    [Fact]
    public void A_tunnel_is_refused_and_the_connection_closes()
    {
        SiteAnswer answer = Answer("CONNECT", "example.com:443");
        Assert.Equal((501, false, "close"), (answer.Status, answer.KeepAlive, answer["Connection"]));
    }

    [Theory]
    [InlineData("/sleep?ms=0", "Slept for 0 ms.\n")]
    [InlineData("/sleep?a=b&ms=1&ms=x", "Slept for 1 ms.\n")]
    [InlineData("/sleep?xms=7&ms=002", "Slept for 2 ms.\n")]
    public void Sleep_waits_and_answers(string target, string text)
    {
        SiteAnswer answer = Answer("GET", target);
        Assert.Equal((200, "text/plain; charset=utf-8", text), (answer.Status, answer["Content-Type"], answer.Text));
    }

    [Theory]
    [InlineData("ms=30001")]
    [InlineData("ms=99999999999999999999")]
    [InlineData("ms=-1")]
    [InlineData("ms=+1")]
    [InlineData("ms=1.5")]
    [InlineData("ms=0x10")]
    [InlineData("ms=")]
    [InlineData("ms")]
    [InlineData("ms=x&ms=1")]
    public void Sleep_says_what_it_takes(string query)
    {
        SiteAnswer answer = Answer("GET", "/sleep?" + query);
        Assert.Equal(400, answer.Status);
        Assert.Contains("from 0 to 30000", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/sleep")]
    [InlineData("/sleep?ms=30000")]
    public void A_cut_off_ends_a_sleep_early(string target)
    {
        using var cutOff = new CancellationTokenSource();
        cutOff.Cancel();
        Assert.Equal(503, SiteAnswer.To(new BuiltInSite(cutOff.Token), "GET", target).Status);
    }

    [Theory]
    [InlineData("POST", "/", true)]
    [InlineData("POST", "/echo", true)]
    [InlineData("BREW", "/echo?x", true)]
    [InlineData("GET", "/", false)]
    [InlineData("PUT", "/", false)]
    [InlineData("POST", "/none", false)]
    [InlineData("POST", "/sleep", false)]
    public void A_body_is_read_only_where_it_is_given_back(string method, string target, bool isRead)
    {
        byte[] request = Encoding.ASCII.GetBytes($"{method} {target} HTTP/1.1\r\nHost: x\r\n\r\n");
        var head = new RequestHead();
        Assert.Equal(ParseStatus.Complete, RequestParser.Parse(request, 0, request.Length, head));
        Assert.Equal(isRead ? BodyUse.Read : BodyUse.Discard, _site.UseOfBody(head));
    }

    private SiteAnswer Answer(string method, string target) => SiteAnswer.To(_site, method, target);
}
