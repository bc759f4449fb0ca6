using System;
using System.Globalization;
using System.IO;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>Requests that hold a validator (RFC 9110 §13).</summary>
public sealed class ConditionalRequestTests : IDisposable
{
    private static readonly DateTime Written = new(2024, 2, 29, 12, 34, 56, DateTimeKind.Utc);

    private readonly TemporaryFolder _folder = new();
    private readonly ServerProcess _server;
    private readonly RawClient _client;
    private readonly string _path;
    private readonly string _tag;

    public ConditionalRequestTests(PublishedServer published)
    {
        _path = _folder.Write("a.txt", "hello");
        File.SetLastWriteTimeUtc(_path, Written);
        _server = ServerProcess.Serve(published.Binary, _folder.Root);
        _client = new RawClient(_server.Port);
        _tag = _client.Get("/a.txt")["ETag"]!;
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("TAG", 304)]
    [InlineData("W/TAG", 304)]
    [InlineData("*", 304)]
    [InlineData("\"other\", TAG", 304)]
    [InlineData("\"other\",TAG,\"another\"", 304)]
    [InlineData("W/\"a,b\",  TAG", 304)]
    [InlineData("\"other\"", 200)]
    [InlineData("\"\"", 200)]
    [InlineData("", 200)]
    public void If_None_Match_compares_weakly(string value, int status)
    {
        foreach (string method in (string[])["GET", "HEAD"])
        {
            Answer answer = _client.Request(method, "/a.txt", "If-None-Match: " + value.Replace("TAG", _tag, StringComparison.Ordinal));

            Assert.Equal(status, answer.Status);
            Assert.Equal(_tag, answer["ETag"]);
        }

        Assert.Equal("hello", _client.Get("/a.txt").Text);
    }

    [Fact]
    public void If_None_Match_may_come_on_several_lines() =>
        Assert.Equal(304, _client.Get("/a.txt", "If-None-Match: \"other\"", $"If-None-Match: {_tag}").Status);

    [Theory]
    [InlineData(0, 304)]
    [InlineData(1, 304)]
    [InlineData(-1, 200)]
    public void If_Modified_Since_compares_seconds(int seconds, int status)
    {
        string date = Written.AddSeconds(seconds).ToString("r", CultureInfo.InvariantCulture);
        Assert.Equal(status, _client.Get("/a.txt", "If-Modified-Since: " + date).Status);
    }

    [Theory]
    [InlineData("Thursday, 29-Feb-24 12:34:56 GMT", 304)]
    [InlineData("Thu Feb 29 12:34:56 2024", 304)]
    [InlineData("Thu, 29 Feb 2024 12:34:56 +0000", 200)]
    [InlineData("yesterday", 200)]
    [InlineData("", 200)]
    public void If_Modified_Since_takes_the_obsolete_formats_and_ignores_what_is_no_date(string value, int status) =>
        Assert.Equal(status, _client.Get("/a.txt", "If-Modified-Since: " + value).Status);

    [Fact]
    public void If_None_Match_outweighs_If_Modified_Since()
    {
        string date = "If-Modified-Since: " + Written.ToString("r", CultureInfo.InvariantCulture);
        Assert.Equal(200, _client.Get("/a.txt", "If-None-Match: \"other\"", date).Status);
    }

    [Fact]
    public void An_answer_304_is_without_content_and_keeps_the_validators()
    {
        Answer answer = _client.Get("/a.txt", $"If-None-Match: {_tag}");

        Assert.Equal(304, answer.Status);
        Assert.Equal(_tag, answer["ETag"]);
        Assert.Null(answer["Transfer-Encoding"]);
        Assert.Contains(answer["Content-Length"], (string?[])[null, "5"]);
        Assert.Equal("hello", _client.Get("/a.txt").Text);
    }

    [Fact]
    public void The_tag_changes_with_the_file()
    {
        File.WriteAllText(_path, "other");
        Eventually.Holds(() => _client.Get("/a.txt", $"If-None-Match: {_tag}").Status == 200, "the tag has changed");
    }

    [Fact]
    public void A_precondition_on_what_is_not_there_is_404() =>
        Assert.Equal(404, _client.Get("/unknown", "If-None-Match: *").Status);
}
