using System;
using System.Linq;
using AotServe.Sites;
using Xunit;

namespace AotServe.Tests.Sites.Paths;

/// <summary>Unknown addresses of a single-page application.</summary>
public sealed class SinglePageTests : IDisposable
{
    private const string Browser = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

    private readonly TemporaryFolder _folder = new();
    private readonly FileSite _site;

    public SinglePageTests()
    {
        _folder.Write("index.html", "the application");
        _folder.Write("assets/app.js", "script");
        _folder.Write("docs/index.html", "docs");
        _folder.Write("404.html", "own page");
        _site = FolderSite.Open(_folder.Root, new FileSiteOptions { SinglePage = true });
    }

    public void Dispose()
    {
        _site.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("/users/5")]
    [InlineData("/users/5/")]
    [InlineData("/v1.2")]
    [InlineData("/a.html")]
    [InlineData("/a.b-c")]
    [InlineData("/what.")]
    [InlineData("/assets/")]
    [InlineData("/search?q=a.js")]
    public void A_browser_that_navigates_gets_the_applications_page(string target)
    {
        foreach (string method in new[] { "GET", "HEAD" })
        {
            var answer = SiteAnswer.To(_site, method, target, [Browser]);
            Assert.Equal((200, "Accept", "text/html; charset=utf-8"), (answer.Status, answer["Vary"], answer["Content-Type"]));
            Assert.Equal(method == "GET" ? "the application" : "", answer.Text);
        }
    }

    [Theory]
    [InlineData("/user/john.doe")]
    [InlineData("/domain/example.com")]
    [InlineData("/email/me@example.org")]
    [InlineData("/package/@scope%2Fname")]
    [InlineData("/v1.2")]
    [InlineData("/.env")]
    [InlineData("/a/.hidden/b")]
    public void An_address_that_can_be_no_file_or_looks_a_little_like_one_is_a_navigation(string target) =>
        Assert.Equal((200, "the application"), (SiteAnswer.To(_site, "GET", target, [Browser]).Status, SiteAnswer.To(_site, "GET", target, [Browser]).Text));

    [Fact]
    public void An_address_longer_than_any_path_of_a_file_is_a_navigation() =>
        Assert.Equal(200, SiteAnswer.To(_site, "GET", "/" + string.Join('/', Enumerable.Repeat(new string('x', 200), 30)), [Browser]).Status);

    [Theory]
    [InlineData("/assets/gone.js")]
    [InlineData("/app.4f2a.css")]
    [InlineData("/photo.JPEG")]
    [InlineData("/font.woff2")]
    [InlineData("/chart.svg")]
    public void A_missing_asset_stays_missing(string target)
    {
        var answer = SiteAnswer.To(_site, "GET", target, [Browser]);
        Assert.Equal((404, "own page", null), (answer.Status, answer.Text, answer["Vary"]));
    }

    [Theory]
    [InlineData("X: y")]
    [InlineData("Accept: */*")]
    [InlineData("Accept: application/json")]
    [InlineData("Accept: text/html;q=0, */*")]
    public void A_program_is_told_that_there_is_nothing(string field)
    {
        var answer = SiteAnswer.To(_site, "GET", "/users/5", [field]);
        Assert.Equal((404, "own page", "Accept"), (answer.Status, answer.Text, answer["Vary"]));
    }

    [Theory]
    [InlineData("/", "the application")]
    [InlineData("/docs/", "docs")]
    [InlineData("/assets/app.js", "script")]
    public void What_is_there_is_served_and_does_not_vary(string target, string body)
    {
        var answer = SiteAnswer.To(_site, "GET", target, [Browser]);
        Assert.Equal((200, body, null), (answer.Status, answer.Text, answer["Vary"]));
    }

    [Fact]
    public void Other_methods_are_answered_as_ever()
    {
        Assert.Equal(405, SiteAnswer.To(_site, "POST", "/users/5", [Browser]).Status);
        Assert.Equal(404, SiteAnswer.To(_site, "OPTIONS", "/users/5", [Browser]).Status);
    }

    [Fact]
    public void The_page_can_be_revalidated_under_any_address()
    {
        string tag = SiteAnswer.To(_site, "GET", "/", [Browser])["ETag"]!;
        var answer = SiteAnswer.To(_site, "GET", "/users/5", [Browser, $"If-None-Match: {tag}"]);
        Assert.Equal((304, "Accept", tag), (answer.Status, answer["Vary"], answer["ETag"]));
    }

    [Fact]
    public void Without_a_page_at_the_root_nothing_is_found()
    {
        using var folder = new TemporaryFolder();
        using FileSite site = FolderSite.Open(folder.Root, new FileSiteOptions { SinglePage = true, CleanUrls = true });
        foreach (string target in new[] { "/", "/users/5", "/index", "/index.html" })
        {
            Assert.Equal(404, SiteAnswer.To(site, "GET", target, [Browser]).Status);
        }
    }
}
