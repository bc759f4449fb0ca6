using System.Linq;
using System.Text;
using AotServe.Cli;
using AotServe.Sites;
using AotServe.Sites.Representations;
using Xunit;

namespace AotServe.Tests.Sites.Representations;

public sealed class MediaTypesTests
{
    [Theory]
    [InlineData("index.html", "text/html; charset=utf-8")]
    [InlineData("a/b.c/page.HTM", "text/html; charset=utf-8")]
    [InlineData("style.css", "text/css; charset=utf-8")]
    [InlineData("app.min.js", "text/javascript; charset=utf-8")]
    [InlineData("app.mjs", "text/javascript; charset=utf-8")]
    [InlineData("data.json", "application/json")]
    [InlineData("feed.xml", "application/xml")]
    [InlineData("logo.svg", "image/svg+xml")]
    [InlineData("notes.txt", "text/plain; charset=utf-8")]
    [InlineData("photo.JPEG", "image/jpeg")]
    [InlineData("photo.avif", "image/avif")]
    [InlineData("font.woff2", "font/woff2")]
    [InlineData("module.wasm", "application/wasm")]
    [InlineData("site.webmanifest", "application/manifest+json")]
    [InlineData("film.mp4", "video/mp4")]
    [InlineData("live.ts", "video/mp2t")]
    [InlineData("base.sqlite", "application/vnd.sqlite3")]
    [InlineData("archive.tar.gz", "application/gzip")]
    [InlineData("feed.rss", "application/rss+xml")]
    [InlineData("feed.atom", "application/atom+xml")]
    [InlineData("page.xhtml", "application/xhtml+xml")]
    [InlineData("Info.plist", "application/x-plist")]
    [InlineData("data.ttl", "text/turtle; charset=utf-8")]
    [InlineData("data.nt", "application/n-triples")]
    [InlineData("data.nq", "application/n-quads")]
    [InlineData("onto.owl", "application/rdf+xml")]
    [InlineData("a.xsd", "application/xml")]
    [InlineData("a.wsdl", "application/wsdl+xml")]
    [InlineData("book.djvu", "image/vnd.djvu")]
    [InlineData("work.ipynb", "application/x-ipynb+json")]
    [InlineData("saved.mhtml", "multipart/related")]
    [InlineData("setup.appinstaller", "application/appinstaller")]
    [InlineData("setup.appx", "application/appx")]
    [InlineData("setup.msixbundle", "application/msixbundle")]
    [InlineData("page.shtml", "text/html; charset=utf-8")]
    [InlineData("apple-app-site-association", "application/json")]
    [InlineData(".well-known/apple-app-site-association", "application/json")]
    [InlineData(".well-known/openid-configuration", "application/json")]
    [InlineData(".well-known/matrix/client", "application/json")]
    [InlineData(".well-known/webfinger", "application/jrd+json")]
    [InlineData(".well-known/matrix", "application/octet-stream")]
    [InlineData(".well-known/unknown", "application/octet-stream")]
    [InlineData("a/apple-app-site-association", "application/octet-stream")]
    public void The_extension_decides(string path, string expected) => Assert.Equal(expected, Of(path));

    [Theory]
    [InlineData("")]
    [InlineData("README")]
    [InlineData("html")]
    [InlineData("dot.")]
    [InlineData("folder.html/file")]
    [InlineData("a.unknown")]
    [InlineData("a.htmlx")]
    [InlineData("a.ht ml")]
    [InlineData("a. ")]
    [InlineData("a.html ")]
    [InlineData("a.\ncss")]
    [InlineData("a.webmanifests")]
    [InlineData("a.ĥtml")]
    public void Without_a_known_extension_it_is_bytes(string path) =>
        Assert.Equal("application/octet-stream", Of(path));

