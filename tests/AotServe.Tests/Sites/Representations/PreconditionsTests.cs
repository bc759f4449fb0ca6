using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using AotServe.Buffers;
using AotServe.Sites;
using Xunit;

namespace AotServe.Tests.Sites.Representations;

public sealed class PreconditionsTests : IDisposable
{
    private const string Modified = "Thu, 29 Feb 2024 12:30:15 GMT";

    private const string Earlier = "Thu, 29 Feb 2024 12:30:14 GMT";

    private readonly TemporaryFolder _folder = new();
    private readonly FileSite _site;

    public PreconditionsTests() => _site = FolderSite.Open(_folder.Root);

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
        Assert.Equal($"\"{XxHash64.Compute("one"u8):x16}\"", first["ETag"]);

        SiteAnswer second = Get("/v.txt", $"If-None-Match: {first["ETag"]}");
        Assert.Equal(304, second.Status);
        Assert.Equal((first["ETag"], first["Last-Modified"]), (second["ETag"], second["Last-Modified"]));
        Assert.Null(second["Content-Length"]);
        Assert.Empty(second.Body);

        File.WriteAllText(file, "two");
        File.SetLastWriteTimeUtc(file, new DateTime(2024, 2, 29, 12, 30, 15, 500, DateTimeKind.Utc));
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
    [InlineData(200, "If-Match: TAG")]
    [InlineData(200, "If-Match: *")]
    [InlineData(200, "If-Match: \"x\" , TAG,,")]
    [InlineData(200, "If-Match: \"x\"", "If-Match: TAG")]
    [InlineData(200, "If-Match: \"x\"", "If-Match: *")]
    [InlineData(412, "If-Match: W/TAG")]
    [InlineData(412, "If-Match: \"x\"")]
    [InlineData(412, "If-Match: \"x\", *")]
    [InlineData(412, "If-Match: unquoted, TAG")]
    [InlineData(412, "If-Match: ")]
    [InlineData(200, "If-Unmodified-Since: " + Modified)]
    [InlineData(200, "If-Unmodified-Since: Thursday, 29-Feb-24 12:30:16 GMT")]
    [InlineData(412, "If-Unmodified-Since: Thu, 29 Feb 2024 12:30:14 GMT")]
    [InlineData(412, "If-Unmodified-Since: Thu Feb 29 12:30:14 2024")]
    [InlineData(200, "If-Unmodified-Since: yesterday")]
    [InlineData(200, "If-Unmodified-Since: " + Earlier, "If-Unmodified-Since: " + Earlier)]
    [InlineData(200, "If-Match: TAG", "If-Unmodified-Since: " + Earlier)]
    [InlineData(412, "If-Match: \"x\"", "If-Unmodified-Since: " + Modified)]
    [InlineData(412, "If-Match: \"x\"", "If-None-Match: TAG")]
    [InlineData(304, "If-Match: TAG", "If-None-Match: TAG")]
    [InlineData(304, "If-Match: TAG", "If-Modified-Since: " + Modified)]
    [InlineData(200, "If-Match: TAG", "If-None-Match: \"x\"")]
    [InlineData(412, "If-Unmodified-Since: " + Earlier, "If-None-Match: TAG")]
    [InlineData(304, "If-Unmodified-Since: " + Modified, "If-None-Match: TAG")]
    [InlineData(304, "If-Unmodified-Since: " + Modified, "If-Modified-Since: " + Modified)]
    [InlineData(412, "If-Unmodified-Since: " + Earlier, "If-Modified-Since: " + Earlier)]
    [InlineData(304, "If-None-Match: TAG", "Range: bytes=0-1")]
    [InlineData(412, "If-Match: \"x\"", "Range: bytes=0-1")]
    [InlineData(304, "If-None-Match: TAG", "Range: bytes=99-")]
    [InlineData(412, "If-Match: \"x\"", "Range: bytes=99-", "If-Range: TAG")]
    public void Preconditions_are_evaluated_in_the_order_of_the_RFC(int status, params string[] fields)
    {
        string file = _folder.Write("style.css", "p{}");
        File.SetLastWriteTimeUtc(file, new DateTime(2024, 2, 29, 12, 30, 15, 0, DateTimeKind.Utc));
        string tag = Get("/style.css")["ETag"]!;
        string[] lines = [.. fields.Select(field => field.Replace("TAG", tag, StringComparison.Ordinal))];

        foreach (string method in new[] { "GET", "HEAD" })
        {
            Assert.Equal(status, SiteAnswer.To(_site, method, "/style.css", lines).Status);
        }
        // Preconditions count only where the answer without them would be 2xx (RFC 9110 §13.2.1).
        Assert.Equal(404, SiteAnswer.To(_site, "GET", "/none", lines).Status);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(50_400)]
    [InlineData(315_532_800)]
    [InlineData(315_532_801)]
    [InlineData(315_619_200)]
    [InlineData(318_211_200)]
    [InlineData(499_162_500)]
    [InlineData(946_684_800)]
    [InlineData(1_262_304_000)]
    public void A_time_that_a_tool_sets_every_file_to_is_no_date(long seconds)
    {
        File.SetLastWriteTimeUtc(_folder.Write("a.txt", "abc"), DateTime.UnixEpoch.AddSeconds(seconds));
        string date = DateTime.UnixEpoch.AddSeconds(seconds).ToString("r", CultureInfo.InvariantCulture);
        SiteAnswer answer = Get("/a.txt");

        Assert.Equal((200, null), (answer.Status, answer["Last-Modified"]));
        Assert.Equal(200, Get("/a.txt", "If-Modified-Since: " + date).Status);
        Assert.Equal(200, Get("/a.txt", "If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT").Status);
        Assert.Equal(200, Get("/a.txt", "Range: bytes=0-0", "If-Range: " + date).Status);
        Assert.Equal(206, Get("/a.txt", "Range: bytes=0-0", $"If-Range: {answer["ETag"]}").Status);
        Assert.Equal(304, Get("/a.txt", $"If-None-Match: {answer["ETag"]}").Status);
    }

