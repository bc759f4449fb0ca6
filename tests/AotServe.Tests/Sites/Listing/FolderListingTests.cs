using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AotServe.Buffers;
using AotServe.Sites;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AotServe.Tests.Sites.Listing;

/// <summary>Listings of folders, as pages and as JSON.</summary>
public sealed partial class FolderListingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FileSite _site;

    public FolderListingTests() => _site = FolderSite.Open(_folder.Root, new FileSiteOptions { Listing = true });

    public void Dispose()
    {
        _site.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_page_names_every_entry_with_its_size_and_time()
    {
        File.SetLastWriteTimeUtc(_folder.Write("a/b & c.txt", new string('x', 12_345)), new DateTime(2024, 2, 29, 12, 34, 56, DateTimeKind.Utc));
        _folder.MakeFolder("a/deep");

        SiteAnswer answer = Get("/a/");
        Assert.Equal((200, "text/html; charset=utf-8"), (answer.Status, answer["Content-Type"]));
        Assert.Equal(("Accept", "no-cache", "nosniff"), (answer["Vary"], answer["Cache-Control"], answer["X-Content-Type-Options"]));
        Assert.StartsWith("default-src 'none'; style-src 'unsafe-inline'", answer["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Contains("<title>/a/</title>", answer.Text.Replace("\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("<a href=\"b%20%26%20c.txt\">", answer.Text, StringComparison.Ordinal);
        Assert.Contains("<bdi>b &amp; c.txt</bdi>", answer.Text, StringComparison.Ordinal);
        Assert.Contains("<td title=\"12,345 bytes\">12 KB</td>", answer.Text, StringComparison.Ordinal);
        Assert.Contains("<time datetime=\"2024-02-29T12:34:56Z\">2024-02-29<span> 12:34</span></time>", answer.Text, StringComparison.Ordinal);
        Assert.Contains("<a href=\"deep/\">", answer.Text, StringComparison.Ordinal);
        Assert.Contains("1 folder, 1 file, <span title=\"12,345 bytes\">12 KB</span>", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", answer.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http", answer.Text.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?q=report", "2024-Report.pdf", "report.txt")]
    [InlineData("?q=REPORT+t", "report two.txt")]
    [InlineData("?q=%C3%84r", "\u00e4rger.txt")]
    [InlineData("?q=&sort=name", "2024-Report.pdf", "report two.txt", "report.txt", "x", "\u00e4rger.txt")]
    [InlineData("?q=none")]
    public void A_filter_leaves_out_the_names_that_do_not_hold_its_text(string query, params string[] names)
    {
        foreach (string name in (string[])["2024-Report.pdf", "report.txt", "report two.txt", "\u00e4rger.txt", "x/report"])
        {
            _folder.Write("f/" + name, "");
        }

        string[] listed = [.. Entries(_site, "/f/" + query).Select(entry => entry.GetProperty("name").GetString()!)];
        string[] expected = query == "?q=report" ? [.. names, "report two.txt"] : names;
        Assert.Equal(expected.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.Contains(names.Length == 0 ? "No name here holds that text." : "<bdi>", Get("/f/" + query).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_has_a_box_for_the_filter_and_keeps_it_when_it_is_sorted()
    {
        _folder.Write("a b/x.txt", "");
        string page = Get("/a%20b/?q=%22%3E%3Cscript%3Ex&sort=size&order=desc").Text;
        Assert.Contains("value=\"&quot;&gt;&lt;script&gt;x\"", page, StringComparison.Ordinal);
        Assert.Contains("<input type=\"hidden\" name=\"sort\" value=\"size\">", page, StringComparison.Ordinal);
        Assert.Contains("?sort=name&amp;order=asc&amp;q=%22%3E%3Cscript%3Ex\"", page, StringComparison.Ordinal);
        Assert.Contains("<title>/a b/\n</title>".Replace("\n", "", StringComparison.Ordinal), page.Replace("\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("<h1><bdi>/a b/</bdi></h1>", page, StringComparison.Ordinal);
        Assert.Contains("form-action 'self'", Get("/a%20b/")["Content-Security-Policy"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Accept: text/html")]
    [InlineData("Accept: application/json")]
    public void A_listing_has_an_entity_tag_and_preconditions(string accept)
    {
        _folder.Write("sub/a.txt", "a");
        SiteAnswer first = Get("/sub/", accept);
        Assert.Matches("^\"[0-9a-f]{16}\"$", first["ETag"]);
        SiteAnswer known = Get("/sub/", accept, $"If-None-Match: {first["ETag"]}");
        Assert.Equal((304, first["ETag"], "Accept", 0), (known.Status, known["ETag"], known["Vary"], known.Body.Length));
        Assert.Equal(412, Get("/sub/", accept, "If-Match: \"x\"").Status);
        Assert.Equal(200, Get("/sub/", accept, "If-Modified-Since: Thu, 29 Feb 2035 12:30:15 GMT").Status);
        _folder.Write("sub/b.txt", "b");
        Assert.Equal(200, Get("/sub/", accept, $"If-None-Match: {first["ETag"]}").Status);
    }

    [Fact]
    public void The_folders_above_are_linked_from_the_root_on()
    {
        _folder.MakeFolder("a b/c?/d");
        string[] links = [.. Links(Get("/a%20b/c%3F/d/").Text).Where(link => link.StartsWith("..", StringComparison.Ordinal))];
        Assert.Equal(["../../../", "../../", "../", "../"], links);
        Assert.DoesNotContain("Parent folder", Get("/").Text, StringComparison.Ordinal);
        Assert.Contains("This folder is empty.", Get("/a%20b/c%3F/d/").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void JSON_is_given_to_those_who_prefer_it()
    {
        File.SetLastWriteTimeUtc(_folder.Write("a/\"b\"\n.txt", "hello"), new DateTime(2024, 2, 29, 12, 34, 56, DateTimeKind.Utc));
        Directory.SetLastWriteTimeUtc(Directory.CreateDirectory(_folder["a/d"]).FullName, new DateTime(1999, 12, 31, 0, 0, 0, DateTimeKind.Utc));

        SiteAnswer answer = Get("/a/", "Accept: application/json");
        Assert.Equal((200, "application/json", "Accept", null), (answer.Status, answer["Content-Type"], answer["Vary"], answer["Content-Security-Policy"]));
        const string Expected = """
            {"path":"/a/","truncated":false,"entries":[
            {"name":"d","href":"d/","type":"directory","modified":"1999-12-31T00:00:00Z"},
            {"name":"\"b\"\u000a.txt","href":"%22b%22%0A.txt","type":"file","size":5,"modified":"2024-02-29T12:34:56Z"}]}

            """;
        Assert.Equal(Expected, answer.Text);
        Assert.Equal("/", JsonDocument.Parse(Get("/", "Accept: application/json").Text).RootElement.GetProperty("path").GetString());
        Assert.Empty(Names("/a/d/"));
    }

    [Theory]
    [InlineData("", "a/ B/ z/ 9.txt 10.txt big new")]
    [InlineData("?sort=name&order=desc", "z/ B/ a/ new big 10.txt 9.txt")]
    [InlineData("?sort=size", "a/ B/ z/ new 9.txt 10.txt big")]
    [InlineData("?sort=size&order=desc", "a/ B/ z/ big 10.txt 9.txt new")]
    [InlineData("?sort=time&order=desc", "z/ B/ a/ new big 10.txt 9.txt")]
    [InlineData("?order=asc&sort=time", "a/ B/ z/ 9.txt 10.txt big new")]
    [InlineData("?sort=nonsense&order=sideways", "a/ B/ z/ 9.txt 10.txt big new")]
    [InlineData("?sort&order", "a/ B/ z/ 9.txt 10.txt big new")]
    [InlineData("?SORT=size&sort=", "a/ B/ z/ 9.txt 10.txt big new")]
    public void The_query_sets_the_order_and_folders_come_first(string query, string expected)
    {
        string[] names = ["a", "B", "z", "9.txt", "10.txt", "big", "new"];
        for (int i = 0; i < names.Length; i++)
        {
            DateTime time = DateTime.UnixEpoch.AddSeconds(1_000 + i);
            if (i < 3)
            {
                Directory.SetLastWriteTimeUtc(Directory.CreateDirectory(_folder[names[i]]).FullName, time);
            }
            else
            {
                File.SetLastWriteTimeUtc(_folder.Write(names[i], new string('x', i == 6 ? 0 : i)), time);
            }
        }

        Assert.Equal(expected.Split(' '), Names("/" + query));
        Assert.Equal(expected.Split(' '), Rows(Get("/" + query).Text).Select(WebUtility.UrlDecode));
    }

    [Theory]
    [InlineData("", "name desc|size desc|time desc", "ascending")]
    [InlineData("?sort=name&order=desc", "name asc|size desc|time desc", "descending")]
    [InlineData("?sort=size&order=desc", "name asc|size asc|time desc", "descending")]
    [InlineData("?sort=time", "name asc|size desc|time desc", "ascending")]
    public void The_headings_sort_by_themselves_and_turn_the_order_around(string query, string headings, string sort)
    {
        string page = Get("/" + query).Text;
        Assert.Equal(headings.Split('|'), Headings().Matches(page).Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}"));
        Assert.Equal(sort, Assert.Single(Sorts().Matches(page)).Groups[1].Value);
    }

    [Fact]
    public void What_could_not_be_asked_for_is_left_out()
    {
        _folder.Write("seen", "x");
        _folder.Write(".hidden", "x");
        _folder.MakeFolder(".git");
        _folder.Write("_headers", "x");
        _folder.Write("_redirects", "x");
        _folder.Write("sub/_headers", "x");
        _folder.Link("out", "../../etc/passwd");
        _folder.Link("absolute", "/etc/passwd");
        _folder.Link("dangling", "none");
        _folder.Link("loop", "loop");
        _folder.Link("inside", "seen");
        _folder.Link("folder", "sub");
        _folder.MakeFifo("fifo");
        _folder.MakeSocket("socket");
        Assert.Equal(["folder/", "sub/", "inside", "seen"], Names("/"));
        Assert.Equal(["_headers"], Names("/sub/"));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void What_may_not_be_read_is_left_out()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "This user may read everything.");
        _folder.Write("a", "x");
        _folder.Write("b", "x");
        _folder.Lock("b");
        _folder.MakeFolder("c");
        File.SetUnixFileMode(_folder["c"], UnixFileMode.UserExecute);
        Assert.Equal(["a"], Names("/"));
        Assert.Equal(403, Get("/c/").Status);
        File.SetUnixFileMode(_folder["c"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    [Fact]
    public void A_folder_with_a_page_shows_the_page_and_without_the_option_nothing()
    {
        _folder.Write("a/index.html", "page");
        _folder.MakeFolder("b");
        Assert.Equal("page", Get("/a/").Text);
        using FileSite site = FolderSite.Open(_folder.Root);
        Assert.Equal(404, SiteAnswer.To(site, "GET", "/b/").Status);
    }

    [Fact]
    public void HEAD_is_like_GET_without_the_body()
    {
        for (int i = 0; i < 300; i++)
        {
            _folder.Write($"file-{i}", "");
        }

        _folder.Write("small/a.txt", "");
        Assert.Equal(Get("/small/").Fields, SiteAnswer.To(_site, "HEAD", "/small/").Fields);

        // That of a large folder is not made for it, so its length is not known before it was (RFC 9110 §9.3.2).
        var before = SiteAnswer.To(_site, "HEAD", "/");
        SiteAnswer get = Get("/");
        var after = SiteAnswer.To(_site, "HEAD", "/");
        Assert.Equal(get.Fields.Where(field => field.Name is not ("Content-Length" or "ETag")), before.Fields);
        Assert.Equal(get.Fields, after.Fields);
        Assert.Empty(before.Body);
        Assert.Empty(after.Body);
        Assert.Null(before["Content-Length"]);
        Assert.True(int.Parse(after["Content-Length"]!, CultureInfo.InvariantCulture) > 16_384);
    }

    [Fact]
    public void The_listing_of_a_large_folder_is_made_once_for_all_who_ask_and_that_of_a_small_one_for_each()
    {
        for (int i = 0; i < 300; i++)
        {
            _folder.Write($"large/{i}", "");
        }

        _folder.Write("small/0", "");
        string[] before = [Get("/large/").Text, Get("/small/").Text];
        _folder.Write("large/new", "");
        _folder.Write("small/new", "");
        Assert.Equal(before[0], Get("/large/").Text); // within the second
        Assert.Contains("new", Get("/small/").Text, StringComparison.Ordinal);
        Assert.Contains("new", Get("/large/?order=desc").Text, StringComparison.Ordinal);
        Eventually.Holds(() => Get("/large/").Text.Contains("new", StringComparison.Ordinal), "the listing is made again");
    }

    [Fact]
    public void Where_the_budget_does_not_allow_a_listing_it_is_503_until_there_is_room()
    {
        for (int i = 0; i < 300; i++)
        {
            _folder.Write($"large/{i}", "");
        }

        var budget = new BufferBudget(512 * 1024);
        using FileSite site = FolderSite.Open(_folder.Root, new FileSiteOptions { Listing = true }, buffers: budget);
        Assert.True(budget.TryReserve(500 * 1024));
        var refused = SiteAnswer.To(site, "GET", "/large/");
        Assert.Equal((503, "1"), (refused.Status, refused["Retry-After"]));
        Assert.Equal(200, SiteAnswer.To(site, "HEAD", "/large/").Status);
        budget.Release(500 * 1024);
        Eventually.Holds(() => SiteAnswer.To(site, "GET", "/large/").Status == 200, "there is room");

        // Nothing is charged any more when the listing is too old.
        site.Sweep(long.MaxValue);
        Assert.True(budget.TryReserve(512 * 1024));
    }

    /// <summary>Whatever bytes a name consists of: its link gives the file, its text breaks nothing.</summary>
    [Fact]
    public void Every_name_that_Linux_allows_can_be_followed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere names are text.");
        Gen<byte[]> special = Gen.Elements(
            "javascript:alert(1)", "//evil.example", "\\\\evil", "\"><script>", "&amp;", "a\nb", "\r\n", "%41", "?q", "#h", " ", "c:", "~", "\t",
            "'", "\u202e", "index.htm", "a/../b", "\u007f").Select(text => Encoding.UTF8.GetBytes(text.Replace('/', '|')));
        Gen<byte[]> any = Gen.Choose(1, 255).Where(octet => octet != '/').Select(octet => (byte)octet).NonEmptyListOf().Select(list => list.ToArray());
        Gen<byte[]> names = special.Or(any).ArrayOf().Select(parts => parts.SelectMany(part => part).Take(200).ToArray())
            // A name is hidden if it begins with a dot, and characters that nobody sees do not count.
            .Where(name => name.Length > 0 && !Encoding.UTF8.GetString(name).TrimStart('\u202e').StartsWith('.'));

        Prop.ForAll(names.ArrayOf(8).ToArbitrary(), list =>
        {
            using var folder = new TemporaryFolder();
            folder.Write(".source", "content");
            byte[][] distinct = [.. list.DistinctBy(Convert.ToHexString)];
            foreach (byte[] name in distinct)
            {
                folder.MakeSecondName(".source", name);
            }

            using FileSite site = FolderSite.Open(folder.Root, new FileSiteOptions { Listing = true });
            string page = SiteAnswer.To(site, "GET", "/").Text;
            string[] rows = Rows(page);
            JsonElement[] entries = Entries(site, "/");

            Assert.Equal(distinct.Select(Convert.ToHexString).Order(), rows.Select(Decode).Order());
            Assert.Equal(rows, entries.Select(entry => entry.GetProperty("href").GetString()!));
            Assert.All(rows, row => Assert.Equal("content", SiteAnswer.To(site, "GET", "/" + row).Text));
            Assert.All(rows, row => Assert.Equal("http", new Uri(new Uri("http://site.example/a/"), row).Scheme));
            Assert.All(entries, entry => Assert.Equal(
                Encoding.UTF8.GetString(Convert.FromHexString(Decode(entry.GetProperty("href").GetString()!))), entry.GetProperty("name").GetString()));
            Assert.Equal(distinct.Length + 1, Regex.Count(page, "<bdi>"));
            Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    private static string Decode(string href) => Convert.ToHexString(WebUtility.UrlDecodeToBytes(Encoding.ASCII.GetBytes(href), 0, href.Length)!);

    private static string[] Links(string page) => [.. LinkTargets().Matches(page).Select(match => match.Groups[1].Value)];

    private static string[] Rows(string page) =>
        [.. Links(page[page.IndexOf("<tbody>", StringComparison.Ordinal)..]).Where(link => !link.StartsWith('/'))];

    private static JsonElement[] Entries(FileSite site, string target) =>
        [.. JsonDocument.Parse(SiteAnswer.To(site, "GET", target, ["Accept: application/json"]).Text).RootElement.GetProperty("entries").EnumerateArray()];

    private IEnumerable<string> Names(string target) => Entries(_site, target).Select(entry => WebUtility.UrlDecode(entry.GetProperty("href").GetString()!));

    private SiteAnswer Get(string target, params string[] fields) => SiteAnswer.To(_site, "GET", target, fields);

    [GeneratedRegex("<a href=\"([^\"]*)\"")]
    private static partial Regex LinkTargets();

    [GeneratedRegex("<a href=\"\\?sort=(name|size|time)&amp;order=(asc|desc)\"")]
    private static partial Regex Headings();

    [GeneratedRegex("aria-sort=\"(\\w+)\"")]
    private static partial Regex Sorts();
}
