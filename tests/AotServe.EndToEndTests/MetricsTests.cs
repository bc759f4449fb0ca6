using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary><c>--metrics</c>: the figures are those of what clients sent and received, in both formats, and only for whom they are meant.</summary>
public sealed class MetricsTests(PublishedServer published) : IDisposable
{
    private const string Path = "/metrics";
    private const string Open = "Accept: application/openmetrics-text";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [Pollers]
    public void Requests_and_bytes_are_what_clients_sent_and_received_and_the_histogram_has_each_once(string poller)
    {
        const int Clients = 4;
        const int Rounds = 25;
        _folder.Write("a.txt", new string('a', 20_000));
        using var server = ServerProcess.Serve(published.Binary, _folder, poller, "--threads", "4", "--metrics", Path);
        long received = 0;
        Threads.RunAll(Clients, _ =>
        {
            using (var kept = new RawClient(server.Port))
            {
                for (int i = 0; i < Rounds; i++)
                {
                    kept.Send("GET /a.txt HTTP/1.1\r\nHost: h\r\n\r\nHEAD /a.txt HTTP/1.1\r\nHost: h\r\n\r\nGET /none HTTP/1.1\r\nHost: h\r\n\r\n");
                    kept.Send("BREW /a.txt HTTP/1.1\r\nHost: h\r\n\r\nDELETE /a.txt HTTP/1.1\r\nHost: h\r\n\r\n");
                }

                kept.SendRequest("GET", "/a.txt", "Connection: close");
                Interlocked.Add(ref received, kept.ReadToEnd().Length);
            }

            foreach (string bad in (string[])["GET / HTTP/1.1\r\n\r\n", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n", "nonsense\r\n\r\n"])
            {
                using var client = new RawClient(server.Port);
                client.Send(bad);
                Interlocked.Add(ref received, client.ReadToEnd().Length);
            }
        });

        // A request is counted when its response is with the kernel, which may be after its client has it. Those for the page count, too.
        int asked = 0;
        Figures figures = null!;
        Eventually.Holds(
            () =>
            {
                using var client = new RawClient(server.Port);
                client.SendRequest("GET", Path, "Connection: close");
                byte[] page = client.ReadToEnd();
                figures = new Figures(Encoding.UTF8.GetString(page).Split("\r\n\r\n", 2)[1]);
                bool isAll = figures["response_bytes_total"] == received && figures.Requests == (Clients * ((5 * Rounds) + 4)) + asked;
                received += page.Length;
                asked += isAll ? 0 : 1;
                return isAll;
            },
            "all is counted");

        Assert.Equal((Clients * (Rounds + 1)) + asked, figures.RequestsOf("GET", 200));
        Assert.Equal(Clients * Rounds, figures.RequestsOf("HEAD", 200));
        Assert.Equal(Clients * Rounds, figures.RequestsOf("GET", 404));
        Assert.Equal(Clients * Rounds, figures.RequestsOf("other", 501));
        Assert.Equal(Clients * Rounds, figures.RequestsOf("DELETE", 405));
        Assert.Equal(Clients, figures.RequestsOf("GET", 400));
        Assert.Equal(Clients, figures.RequestsOf("POST", 400));
        Assert.Equal(Clients, figures.RequestsOf("other", 400));
        Assert.Equal((Clients * 4) + asked + 1, figures["connections_accepted_total"]);
        AssertHistogram(figures);
    }

    [Theory]
    [InlineData(null, "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData(Open + ";version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2", "application/openmetrics-text; version=1.0.0; charset=utf-8")]
    [InlineData("Accept: text/plain", "text/plain; version=0.0.4; charset=utf-8")]
    public void Each_family_has_its_help_and_type_once_before_its_samples(string? accept, string type)
    {
        using var server = ServerProcess.Serve(published.Binary, "--metrics", Path);
        using var client = new RawClient(server.Port);
        Assert.Equal(404, client.Get("/none").Status);
        Answer answer = accept is null ? client.Get(Path) : client.Get(Path, accept);
        Assert.Equal((200, type, "no-store", "Accept"), (answer.Status, answer["Content-Type"], answer["Cache-Control"], answer["Vary"]));
        string page = answer.Text;
        bool isOpen = type.Contains("openmetrics", StringComparison.Ordinal);
        Assert.Equal(isOpen, page.EndsWith("\n# EOF\n", StringComparison.Ordinal));
        Assert.Equal(isOpen ? 1 : 0, page.Split("# EOF").Length - 1);

        var figures = new Figures(page);
        var families = new Dictionary<string, string>();
        string? helped = null;
        foreach (string[] words in figures.Comments.Where(line => line != "# EOF").Select(line => line.Split(' ')))
        {
            if (words[1] == "HELP")
            {
                Assert.Null(helped);
                helped = words[2];
                Assert.True(words.Length > 3);
                continue;
            }

            Assert.Equal(("TYPE", helped), (words[1], words[2]));
            Assert.True(families.TryAdd(words[2], words[3]), $"Twice: {words[2]}");
            Assert.Equal(words[3] == "counter" && !isOpen, words[2].EndsWith("_total", StringComparison.Ordinal));
            helped = null;
        }

        Assert.Null(helped);
        string[] suffixes = isOpen ? ["", "_total", "_bucket", "_sum", "_count"] : ["", "_bucket", "_sum", "_count"];
        Assert.All(figures.Names, name => Assert.Contains(suffixes, suffix => families.Keys.Any(family => name.Split('{')[0] == family + suffix)));
        Assert.Equal("histogram", families["aotserve_request_duration_seconds"]);
    }

    [Fact]
    public void Promtool_accepts_the_text_format()
    {
        using var server = ServerProcess.Serve(published.Binary, "--metrics", Path);
        Assert.Equal(200, Ask(server, "/"));
        using var client = new RawClient(server.Port);
        Assert.Equal((0, ""), Promtool(client.Get(Path).Text, "check", "metrics"));
    }

    [Fact]
    public void Promtool_accepts_OpenMetrics()
    {
        using var server = ServerProcess.Serve(published.Binary, "--metrics", Path);
        Assert.Equal(200, Ask(server, "/"));
        using var client = new RawClient(server.Port);

        // Only this subcommand reads OpenMetrics, and it wants a time with each sample.
        string page = string.Concat(client.Get(Path, Open).Text[..^1].Split('\n').Select(line => line + (line.StartsWith('#') ? "\n" : " 1700000000\n")));
        (int code, string errors) = Promtool("", "tsdb", "create-blocks-from", "openmetrics", _folder.Write("../page", page), _folder["../blocks"]);
        Assert.True(code == 0, errors);
        (code, _) = Promtool("", "tsdb", "create-blocks-from", "openmetrics", _folder.Write("../page", page.Replace("# EOF\n", "", StringComparison.Ordinal)), _folder["../blocks"]);
        Assert.NotEqual(0, code);
    }

    [Fact]
    public void Content_from_the_cache_and_content_that_was_read_are_told_apart()
    {
        _folder.Write("a.txt", "a");
        using var server = ServerProcess.Serve(published.Binary, _folder.Root, "--metrics", Path);
        var before = Figures.Of(server.Port);
        Assert.Equal(200, Ask(server, "/a.txt"));
        var first = Figures.Of(server.Port);
        Assert.Equal((before[Hits], before[Misses] + 1), (first[Hits], first[Misses]));
        Assert.True(first["cache_entries"] >= 1);
        Assert.True(first["cache_bytes"] > 0);

        // A file may have to settle before it is kept; from then on it is not read again.
        using var client = new RawClient(server.Port);
        Figures last = Eventually.Is(
            () =>
            {
                Assert.Equal("a", client.Get("/a.txt").Text);
                return Figures.Of(server.Port);
            },
            figures => figures[Hits] > before[Hits],
            "it comes from the cache");
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal("a", client.Get("/a.txt").Text);
        }

        var after = Figures.Of(server.Port);
        Assert.Equal((last[Hits] + 10, last[Misses]), (after[Hits], after[Misses]));
    }

    [Fact]
    public void Compressed_copies_are_counted_when_they_are_made()
    {
        string text = string.Concat(Enumerable.Repeat("the same again and again ", 4_000));
        File.SetLastWriteTimeUtc(_folder.Write("a.txt", text), DateTime.UtcNow.AddMinutes(-1));
        using var server = ServerProcess.Serve(published.Binary, _folder.Root, "--compress", "--metrics", Path);
        Assert.Equal(0, Figures.Of(server.Port)["compressions_total"]);
        using var client = new RawClient(server.Port);
        Answer coded = Eventually.Is(
            () => client.Get("/a.txt", "Accept-Encoding: br"), answer => answer["Content-Encoding"] == "br", "there is a compressed copy");
        var figures = Figures.Of(server.Port);
        Assert.Equal((1, coded.Body.Length), (figures["compressions_total"], figures["compressed_bytes_total"]));
    }

    [Theory]
    [Pollers]
    public void Who_sends_half_a_head_is_counted_by_what_was_waited_for(string poller)
    {
        using var server = ServerProcess.Serve(published.Binary, "--poller", poller, "--head-timeout", "1", "--metrics", Path);
        Assert.Equal(0, Figures.Of(server.Port)[HeadTimeouts]);
        foreach (string half in (string[])["GET / HT", "GET / HTTP/1.1\r\nHost: h\r\n"])
        {
            using var client = new RawClient(server.Port);
            client.Send(half);
            client.ReadToEnd();
        }

        Figures figures = Eventually.Is(() => Figures.Of(server.Port), page => page[HeadTimeouts] == 2, "both are counted");
        Assert.Equal(2, figures.Names.Where(name => name.StartsWith("aotserve_timeouts_total", StringComparison.Ordinal)).Sum(name => figures[name["aotserve_".Length..]]));
    }

    [Fact]
    public void Open_connections_are_shown_by_what_they_do()
    {
        using var server = ServerProcess.Serve(published.Binary, "--metrics", Path);
        using var idle = new RawClient(server.Port);
        Assert.Equal(200, idle.Get("/").Status);
        using var reading = new RawClient(server.Port);
        reading.Send("GET / HT");
        using var body = new RawClient(server.Port);
        body.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab");
        Eventually.Holds(
            () =>
            {
                var figures = Figures.Of(server.Port);
                return figures["connections{state=\"idle\"}"] >= 1 && figures["connections{state=\"reading_head\"}"] == 1
                    && figures["connections{state=\"reading_body\"}"] == 1 && figures["connections{state=\"responding\"}"] == 1;
            },
            "each is seen");
    }

    [Theory]
    [InlineData("GET", 200)]
    [InlineData("HEAD", 200)]
    [InlineData("OPTIONS", 204)]
    [InlineData("POST", 405)]
    [InlineData("DELETE", 405)]
    public void The_path_is_answered_before_a_file_of_that_name_and_only_read(string method, int status)
    {
        _folder.Write("metrics", "a file");
        using var server = ServerProcess.Serve(published.Binary, _folder.Root, "--metrics", Path);
        using var client = new RawClient(server.Port);
        Answer answer = client.Request(method, Path);
        Assert.Equal(status, answer.Status);
        Assert.Equal(status is 204 or 405 ? "GET, HEAD, OPTIONS" : null, answer["Allow"]);
        Assert.Equal(method == "GET", answer.Text.Contains("aotserve_requests_total", StringComparison.Ordinal));
        Assert.Equal(200, client.Get(Path + "?x=1").Status);
        Assert.Equal(404, client.Get(Path + "/").Status);
        Assert.Contains("aotserve_build_info", client.Get(Path).Text, StringComparison.Ordinal);
    }

    private const string Hits = "cache_requests_total{result=\"hit\"}";
    private const string Misses = "cache_requests_total{result=\"miss\"}";
    private const string HeadTimeouts = "timeouts_total{kind=\"head\"}";

    private static void AssertHistogram(Figures figures)
    {
        double[] buckets = [.. figures.Names.Where(name => name.Contains("_bucket{", StringComparison.Ordinal)).Select(name => figures[name["aotserve_".Length..]])];
        Assert.True(buckets.Length > 10);
        Assert.Equal(buckets.Order(), buckets);
        Assert.Equal(figures.Requests, buckets[^1]);
        Assert.Equal(figures.Requests, figures["request_duration_seconds_bucket{le=\"+Inf\"}"]);
        Assert.Equal(figures.Requests, figures["request_duration_seconds_count"]);
        Assert.True(figures["request_duration_seconds_sum"] > 0);
    }

    private static int Ask(ServerProcess server, string target)
    {
        using var client = new RawClient(server.Port);
        return client.Get(target).Status;
    }

    private static (int Code, string Errors) Promtool(string input, params string[] arguments)
    {
        Assert.SkipUnless(
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator).Any(folder => File.Exists(System.IO.Path.Combine(folder, "promtool"))),
            "promtool is not installed.");
        using Process process = Process.Start(new ProcessStartInfo("promtool", arguments) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.StandardOutput.ReadToEnd();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, errors);
    }
}
