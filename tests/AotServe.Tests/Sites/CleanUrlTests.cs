using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using AotServe.Files;
using AotServe.Sites;
using AotServe.Sites.Paths;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AotServe.Tests.Sites;

/// <summary>Pages without their extension, and folders' pages by other names.</summary>
public sealed class CleanUrlTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CleanUrlTests()
    {
        foreach (string name in new[]
        {
            "index.html", "about.html", "both.html", "both/index.html", "both/child.html", "page.html", "page/child.html",
            "file", "file.html", "sub/index.html", "sub/a.html", "twice.html.html", "twice.html", "once.html.html", "space .html",
            "dot..html", "image.png", "UPPER.HTML",
        })
        {
            _folder.Write(name, name);
        }

        _folder.MakeFolder("bare");
        _folder.MakeFolder("folder.html");
        _folder.MakeFifo("pipe");
        _folder.Write("pipe.html", "pipe.html");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("/", "index.html")]
    [InlineData("/about", "about.html")]
    [InlineData("/about?x=1", "about.html")]
    [InlineData("/file", "file")]
    [InlineData("/file.html", "file.html")]
    [InlineData("/both", "both.html")]
    [InlineData("/both/", "both/index.html")]
    [InlineData("/both/child", "both/child.html")]
    [InlineData("/page", "page.html")]
    [InlineData("/page/child", "page/child.html")]
    [InlineData("/sub/", "sub/index.html")]
    [InlineData("/sub/a", "sub/a.html")]
    [InlineData("/once.html", "once.html.html")]
    [InlineData("/twice.html.html", "twice.html.html")]
    [InlineData("/space%20.html", "space .html")]
    [InlineData("/dot..html", "dot..html")]
    [InlineData("/image.png", "image.png")]
    [InlineData("/UPPER.HTML", "UPPER.HTML")]
    [InlineData("/pipe", "pipe.html")]
    public void An_address_has_one_answer(string target, string file) => Expect(target, 200, file);

    [Theory]
    [InlineData("/index.html", "/")]
    [InlineData("/index", "/")]
    [InlineData("/index/?q", "/?q")]
    [InlineData("/about.html", "/about")]
    [InlineData("/about.html?a=b&c", "/about?a=b&c")]
    [InlineData("/about/", "/about")]
    [InlineData("//about.html", "/about")]
    [InlineData("/sub", "/sub/")]
    [InlineData("/sub/index.html", "/sub/")]
    [InlineData("/sub/index", "/sub/")]
    [InlineData("/sub/a.html", "/sub/a")]
    [InlineData("/both/index.html", "/both/")]
    [InlineData("/page/", "/page")]
    [InlineData("/once.html.html", "/once.html")]
    [InlineData("/twice.html", "/twice")]
    [InlineData("/bare", "/bare/")]
    [InlineData("/folder.html", "/folder.html/")]
    public void Another_spelling_of_it_is_redirected_there(string target, string location)
    {
        using FileSite site = Site(cleanUrls: true);
        var answer = SiteAnswer.To(site, "GET", target);
        Assert.Equal((301, location), (answer.Status, answer.LocationFrom(target)));
        Assert.Equal((204, null), (SiteAnswer.To(site, "OPTIONS", target).Status, SiteAnswer.To(site, "OPTIONS", target)["Location"]));
    }

    [Theory]
    [InlineData("/none")]
    [InlineData("/none.html")]
    [InlineData("/about.html/")]
    [InlineData("/about/x")]
    [InlineData("/bare/")]
    [InlineData("/folder")]
    [InlineData("/image.png/")]
    [InlineData("/.html")]
    [InlineData("/sub/.html")]
    [InlineData("/image")]
    public void What_is_not_there_is_not_found(string target) => Expect(target, 404, null);

    [Theory]
    [InlineData("/about", 404)]
    [InlineData("/about.html", 200)]
    [InlineData("/index.html", 200)]
    [InlineData("/about/", 404)]
    [InlineData("/page/", 404)]
    [InlineData("/both", 301)]
    public void Nothing_of_this_is_done_unasked(string target, int status)
    {
        using FileSite site = Site(cleanUrls: false);
        Assert.Equal(status, SiteAnswer.To(site, "GET", target).Status);
    }

    [Fact]
    public void A_dot_file_does_not_become_the_page_of_a_reserved_name()
    {
        _folder.Write(".well-known.html", "secret");
        Expect("/.well-known", 404, null);
        Expect("/.well-known/", 404, null);
    }

    /// <summary>So that it stays right behind a proxy that takes a prefix off the path.</summary>
    [Theory]
    [InlineData("/sub", "sub/")]
    [InlineData("/sub?a=/b", "sub/?a=/b")]
    [InlineData("/sub/index.html", "./")]
    [InlineData("/sub/a.html", "a")]
    [InlineData("/index.html", "./")]
    [InlineData("/page/", "../page")]
    [InlineData("/sub/.", "/sub/")]
    [InlineData("//sub", "/sub/")]
    [InlineData("/x/../sub", "/sub/")]
    [InlineData("/x/%2e%2e/sub", "/sub/")]
    public void A_redirect_is_relative_where_the_address_was_in_normal_form(string target, string location)
    {
        using FileSite site = Site(cleanUrls: true);
        string? sent = SiteAnswer.To(site, "GET", target)["Location"];
        Assert.Equal(target == "/sub/." ? null : location, sent);
    }

    [Fact]
    public void The_first_index_name_that_exists_is_the_folders_page()
    {
        _folder.Write("sub/home.htm", "home");
        _folder.MakeFolder("both/home.htm");
        using FileSite site = Site(cleanUrls: true, "none", "home.htm", "index.html");

        Assert.Equal("home", SiteAnswer.To(site, "GET", "/sub/").Text);
        Assert.Equal("both/index.html", SiteAnswer.To(site, "GET", "/both/").Text);
        Assert.Equal("./", SiteAnswer.To(site, "GET", "/sub/home.htm")["Location"]);
        // Here it is a page like any other.
        Assert.Equal("index", SiteAnswer.To(site, "GET", "/sub/index.html")["Location"]);
        Assert.Equal("sub/index.html", SiteAnswer.To(site, "GET", "/sub/index").Text);
        using FileSite other = Site(cleanUrls: false, "about.html");
        Assert.Equal("about.html", SiteAnswer.To(other, "GET", "/").Text);
        Assert.Equal(404, SiteAnswer.To(other, "GET", "/sub/").Status);
    }

    [Fact]
    public void Looking_up_an_address_allocates_nothing()
    {
        using var root = RootFolder.Open(_folder.Root);
        var lookup = new PageLookup(root, ["none", "index.html"], cleanUrls: true, static _ => false);
        string[] targets = ["/", "/about", "/about.html", "/sub/index", "/sub/index.html", "/page", "/none/none"];
        byte[][] paths = [.. targets.Select(Encoding.UTF8.GetBytes)];
        Action visit = () =>
        {
            var path = new ResolvedPath(stackalloc byte[ResolvedPath.BufferLength]);
            foreach (byte[] target in paths)
            {
                path.Resolve(target);
                _ = lookup.Find(ref path);
            }
        };
        for (int i = 0; i < 3; i++)
        {
            visit();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        visit();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    /// <summary>Any tree, any index names, any target, both modes: it comes to an end, on this site, within two steps.</summary>
    [Fact]
    public void Redirects_never_loop_and_never_leave_the_site()
    {
        string[] names = ["a", "a.html", "a.html.html", "index", "index.html", "b", "home", "home.html", "evil.example", "\\evil", "html", "c:d.html"];
        Gen<string[]> trees = Gen.Elements(names).ArrayOf(2).Select(pair => string.Join('/', pair))
            .Or(Gen.Elements(names)).Select(path => path).ArrayOf(6);
        Gen<string> targets = Gen.Frequency(
            (3, Gen.Elements(names).Select(Uri.EscapeDataString)),
            (2, Gen.Elements("/", "//", "/./", "/../", "%5c", "%2f", "%2e%2e", ".html", ".", "%0d%0a", "%09", "?x=//evil.example/", "?/\\evil")))
            .ArrayOf().Select(pieces => "/" + string.Join(pieces.Length % 2 == 0 ? "/" : "", pieces));
        Gen<string[]> indexes = Gen.Elements("index.html", "home", "home.html", "a", "index").ArrayOf(2).Select(list => list.Distinct().ToArray());

        Prop.ForAll(trees.ToArbitrary(), targets.ArrayOf(12).ToArbitrary(), indexes.ToArbitrary(), (tree, list, index) =>
        {
            using var folder = new TemporaryFolder();
            foreach (string path in tree)
            {
                try
                {
                    folder.Write(path, path);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // A file stands where a folder would have to be, or the other way round.
                }
            }

            using FileSite site = FolderSite.Open(folder.Root, new FileSiteOptions { IndexNames = index, CleanUrls = true });
            foreach (string target in list)
            {
                Follow(site, target);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));
    }

    private static void Follow(FileSite site, string target)
    {
        var seen = new List<string> { target };
        var answer = SiteAnswer.To(site, "GET", target);
        while (answer.Status == 301)
        {
            SameOrigin.AssertKept(answer["Location"]);
            seen.Add(answer.LocationFrom(seen[^1])!);
            Assert.True(seen.Count <= 3, string.Join(" → ", seen));
            answer = SiteAnswer.To(site, "GET", seen[^1]);
        }

        Assert.Contains(answer.Status, new[] { 200, 400, 404 });
    }

    private void Expect(string target, int status, string? file)
    {
        using FileSite site = Site(cleanUrls: true);
        var answer = SiteAnswer.To(site, "GET", target);
        Assert.Equal(status, answer.Status);
        if (file is not null)
        {
            Assert.Equal(file, answer.Text);
        }
    }

    private FileSite Site(bool cleanUrls, params string[] indexNames) =>
        FolderSite.Open(_folder.Root, new FileSiteOptions { CleanUrls = cleanUrls, IndexNames = indexNames });
}
