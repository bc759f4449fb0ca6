using System;
using System.IO;
using System.Runtime.Versioning;
using AotServe.Files;
using AotServe.Http;
using AotServe.Sites;
using Xunit;

namespace AotServe.Tests.Sites;

/// <summary>The root's own error pages.</summary>
public sealed class SiteErrorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FileSite _site;

    public SiteErrorsTests()
    {
        _folder.Write("a.txt", "x");
        _site = FolderSite.Open(_folder.Root);
    }

    public void Dispose()
    {
        _site.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("/none")]
    [InlineData("/none/")]
    [InlineData("/.env")]
    [InlineData("/a%2fb")]
    [InlineData("/a.txt/x")]
    public void What_is_not_found_gets_the_roots_page_with_the_status(string target)
    {
        _folder.Write("404.html", "<p>own");
        var answer = SiteAnswer.To(_site, "GET", target);
        Assert.Equal((404, "<p>own", "text/html; charset=utf-8"), (answer.Status, answer.Text, answer["Content-Type"]));
        Assert.Equal(("no-cache", null, null), (answer["Cache-Control"], answer["ETag"], answer["Last-Modified"]));

        var head = SiteAnswer.To(_site, "HEAD", target);
        Assert.Equal((404, "6", ""), (head.Status, head["Content-Length"], head.Text));
    }

    [Theory]
    [InlineData("If-None-Match: *")]
    [InlineData("If-Match: \"x\"")]
    [InlineData("If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT")]
    [InlineData("If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT")]
    [InlineData("Range: bytes=0-0")]
    public void Preconditions_and_ranges_do_not_apply_to_it(string field)
    {
        _folder.Write("404.html", "<p>own");
        var answer = SiteAnswer.To(_site, "GET", "/none", [field]);
        Assert.Equal((404, "<p>own"), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData(FileOutcome.Failed, 500, null)]
    [InlineData(FileOutcome.Unavailable, 503, "1")]
    public void A_failure_of_the_server_gets_the_roots_page_for_those(object outcome, int status, string? retryAfter)
    {
        using var root = RootFolder.Open(_folder.Root);
        var site = new Failing(new SiteErrors(root, FolderSite.TypesOf(new FileSiteOptions())), (FileOutcome)outcome);
        var builtIn = SiteAnswer.To(site, "GET", "/a.txt");
        Assert.Equal((status, retryAfter), (builtIn.Status, builtIn["Retry-After"]));
        Assert.Contains($"{status} ", builtIn.Text, StringComparison.Ordinal);

        _folder.Write("50x.html", "<p>sorry");
        var own = SiteAnswer.To(site, "GET", "/a.txt");
        Assert.Equal((status, "<p>sorry", retryAfter), (own.Status, own.Text, own["Retry-After"]));
        Assert.Equal((status, "", "8"), (SiteAnswer.To(site, "HEAD", "/").Status, SiteAnswer.To(site, "HEAD", "/").Text, own["Content-Length"]));
    }

    [Fact]
    public void By_its_own_address_it_is_a_page_like_any_other()
    {
        _folder.Write("404.html", "<p>own");
        Assert.Equal((200, "<p>own"), (SiteAnswer.To(_site, "GET", "/404.html").Status, SiteAnswer.To(_site, "GET", "/404.html").Text));
    }

    [Fact]
    public void Where_the_root_has_none_the_built_in_one_is_used()
    {
        Assert.Contains("404 Not Found", SiteAnswer.To(_site, "GET", "/404.html").Text, StringComparison.Ordinal);
        _folder.MakeFolder("404.html");
        Assert.Contains("404 Not Found", SiteAnswer.To(_site, "GET", "/none").Text, StringComparison.Ordinal);
        Directory.Delete(_folder["404.html"]);
        _folder.Link("404.html", "404.html");
        Assert.Contains("404 Not Found", SiteAnswer.To(_site, "GET", "/404.html").Text, StringComparison.Ordinal);
        File.Delete(_folder["404.html"]);
        _folder.Link("404.html", "../../etc/passwd");
        Assert.Contains("404 Not Found", SiteAnswer.To(_site, "GET", "/none").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_that_is_wrong_in_itself_gets_the_built_in_page()
    {
        _folder.Write("404.html", "<p>own");
        foreach (string target in new[] { "/%", "/a%00", "/../x" })
        {
            Assert.Contains("400 Bad Request", SiteAnswer.To(_site, "GET", target).Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void What_may_not_be_read_gets_the_roots_page_for_that()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "This user may read everything.");
        _folder.Write("secret.txt", "x");
        _folder.Lock("secret.txt");
        Assert.Contains("403 Forbidden", SiteAnswer.To(_site, "GET", "/secret.txt").Text, StringComparison.Ordinal);
        _folder.Write("403.html", "<p>no");
        Assert.Equal((403, "<p>no"), (SiteAnswer.To(_site, "GET", "/secret.txt").Status, SiteAnswer.To(_site, "GET", "/secret.txt").Text));
    }

    /// <summary>A site on a disk that cannot be read, or a machine at its limits.</summary>
    private sealed class Failing(SiteErrors errors, FileOutcome outcome) : IRequestHandler
    {
        public BodyUse UseOfBody(RequestHead head) => BodyUse.Discard;

        public void Answer(RequestHead head, ReadOnlySpan<byte> body, Response response) => errors.Write(outcome, default, response);
    }
}
