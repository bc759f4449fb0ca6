using System;
using AotServe.Sites;
using Xunit;

namespace AotServe.Tests.Sites.Rules;

/// <summary>Which scripts of other origins may read a file site (Fetch, section 3.3).</summary>
public sealed class CrossOriginTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CrossOriginTests()
    {
        _folder.Write("index.html", "<p>root");
        _folder.Write("app.js", "js");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Scripts_of_any_site_may_read_what_is_open_to_all()
    {
        using FileSite site = FolderSite.Open(_folder.Root, new FileSiteOptions { CorsOrigins = ["*"] });
        foreach (string target in (string[])["/", "/none"])
        {
            var answer = SiteAnswer.To(site, "GET", target, ["Origin: https://a.example"]);
            Assert.Equal(("*", null), (answer["Access-Control-Allow-Origin"], answer["Vary"]));
            Assert.Contains("ETag", answer["Access-Control-Expose-Headers"]);
        }
    }

    [Fact]
    public void Scripts_of_named_sites_may_read_and_no_others()
    {
        using FileSite site = FolderSite.Open(_folder.Root, new FileSiteOptions { CorsOrigins = ["https://a.example", "https://b.example"] });
        string tag = SiteAnswer.To(site, "GET", "/app.js")["ETag"]!;
        foreach ((string? origin, string? allowed) in ((string?, string?)[])
            [("https://a.example", "https://a.example"), ("https://b.example", "https://b.example"), ("https://c.example", null), ("null", null), (null, null)])
        {
            string[] fields = origin is null ? [] : [$"Origin: {origin}"];
            foreach (SiteAnswer answer in (SiteAnswer[])[
                SiteAnswer.To(site, "GET", "/app.js", fields),
                SiteAnswer.To(site, "GET", "/app.js", [.. fields, $"If-None-Match: {tag}"]),
                SiteAnswer.To(site, "GET", "/none", fields)])
            {
                Assert.Equal((allowed, "Origin"), (answer["Access-Control-Allow-Origin"], answer["Vary"]));
            }
        }
    }

    [Theory]
    [InlineData("https://a.example", "x-a, Content-Type", true, "x-a, Content-Type")]
    [InlineData("https://a.example", "", true, null)]
    [InlineData("https://a.example", "x a", true, null)]
    [InlineData("https://a.example", "x,,y", true, null)]
    [InlineData("https://c.example", "x-a", false, null)]
    public void A_preflight_says_what_a_script_may_send(string origin, string names, bool welcome, string? allowedNames)
    {
        using FileSite site = FolderSite.Open(_folder.Root, new FileSiteOptions { CorsOrigins = ["https://a.example"] });
        var answer = SiteAnswer.To(
            site, "OPTIONS", "/whatever", [$"Origin: {origin}", "Access-Control-Request-Method: GET", $"Access-Control-Request-Headers: {names}"]);
        Assert.Equal(204, answer.Status);
        Assert.Equal(welcome ? origin : null, answer["Access-Control-Allow-Origin"]);
        Assert.Equal(welcome ? "GET, HEAD, OPTIONS" : null, answer["Access-Control-Allow-Methods"]);
        Assert.Equal(allowedNames, answer["Access-Control-Allow-Headers"]);
        Assert.Equal(welcome, answer["Access-Control-Max-Age"] is not null);
        Assert.Contains(("Vary", "Origin"), answer.Fields);
    }

    [Fact]
    public void Without_CORS_nothing_is_said_of_it()
    {
        using FileSite site = FolderSite.Open(_folder.Root);
        var answer = SiteAnswer.To(site, "OPTIONS", "/", ["Origin: https://a.example", "Access-Control-Request-Method: GET"]);
        Assert.DoesNotContain(answer.Fields, field => field.Name.StartsWith("Access-", StringComparison.Ordinal) || field.Name == "Vary");
    }

    [Fact]
    public void A_rule_may_add_to_Vary_beside_CORS()
    {
        _folder.Write("_headers", "/*\n  Vary: Cookie");
        using FileSite site = FolderSite.Open(_folder.Root, new FileSiteOptions { CorsOrigins = ["https://a.example"] });
        Assert.True(site.TryReadRules(out string? error), error);
        Assert.Equal("Origin, Cookie", SiteAnswer.To(site, "GET", "/")["Vary"]);
    }
}