    [Theory]
    [InlineData(200_000)]
    [InlineData(315_359_999)]
    [InlineData(499_162_501)]
    [InlineData(946_684_801)]
    public void Any_other_time_is_a_date(long seconds)
    {
        File.SetLastWriteTimeUtc(_folder.Write("a.txt", "abc"), DateTime.UnixEpoch.AddSeconds(seconds));
        string date = DateTime.UnixEpoch.AddSeconds(seconds).ToString("r", CultureInfo.InvariantCulture);
        Assert.Equal(date, Get("/a.txt")["Last-Modified"]);
        Assert.Equal(304, Get("/a.txt", "If-Modified-Since: " + date).Status);
    }

    [Fact]
    public void Where_the_owner_removes_a_validator_no_precondition_holds_by_it()
    {
        File.SetLastWriteTimeUtc(_folder.Write("a.txt", "abc"), new DateTime(2024, 2, 29, 12, 30, 15, DateTimeKind.Utc));
        string tag = Get("/a.txt")["ETag"]!;
        _folder.Write("_headers", "/*\n  ! ETag\n");
        Assert.True(_site.TryReadRules(out _));

        Assert.Null(Get("/a.txt")["ETag"]);
        Assert.Equal(200, Get("/a.txt", $"If-None-Match: {tag}").Status);
        Assert.Equal(200, Get("/a.txt", $"If-None-Match: {tag}", "If-Modified-Since: " + Modified).Status);
        Assert.Equal(304, Get("/a.txt", "If-None-Match: *").Status);
        Assert.Equal(412, Get("/a.txt", $"If-Match: {tag}").Status);
        Assert.Equal(200, Get("/a.txt", "Range: bytes=0-0", $"If-Range: {tag}").Status);
        Assert.Equal(304, Get("/a.txt", "If-Modified-Since: " + Modified).Status);
        Assert.Equal(206, Get("/a.txt", "Range: bytes=0-0", "If-Range: " + Modified).Status);

        _folder.Write("_headers", "/*\n  ! Last-Modified\n");
        Assert.True(_site.TryReadRules(out _));
        Assert.Null(Get("/a.txt")["Last-Modified"]);
        Assert.Equal(200, Get("/a.txt", "If-Modified-Since: " + Modified).Status);
        Assert.Equal(200, Get("/a.txt", "If-Unmodified-Since: " + Earlier).Status);
        Assert.Equal(200, Get("/a.txt", "Range: bytes=0-0", "If-Range: " + Modified).Status);
        Assert.Equal(304, Get("/a.txt", $"If-None-Match: {tag}").Status);
    }