    [Theory]
    [InlineData("a.heic", "image/heic")]
    [InlineData("a.jxl", "image/jxl")]
    [InlineData("a.apng", "image/apng")]
    [InlineData("a.cjs", "text/javascript; charset=utf-8")]
    [InlineData("a.jsonld", "application/ld+json")]
    [InlineData("a.geojson", "application/geo+json")]
    [InlineData("a.ics", "text/calendar; charset=utf-8")]
    [InlineData("a.vcf", "text/vcard; charset=utf-8")]
    [InlineData("a.m3u8", "application/vnd.apple.mpegurl")]
    [InlineData("a.m4s", "video/iso.segment")]
    [InlineData("a.mpd", "application/dash+xml")]
    [InlineData("a.glb", "model/gltf-binary")]
    [InlineData("a.usdz", "model/vnd.usdz+zip")]
    [InlineData("a.epub", "application/epub+zip")]
    [InlineData("a.toml", "application/toml")]
    [InlineData("a.opus", "audio/ogg")]
    [InlineData("a.mkv", "video/matroska")]
    [InlineData("a.7z", "application/x-7z-compressed")]
    [InlineData("a.msi", "application/x-msi")]
    [InlineData("a.mobileconfig", "application/x-apple-aspen-config")]
    public void The_table_has_what_the_web_uses(string path, string expected) => Assert.Equal(expected, Of(path));

    [Fact]
    public void The_table_is_well_formed_and_each_extension_stands_there_once()
    {
        string[] lines = Encoding.ASCII.GetString(MediaTypeTable.Lines).Split('\n');
        Assert.Equal(("", ""), (lines[0], lines[^1]));
        string[][] entries = [.. lines[1..^1].Select(line => line.Split(' ', 2))];
        Assert.All(entries, entry => Assert.True(entry.Length == 2 && MediaTypeText.IsValid(entry[1]), entry[0]));
        Assert.All(entries, entry => Assert.Matches("^[a-z0-9]{1,16}$", entry[0]));
        Assert.Equal(entries.Length, entries.Select(entry => entry[0]).Distinct().Count());
        Assert.All(entries, entry => Assert.Equal(entry[1], Of("a." + entry[0])));
        Assert.All(entries, entry => Assert.True(!entry[1].StartsWith("text/") || entry[1].EndsWith("; charset=utf-8"), entry[0]));
    }

    [Fact]
    public void Types_that_are_given_go_before_those_that_are_known()
    {
        var given = Enumerable.Range(0, 126).ToDictionary(i => "x" + i, i => "application/x-" + i);
        given["html"] = "text/plain";
        given["sixteen-letters0"] = "a/b; c=\"d e\"";
        var types = new MediaTypes(given, "x/unknown");
        Assert.All(given, pair => Assert.Equal(pair.Value, Encoding.ASCII.GetString(types.ForPath(Encoding.ASCII.GetBytes("f." + pair.Key.ToUpperInvariant())))));
        Assert.Equal("text/css; charset=utf-8", Encoding.ASCII.GetString(types.ForPath("a.css"u8)));
        foreach (string name in new[] { "a.none", "a", "a.sixteen-letters01", "a.é" })
        {
            Assert.Equal("x/unknown", Encoding.ASCII.GetString(types.ForPath(Encoding.UTF8.GetBytes(name))));
        }
    }

    [Fact]
    public void As_many_and_as_long_types_as_may_be_given_all_fit()
    {
        string type = "a/" + new string('b', 198);
        var given = Enumerable.Range(0, MediaTypes.MostGiven).ToDictionary(i => $"extension-{i:000000}", _ => type);
        var types = new MediaTypes(given, "x/unknown");
        Assert.All(given.Keys, key => Assert.Equal(type, Encoding.ASCII.GetString(types.ForPath(Encoding.ASCII.GetBytes("f." + key)))));
        Assert.Equal("application/vnd.sqlite3", Encoding.ASCII.GetString(types.ForPath("a.sqlite"u8)));
    }

    private static string Of(string path) =>
        Encoding.ASCII.GetString(FolderSite.TypesOf(new FileSiteOptions()).ForPath(Encoding.UTF8.GetBytes(path)));
}
