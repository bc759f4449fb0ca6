using System.Text;
using AotServe.Sites;
using Xunit;

namespace AotServe.Tests.Sites;

public sealed class MediaTypesTests
{
    [Theory]
    [InlineData("index.html", "text/html; charset=utf-8")]
    [InlineData("a/b.c/page.HTM", "text/html; charset=utf-8")]
    [InlineData("style.css", "text/css; charset=utf-8")]
    [InlineData("app.min.js", "text/javascript; charset=utf-8")]
    [InlineData("app.mjs", "text/javascript; charset=utf-8")]
    [InlineData("data.json", "application/json")]
    [InlineData("feed.xml", "application/xml; charset=utf-8")]
    [InlineData("logo.svg", "image/svg+xml; charset=utf-8")]
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

    private static string Of(string path) =>
        Encoding.ASCII.GetString(new MediaTypes().Of(Encoding.UTF8.GetBytes(path)));
}
