using System;
using System.IO;
using System.Linq;
using AotServe.Buffers;
using AotServe.Sites;
using Xunit;

namespace AotServe.Tests.Sites.Representations.Codings;

public sealed class CompressingSiteTests : IDisposable
{
    private static readonly DateTime Written = new(2024, 2, 29, 12, 30, 15, DateTimeKind.Utc);

    private readonly TemporaryFolder _folder = new();
    private readonly FileSite _site;
    private readonly string _text = string.Concat(Enumerable.Range(0, 2_000).Select(i => $"<p>{i}"));

    public CompressingSiteTests()
    {
        Write("page.html", _text);
        Write("small.html", "<p>small");
        Write("picture.png", _text);
        Write("packed.html", _text);
        Write("packed.html.gz", "as gzip");
        _site = FolderSite.Open(_folder.Root, new FileSiteOptions { Compress = true });
    }

    public void Dispose()
    {
        _site.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("br", "gzip, br", "-br")]
    [InlineData("gzip", "gzip", "-gz")]
    public void A_file_comes_to_be_sent_compressed(string coding, string accepted, string suffix)
    {
        SiteAnswer plain = Get("/page.html");
        Assert.Equal((_text, null, "Accept-Encoding"), (plain.Text, plain["Content-Encoding"], plain["Vary"]));
        SiteAnswer answer = AwaitCoding("/page.html", coding, accepted);
        Assert.Equal(_text, System.Text.Encoding.UTF8.GetString(Unpacking.Unpack(coding, answer.Body)));
        Assert.Equal("text/html; charset=utf-8", answer["Content-Type"]);
        Assert.Equal("Accept-Encoding", answer["Vary"]);
        Assert.Equal(plain["Last-Modified"], answer["Last-Modified"]);
        Assert.Equal($"\"{XxHash64.Compute(answer.Body):x16}{suffix}\"", answer["ETag"]);
        Assert.Equal(_text, Get("/page.html", "Accept-Encoding: identity").Text);

        var head = SiteAnswer.To(_site, "HEAD", "/page.html", [$"Accept-Encoding: {accepted}"]);
        Assert.Equal(answer.Fields, head.Fields);
        Assert.Equal(304, Get("/page.html", $"Accept-Encoding: {accepted}", $"If-None-Match: {answer["ETag"]}").Status);
        Assert.Equal(412, Get("/page.html", $"Accept-Encoding: {accepted}", $"If-Match: {plain["ETag"]}").Status);
        SiteAnswer part = Get("/page.html", $"Accept-Encoding: {accepted}", "Range: bytes=10-19");
        Assert.Equal((206, coding), (part.Status, part["Content-Encoding"]));
        Assert.Equal(answer.Body[10..20], part.Body);
        SiteAnswer parts = Get("/page.html", $"Accept-Encoding: {accepted}", "Range: bytes=0-1,100-101");
        Assert.Equal((206, coding, "Accept-Encoding"), (parts.Status, parts["Content-Encoding"], parts["Vary"]));
        Assert.Equal(416, Get("/page.html", $"Accept-Encoding: {accepted}", "Range: bytes=16000-").Status);
    }

    [Fact]
    public void What_is_small_or_no_text_or_has_a_sibling_is_not_compressed()
    {
        foreach (string name in new[] { "/small.html", "/picture.png", "/packed.html" })
        {
            Get(name, "Accept-Encoding: br");
        }

        AwaitCoding("/page.html", "br", "br");
        foreach (string name in new[] { "/small.html", "/picture.png" })
        {
            SiteAnswer answer = Get(name, "Accept-Encoding: br");
            Assert.Equal((null, null), (answer["Content-Encoding"], answer["Vary"]));
        }

        SiteAnswer packed = Get("/packed.html", "Accept-Encoding: br");
        Assert.Equal((_text, null, "Accept-Encoding"), (packed.Text, packed["Content-Encoding"], packed["Vary"]));
        Assert.Equal("as gzip", Get("/packed.html", "Accept-Encoding: br, gzip;q=0.1").Text);
    }

    [Fact]
    public void A_file_that_changes_is_never_sent_as_it_was()
    {
        AwaitCoding("/page.html", "br", "br");
        string changed = _text.Replace("<p>", "<b>", StringComparison.Ordinal);
        File.WriteAllText(_folder["page.html"], changed);
        File.SetLastWriteTimeUtc(_folder["page.html"], Written.AddMilliseconds(1));
        Assert.Equal(changed, Get("/page.html", "Accept-Encoding: br").Text);
        SiteAnswer answer = AwaitCoding("/page.html", "br", "br");
        Assert.Equal(changed, System.Text.Encoding.UTF8.GetString(Unpacking.Unpack("br", answer.Body)));

        File.Delete(_folder["page.html"]);
        Assert.Equal(404, Get("/page.html", "Accept-Encoding: br").Status);
    }

    private SiteAnswer AwaitCoding(string target, string coding, string accepted) => Eventually.Is(
        () =>
        {
            SiteAnswer answer = Get(target, $"Accept-Encoding: {accepted}");
            Assert.Equal(200, answer.Status);
            return answer;
        },
        answer => answer["Content-Encoding"] == coding,
        "the file is compressed");

    private SiteAnswer Get(string target, params string[] fields) => SiteAnswer.To(_site, "GET", target, fields);

    private void Write(string name, string content) => File.SetLastWriteTimeUtc(_folder.Write(name, content), Written);
}