    [Fact]
    public void A_file_from_the_future_is_dated_now()
    {
        string file = _folder.Write("style.css", "p{}");
        File.SetLastWriteTimeUtc(file, new DateTime(2035, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal("Wed, 01 Jan 2025 00:00:00 GMT", Get("/style.css")["Last-Modified"]);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_file_that_may_not_be_read_is_forbidden_whatever_the_preconditions()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root may read everything");
        _folder.Write("locked", "x");
        _folder.Lock("locked");
        Assert.Equal(403, Get("/locked", "If-None-Match: *").Status);
    }

    [Fact]
    public void An_answer_412_is_about_itself()
    {
        _folder.Write("a.txt", "a");
        SiteAnswer answer = Get("/a.txt", "If-Match: \"x\"");
        Assert.Equal((412, "text/html; charset=utf-8", null), (answer.Status, answer["Content-Type"], answer["ETag"]));
        Assert.Contains("412 Precondition Failed", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(206, "If-Range: TAG")]
    [InlineData(206, "If-Range: " + Modified)]
    [InlineData(206, "If-Range: Thursday, 29-Feb-24 12:30:15 GMT")]
    [InlineData(206, "If-Range: Thu Feb 29 12:30:15 2024")]
    [InlineData(200, "If-Range: W/TAG")]
    [InlineData(200, "If-Range: \"x\"")]
    [InlineData(200, "If-Range: \"x\", TAG")]
    [InlineData(200, "If-Range: *")]
    [InlineData(200, "If-Range: ")]
    [InlineData(200, "If-Range: TAG", "If-Range: TAG")]
    [InlineData(200, "If-Range: " + Modified, "If-Range: TAG")]
    [InlineData(200, "If-Range: " + Earlier)]
    [InlineData(200, "If-Range: Thu, 29 Feb 2024 12:30:16 GMT")]
    [InlineData(200, "If-Range: yesterday")]
    public void If_Range_is_an_exact_validator_or_the_whole_is_sent(int status, params string[] fields)
    {
        string file = _folder.Write("style.css", "p{}");
        File.SetLastWriteTimeUtc(file, new DateTime(2024, 2, 29, 12, 30, 15, 0, DateTimeKind.Utc));
        string tag = Get("/style.css")["ETag"]!;
        string[] lines = [.. fields.Select(field => field.Replace("TAG", tag, StringComparison.Ordinal))];
        Assert.Equal(status, Get("/style.css", [.. lines, "Range: bytes=0-1"]).Status);
        Assert.Equal(status == 206 ? 416 : 200, Get("/style.css", [.. lines, "Range: bytes=3-"]).Status);
        Assert.Equal(200, Get("/style.css", lines).Status);
    }

    [Theory]
    [InlineData(-1, 206)]
    [InlineData(0, 200)]
    [InlineData(1, 200)]
    public void A_date_is_a_strong_validator_once_its_second_is_over(int age, int status)
    {
        string file = _folder.Write("style.css", "p{}");
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddSeconds(SiteAnswer.Now + age));
        string date = Get("/style.css")["Last-Modified"]!;
        Assert.Equal(status, Get("/style.css", $"If-Range: {date}", "Range: bytes=0-1").Status);
    }

    private SiteAnswer Get(string target, params string[] fields) => SiteAnswer.To(_site, "GET", target, fields);
}
