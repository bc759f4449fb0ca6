using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using AotServe.Http;
using AotServe.Sites;
using AotServe.Sites.Rules;
using Xunit;

namespace AotServe.Tests.Sites.Rules;

/// <summary>What a file site makes of its root's rules and of its owner's options.</summary>
public sealed class FileSiteRulesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FileSiteRulesTests()
    {
        _folder.Write("index.html", "<p>root");
        _folder.Write("app.js", "js");
        _folder.Write("app.3f2a9c1b.js", "hashed");
        _folder.Write("docs/index.html", "<p>docs");
        _folder.Write("gone.html", "<p>gone");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_rule_files_are_never_served()
    {
        _folder.Write("_headers", "/*\n  A: b");
        _folder.Write("_redirects", "/x /y");
        using FileSite site = Open();
        foreach (string target in (string[])["/_headers", "/_redirects", "/docs/../_headers", "/%5fheaders", "/_HEADERS"])
        {
            Assert.Equal(404, SiteAnswer.To(site, "GET", target).Status);
        }

        Assert.Equal(404, SiteAnswer.To(site, "OPTIONS", "/_headers").Status);
    }

    /// <summary>Addresses that no file can have.</summary>
    [Theory]
    [InlineData("/package/@scope%2Fname", "301 /p/%40scope%2Fname")]
    [InlineData("/package/.hidden", "301 /p/.hidden")]
    [InlineData("/secret/x%2fy", "404 ")]
    [InlineData("/a%2Fb/c", "301 /two/a%2Fb")]
    public void Rules_see_addresses_that_no_file_can_have(string target, string expected)
    {
        _folder.Write("_redirects", "/package/:name /p/:name\n/:one/c /two/:one\n");
        _folder.Write("_headers", "/*\n  X-A: b\n/package/*\n  X-B: :splat\n");
        using FileSite site = Open();
        var answer = SiteAnswer.To(site, "GET", target);
        Assert.Equal((expected, "b"), ($"{answer.Status} {answer["Location"]}", answer["X-A"]));
    }

    [Theory]
    [InlineData("/%zz")]
    [InlineData("/a/%00")]
    [InlineData("/../x")]
    [InlineData("/a/b/../../../c")]
    public void Fields_of_rules_for_all_addresses_are_on_malformed_ones_too(string target)
    {
        _folder.Write("_headers", "/*\n  X-A: b\n/\n  X-Root: yes\n");
        using FileSite site = Open();
        var answer = SiteAnswer.To(site, "GET", target + new string('/', 5_000));
        Assert.Equal((400, "b", null), (answer.Status, answer["X-A"], answer["X-Root"]));
    }

    [Fact]
    public void A_page_in_place_of_another_is_not_cached_as_that_one_would_be()
    {
        _folder.Write("_headers", "/static/*\n  Cache-Control: max-age=31536000, immutable\n  X-Static: yes\n/app/*\n  Cache-Control: max-age=1\n");
        _folder.Write("_redirects", "/static/rewritten.js /app/page.html 200\n/static/forced.js /app/page.html 200!\n/static/moved.js /x 302\n");
        _folder.Write("app/page.html", "<p>app");
        _folder.Write("static/there.js", "js");
        _folder.Write("static/forced.js", "js");
        using FileSite site = Open(options => new FileSiteOptions { SinglePage = true });
        foreach ((string target, int status, string? caching) in ((string, int, string?)[])[
            ("/static/there.js", 200, "max-age=31536000, immutable"), ("/static/gone", 200, "no-cache"), ("/static/rewritten.js", 200, "max-age=1"),
            ("/static/forced.js", 200, "max-age=1"), ("/static/moved.js", 302, "max-age=31536000, immutable"), ("/static/gone.js", 404, null)])
        {
            var answer = SiteAnswer.To(site, "GET", target, ["Accept: text/html"]);
            Assert.Equal((target, status, caching, "yes"), (target, answer.Status, answer["Cache-Control"], answer["X-Static"]));
        }
    }

    [Fact]
    public void A_field_for_caches_that_is_for_every_page_is_for_a_page_in_place_of_another_too()
    {
        _folder.Write("_headers", "/*\n  Cache-Control: private\n");
        using FileSite site = Open(options => new FileSiteOptions { SinglePage = true });
        Assert.Equal("private", SiteAnswer.To(site, "GET", "/none", ["Accept: text/html"])["Cache-Control"]);
    }

    [Fact]
    public void A_folder_without_a_page_does_not_go_before_a_rule_or_a_single_page()
    {
        _folder.Write("guide/intro.html", "<p>intro");
        _folder.Write("bare/x.txt", "x");
        _folder.Write("_redirects", "/guide /guide/intro.html 302\n/docs /elsewhere 302\n");
        using (FileSite site = Open())
        {
            Assert.Equal((302, "/guide/intro.html"), (SiteAnswer.To(site, "GET", "/guide").Status, SiteAnswer.To(site, "GET", "/guide")["Location"]));
            Assert.Equal((302, "/guide/intro.html"), (SiteAnswer.To(site, "GET", "/guide/").Status, SiteAnswer.To(site, "GET", "/guide/")["Location"]));
            Assert.Equal("docs/", SiteAnswer.To(site, "GET", "/docs")["Location"]); // It has a page.
            Assert.Equal("bare/", SiteAnswer.To(site, "GET", "/bare")["Location"]);
        }

        using FileSite single = Open(options => new FileSiteOptions { SinglePage = true });
        Assert.Equal("<p>root", SiteAnswer.To(single, "GET", "/bare", ["Accept: text/html"]).Text);
        Assert.Equal(404, SiteAnswer.To(single, "GET", "/bare", ["Accept: */*"]).Status);
        using FileSite listing = Open(options => new FileSiteOptions { SinglePage = true, Listing = true });
        Assert.Equal("bare/", SiteAnswer.To(listing, "GET", "/bare", ["Accept: text/html"])["Location"]);
    }

    [Theory]
    [InlineData(410)]
    [InlineData(451)]
    [InlineData(503)]
    [InlineData(404)]
    public void A_rule_may_answer_with_an_error_and_its_page(int status)
    {
        _folder.Write("_redirects", $"/old/* /gone.html {status}\n/bare /nothing.html {status}\n/app.js /gone.html {status}!\n");
        using FileSite site = Open();
        foreach (string target in (string[])["/old/x", "/app.js"])
        {
            var answer = SiteAnswer.To(site, "GET", target);
            Assert.Equal((status, "<p>gone", null), (answer.Status, answer.Text, answer["ETag"]));
        }

        Assert.Equal(status, SiteAnswer.To(site, "GET", "/bare").Status);
    }

    [Theory]
    [InlineData("/none", "top")]
    [InlineData("/blog/none", "blog")]
    [InlineData("/blog/2024/none", "blog")]
    [InlineData("/blog/nowhere/none", "blog")]
    [InlineData("/blog/", "blog")]
    [InlineData("/docs/none", "top")]
    [InlineData("/blog/x%2Fy", "top")]
    public void The_page_of_a_404_is_the_nearest_up_the_tree(string target, string page)
    {
        _folder.Write("404.html", "top");
        _folder.Write("blog/404.html", "blog");
        _folder.MakeFolder("blog/2024");
        using FileSite site = Open();
        Assert.Equal((404, page), (SiteAnswer.To(site, "GET", target).Status, SiteAnswer.To(site, "GET", target).Text));
    }

    [Fact]
    public void All_wrong_lines_are_reported_at_once()
    {
        _folder.Write("_headers", "/*\n  Date: x\n  : y\n/ok\n  A: b\n");
        _folder.Write("_redirects", "/a\n/b /c\n/d /e 999\n");
        using FileSite site = FolderSite.Open(_folder.Root);
        Assert.False(site.TryReadRules(out string? error));
        string[] lines = error.Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.Equal(
            ["_headers:2", "_headers:3", "_redirects:1", "_redirects:3"],
            Array.ConvertAll(lines, line => string.Join(':', Path.GetFileName(line.Split(' ')[0]).Split(':')[..2])));
    }

    [Fact]
    public void What_only_other_hosts_know_may_be_passed_over()
    {
        _folder.Write("_headers", "https://app.example/*\n  X-Host: 1\n/*\n  Basic-Auth: a:b\n  X-A: b\n");
        _folder.Write("_redirects", "/de /de/ 302 Country=de\n/api/* https://api.example/:splat 200\nhttps://old.example/* /new\n/a /b\n");
        using (FileSite strict = FolderSite.Open(_folder.Root))
        {
            Assert.False(strict.TryReadRules(out string? error));
            Assert.Equal(5, error.Split('\n').Length);
        }

        var warnings = new List<string>();
        using FileSite site = FolderSite.Open(_folder.Root, new FileSiteOptions { IgnoreUnsupported = true }, reportWarning: warnings.Add);
        Assert.True(site.TryReadRules(out string? none), none);
        Assert.Equal(5, warnings.Count);
        Assert.All(warnings, line => Assert.EndsWith("; ignored, for --ignore-unsupported is on", line, StringComparison.Ordinal));
        var answer = SiteAnswer.To(site, "GET", "/a");
        Assert.Equal((301, "/b", "b", null), (answer.Status, answer["Location"], answer["X-A"], answer["X-Host"]));
        Assert.Equal(404, SiteAnswer.To(site, "GET", "/api/x").Status);

        _folder.Write("_redirects", "/de /de/ 302 Country=de\n/x /y 999\n");
        Assert.False(site.TryReadRules(out string? wrong));
        Assert.Contains("_redirects:2:", wrong, StringComparison.Ordinal);
        Assert.DoesNotContain("_redirects:1:", wrong, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/store?id=a%2Fb", "/shop/a%2Fb")]
    [InlineData("/store?id=a/b", "/shop/a%2Fb")]
    [InlineData("/store?id=a%20b", "/shop/a%20b")]
    public void A_captured_value_of_a_query_is_encoded(string target, string location)
    {
        _folder.Write("_redirects", "/store id=:id /shop/:id\n");
        using FileSite site = Open();
        Assert.Equal(location, SiteAnswer.To(site, "GET", target)["Location"]);
    }

    [Fact]
    public void Fields_of_rules_are_on_errors_redirects_and_304_too()
    {
        _folder.Write("_headers", "/*\n  X-A: b\n  ! ETag");
        _folder.Write("_redirects", "/old /new");
        using FileSite site = Open();
        string tag = SiteAnswer.To(site, "GET", "/app.js")["Last-Modified"]!;
        foreach ((string target, int status) in ((string, int)[])[("/", 200), ("/docs", 301), ("/old", 301), ("/none", 404)])
        {
            var answer = SiteAnswer.To(site, "GET", target);
            Assert.Equal((status, "b", null), (answer.Status, answer["X-A"], answer["ETag"]));
            Assert.Equal("nosniff", answer["X-Content-Type-Options"]);
        }

        var notModified = SiteAnswer.To(site, "GET", "/app.js", [$"If-Modified-Since: {tag}"]);
        Assert.Equal((304, "b", null), (notModified.Status, notModified["X-A"], notModified["ETag"]));
        var notAllowed = SiteAnswer.To(site, "DELETE", "/app.js");
        Assert.Equal((405, "nosniff"), (notAllowed.Status, notAllowed["X-Content-Type-Options"]));
    }

    [Theory]
    [InlineData("GET", "/old?x=1", 302, "/docs/?x=1", "")]
    [InlineData("HEAD", "/old", 302, "/docs/", "")]
    [InlineData("OPTIONS", "/old", 404, null, null)]
    [InlineData("GET", "/rewritten", 200, null, "<p>docs")]
    [InlineData("GET", "/rewritten/slash/", 200, null, "<p>docs")]
    [InlineData("GET", "/once", 404, null, null)] // a rewrite is not matched again
    [InlineData("GET", "/nobody", 404, null, "<p>gone")]
    [InlineData("HEAD", "/nobody", 404, null, "")]
    [InlineData("GET", "/app.js", 200, null, "js")] // a file goes before a rule
    [InlineData("GET", "/docs/index.html", 301, "/forced", "")] // but not before a forced one
    [InlineData("GET", "/secret", 404, null, null)]
    [InlineData("GET", "/rules", 404, null, null)]
    public void Redirects_and_rewrites_are_answered(string method, string target, int status, string? location, string? body)
    {
        _folder.Write(".env", "secret");
        _folder.Write(
            "_redirects",
            """
            /old        /docs/      302
            /rewritten  /docs       200
            /rewritten/slash/  /docs/index.html?a#b  200
            /once       /old        200
            /nobody     /gone.html  404
            /app.js     /nowhere
            /docs/index.html /forced 301!
            /secret     /.env       200
            /rules      /_redirects 200
            """);
        using FileSite site = Open();
        var answer = SiteAnswer.To(site, method, target);
        Assert.Equal((status, location), (answer.Status, answer["Location"]));
        if (body is not null)
        {
            Assert.Equal(body, answer.Text);
        }
    }

    [Fact]
    public void An_error_page_is_not_kept_as_long_as_the_file_it_stands_for()
    {
        _folder.Write("_headers", "/assets/*\n  Cache-Control: max-age=31536000, immutable\n  Content-Type: text/css");
        _folder.Write("assets/a.x", "a");
        using FileSite site = Open();
        Assert.Equal(("max-age=31536000, immutable", "text/css"), CachingOf(SiteAnswer.To(site, "GET", "/assets/a.x")));
        Assert.Equal((null, "text/html; charset=utf-8"), CachingOf(SiteAnswer.To(site, "GET", "/assets/none.css")));

        static (string?, string?) CachingOf(SiteAnswer answer) => (answer["Cache-Control"], answer["Content-Type"]);
    }

    [Theory]
    [InlineData("/", "no-cache")]
    [InlineData("/app.js", "no-cache")]
    [InlineData("/app.3f2a9c1b.js", "max-age=31536000, immutable")]
    [InlineData("/none", null)]
    public void Files_say_how_long_they_may_be_kept(string target, string? value)
    {
        using FileSite site = Open();
        var answer = SiteAnswer.To(site, "GET", target);
        Assert.Equal(value, answer["Cache-Control"]);
        if (answer["ETag"] is { } tag)
        {
            Assert.Equal(value, SiteAnswer.To(site, "GET", target, [$"If-None-Match: {tag}"])["Cache-Control"]);
        }
    }

    [Fact]
    public void A_rule_goes_before_an_option_and_an_option_before_a_default()
    {
        _folder.Write("_headers", "/docs/*\n  X-A: rule\n  Cache-Control: no-store");
        using FileSite site = Open(options => options with { Headers = [Setting("X-A: option"), Setting("X-Content-Type-Options: x")] });
        Assert.Equal("option", SiteAnswer.To(site, "GET", "/")["X-A"]);
        Assert.Equal("rule", SiteAnswer.To(site, "GET", "/docs/")["X-A"]);
        Assert.Equal("no-store", SiteAnswer.To(site, "GET", "/docs/")["Cache-Control"]);
        Assert.Equal("x", SiteAnswer.To(site, "GET", "/none")["X-Content-Type-Options"]);
    }

    [Fact]
    public void Bad_rules_are_named_and_leave_the_ones_before_in_force()
    {
        _folder.Write("_headers", "/*\n  X-A: 1");
        using FileSite site = Open();
        _folder.Write("_redirects", "/a /b\n/c d");
        Assert.False(site.TryReadRules(out string? error));
        Assert.Equal($"{_folder["_redirects"]}:2: 'd' is neither a path nor a URL; begin with /, http:// or https://", error);
        _folder.Write("_headers", "/*\n  X-A");
        Assert.False(site.TryReadRules(out error));
        Assert.StartsWith($"{_folder["_headers"]}:2: 'X-A' has no colon", error);
        Assert.Equal("1", SiteAnswer.To(site, "GET", "/")["X-A"]);
        _folder.Write("_headers", "/*\n  X-A: 2");
        _folder.Write("_redirects", "/a /b");
        Assert.True(site.TryReadRules(out _));
        Assert.Equal("1 header rules, 1 redirects", site.RulesSummary);
        Assert.Equal("2", SiteAnswer.To(site, "GET", "/")["X-A"]);
        File.Delete(_folder["_headers"]);
        File.Delete(_folder["_redirects"]);
        Assert.True(site.TryReadRules(out _));
        Assert.Null(SiteAnswer.To(site, "GET", "/")["X-A"]);
    }

    [Fact]
    public void A_rule_file_that_cannot_be_had_is_an_error_and_not_no_rules()
    {
        _folder.MakeFolder("_headers");
        Assert.Contains("is not a file", Assert.Throws<InvalidDataException>(() => Open()).Message, StringComparison.Ordinal);
        Directory.Delete(_folder["_headers"]);
        File.WriteAllText(Path.Combine(_folder.Root, "../outside"), "/*\n A: b");
        _folder.Link("_headers", "../outside");
        Assert.Contains("lies outside", Assert.Throws<InvalidDataException>(() => Open()).Message, StringComparison.Ordinal);
        File.Delete(_folder["_headers"]);
        _folder.Write("_headers", new string('#', RuleFile.MaxBytes + 1));
        Assert.Contains("is larger", Assert.Throws<InvalidDataException>(() => Open()).Message, StringComparison.Ordinal);
    }

    private static FieldSetting Setting(string text) =>
        FieldSetting.TryParse(Encoding.ASCII.GetBytes(text), out FieldSetting? setting, out string? error) ? setting : throw new ArgumentException(error);

    private FileSite Open(Func<FileSiteOptions, FileSiteOptions>? change = null)
    {
        var options = new FileSiteOptions();
        FileSite site = FolderSite.Open(_folder.Root, change is null ? options : change(options));
        if (site.TryReadRules(out string? error))
        {
            return site;
        }

        site.Dispose();
        throw new InvalidDataException(error);
    }
}
