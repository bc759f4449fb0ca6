using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary><c>--status</c>: a page that loads nothing but itself, runs no script but its own, and shows what is served and how.</summary>
public sealed class StatusPageTests(PublishedServer published) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_policy_allows_the_script_in_the_page_and_nothing_from_elsewhere()
    {
        using var server = ServerProcess.Serve(published.Binary, "--status", "/status");
        using var client = new RawClient(server.Port);
        Answer answer = client.Get("/status");
        Assert.Equal((200, "text/html; charset=utf-8", "no-store"), (answer.Status, answer["Content-Type"], answer["Cache-Control"]));
        Assert.Equal("nosniff", answer["X-Content-Type-Options"]);
        string page = answer.Text;
        string script = Assert.Single(Regex.Matches(page, "<script[^>]*>(.*?)</script>", RegexOptions.Singleline)).Groups[1].Value;
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        string[] directives = answer["Content-Security-Policy"]!.Split("; ");
        Assert.Contains("default-src 'none'", directives);
        Assert.Equal($"script-src 'sha256-{hash}'", Assert.Single(directives, directive => directive.StartsWith("script-src", StringComparison.Ordinal)));

        Assert.Equal("Status of AotServe", Regex.Match(page, "<title>(.*?)</title>").Groups[1].Value);
        Assert.Equal(["data:,"], Regex.Matches(page, "(?:href|src|action|srcset|data)=\"?([^\" >]*)").Select(match => match.Groups[1].Value));
        Assert.DoesNotContain("url(", page, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"<[^>]* on\w+=", page);
    }

    [Fact]
    public void What_a_folder_is_called_is_text_and_not_markup()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such names.");
        _folder.MakeFolder("a<script>&amp;\"b");
        using var server = ServerProcess.Serve(published.Binary, _folder["a<script>&amp;\"b"], "--status", "/status");
        using var client = new RawClient(server.Port);
        string page = client.Get("/status").Text;
        Assert.Contains("a&lt;script&gt;&amp;amp;&quot;b", page, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(page, "<script"));
    }

    [Fact]
    public void The_last_lines_of_stderr_are_shown_as_text()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        using var server = ServerProcess.Serve(published.Binary, "--status", "/status");
        using var client = new RawClient(server.Port);
        Assert.Contains("<pre>none</pre>", client.Get("/status").Text, StringComparison.Ordinal);
        server.Signal(Posix.SIGHUP);
        Eventually.Holds(() => client.Get("/status").Text.Contains("SIGHUP ignored", StringComparison.Ordinal), "the line is shown");
        Assert.DoesNotContain("<pre>none</pre>", client.Get("/status").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Requests_are_in_the_table_of_statuses_and_in_the_chart()
    {
        using var server = ServerProcess.Serve(published.Binary, "--status", "/status");
        using var client = new RawClient(server.Port);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(404, client.Get("/none").Status);
        }

        string page = Eventually.Is(
            () => client.Get("/status").Text,
            text => text.Contains("<th scope=\"row\">404 Not Found</th><td>3</td>", StringComparison.Ordinal) && text.Contains("<polyline", StringComparison.Ordinal),
            "the requests are shown, and two seconds");
        MatchCollection lines = Regex.Matches(page, "<polyline points=\"([^\"]*)\"");
        Assert.Equal(2, lines.Count);
        Assert.All(lines, line =>
        {
            double[] places = [.. line.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(point => double.Parse(point.Split(',')[0]))];
            Assert.InRange(places.Length, 2, 600);
            Assert.Equal(599, places[^1]);
        });
    }

    [Theory]
    [InlineData("HEAD", 200)]
    [InlineData("OPTIONS", 204)]
    [InlineData("PUT", 405)]
    public void It_is_only_read(string method, int status)
    {
        using var server = ServerProcess.Serve(published.Binary, "--status", "/status");
        using var client = new RawClient(server.Port);
        Answer answer = client.Request(method, "/status");
        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 200 ? null : "GET, HEAD, OPTIONS", answer["Allow"]);
    }
}
