using System;
using System.IO;
using System.Linq;
using AotServe.Sites;
using Xunit;

namespace AotServe.Tests.Sites;

public sealed class PreconditionsTests : IDisposable
{
    private const string Modified = "Thu, 29 Feb 2024 12:30:15 GMT";

    private readonly TemporaryFolder _folder = new();
    private readonly FileSite _site;

    public PreconditionsTests() => _site = new FileSite(new FileSiteOptions { Root = _folder.Root });

    public void Dispose()
    {
        _site.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Validators_lead_to_304_and_a_change_to_200()
    {
        string file = _folder.Write("v.txt", "one");
        File.SetLastWriteTimeUtc(file, new DateTime(2024, 2, 29, 12, 30, 15, 500, DateTimeKind.Utc));
        SiteAnswer first = Get("/v.txt");
        Assert.Equal(Modified, first["Last-Modified"]);
        Assert.Matches("^\"[0-9a-f]+-3\"$", first["ETag"]);

        SiteAnswer second = Get("/v.txt", $"If-None-Match: {first["ETag"]}");
        Assert.Equal(304, second.Status);
        Assert.Equal((first["ETag"], first["Last-Modified"]), (second["ETag"], second["Last-Modified"]));
        Assert.Null(second["Content-Length"]);
        Assert.Empty(second.Body);

        File.WriteAllText(file, "two");
        File.SetLastWriteTimeUtc(file, new DateTime(2024, 2, 29, 12, 30, 15, 501, DateTimeKind.Utc));
        SiteAnswer third = Get("/v.txt", $"If-None-Match: {first["ETag"]}");
        Assert.Equal((200, "two"), (third.Status, third.Text));
        Assert.NotEqual(first["ETag"], third["ETag"]);
    }

    [Theory]
    [InlineData(304, "If-None-Match: *")]
    [InlineData(304, "If-None-Match: \"x\", W/TAG")]
    [InlineData(304, "If-None-Match: \"x\"", "If-None-Match: TAG")]
    [InlineData(200, "If-None-Match: \"x\"")]
    [InlineData(200, "If-None-Match: ")]
    [InlineData(200, "If-None-Match: \"x\", *")]
    [InlineData(304, "If-Modified-Since: " + Modified)]
    [InlineData(304, "If-Modified-Since: Thursday, 29-Feb-24 12:30:15 GMT")]
    [InlineData(304, "If-Modified-Since: Thu Feb 29 12:30:15 2024")]
    [InlineData(304, "If-Modified-Since: Thu, 29 Feb 2024 12:30:16 GMT")]
    [InlineData(200, "If-Modified-Since: Thu, 29 Feb 2024 12:30:14 GMT")]
    [InlineData(200, "If-Modified-Since: yesterday")]
    [InlineData(200, "If-Modified-Since: ")]
    [InlineData(200, "If-Modified-Since: " + Modified, "If-Modified-Since: " + Modified)]
    [InlineData(200, "If-None-Match: \"x\"", "If-Modified-Since: " + Modified)]
    [InlineData(304, "If-None-Match: TAG", "If-Modified-Since: Thu, 29 Feb 2024 12:30:14 GMT")]
    public void Preconditions_are_evaluated_in_the_order_of_the_RFC(int status, params string[] fields)
    {
        string file = _folder.Write("style.css", "p{}");
        File.SetLastWriteTimeUtc(file, new DateTime(2024, 2, 29, 12, 30, 15, 0, DateTimeKind.Utc));
        string tag = Get("/style.css")["ETag"]!;
        string[] lines = [.. fields.Select(field => field.Replace("TAG", tag, StringComparison.Ordinal))];

        foreach (string method in new[] { "GET", "HEAD" })
            Assert.Equal(status, SiteAnswer.To(_site, method, "/style.css", lines).Status);
        // Preconditions count only where the answer without them would be 2xx (RFC 9110 §13.2.1).
        Assert.Equal(404, SiteAnswer.To(_site, "GET", "/none", lines).Status);
    }

    [Fact]
    public void A_file_from_the_future_is_dated_now()
    {
        string file = _folder.Write("style.css", "p{}");
        File.SetLastWriteTimeUtc(file, new DateTime(2035, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal("Wed, 01 Jan 2025 00:00:00 GMT", Get("/style.css")["Last-Modified"]);
    }

    private SiteAnswer Get(string target, params string[] fields) => SiteAnswer.To(_site, "GET", target, fields);
}
