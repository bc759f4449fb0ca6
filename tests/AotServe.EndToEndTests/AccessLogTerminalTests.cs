using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>The log for eyes, and <c>--dev</c>, which turns it on together with what else a project folder needs.</summary>
public sealed class AccessLogTerminalTests(PublishedServer published) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", false, @"^\d\d:\d\d:\d\d GET /none 404 \d+ B \d+\.\d ms$")]
    [InlineData("1", false, @"^\d\d:\d\d:\d\d GET /none 404 \d+ B \d+\.\d ms$")]
    [InlineData("", true, "^127\\.0\\.0\\.1 - - .* \"GET /none HTTP/1.1\" 404 \\d+ \"-\" \"-\"$")]
    public void On_a_terminal_a_line_is_for_eyes_unless_a_format_is_asked_for(string noColour, bool isFormatGiven, string pattern)
    {
        bool found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "script")));
        Assert.SkipUnless(OperatingSystem.IsLinux() && found, "There is no script(1) to make a terminal.");
        using var server = ServerProcess.Serve(new ServerStart
        {
            Binary = "script",
            Arguments =
            [
                "-qec", $"exec '{published.Binary}' --port 0 --bind 127.0.0.1 --access-log - {(isFormatGiven ? "--log-format combined" : "")}", "/dev/null",
            ],
            Environment = new Dictionary<string, string> { ["NO_COLOR"] = noColour },
        });
        try
        {
            using var client = new RawClient(server.Port);
            client.Get("/none");
            server.AwaitLine(line => line.Contains("GET /none", StringComparison.Ordinal));
            string line = server.Stdout.Single(line => line.Contains("GET /none", StringComparison.Ordinal));
            bool isColoured = noColour.Length == 0 && !isFormatGiven;
            Assert.Equal(isColoured, line.Contains(" \u001b[33m404\u001b[0m ", StringComparison.Ordinal));
            Assert.Matches(
                pattern,
                line.Replace("\u001b[33m", "", StringComparison.Ordinal).Replace("\u001b[0m", "", StringComparison.Ordinal));
        }
        finally
        {
            server.Signal(Posix.SIGKILL);
        }
    }

    [Fact]
    public void Dev_lists_folders_keeps_nothing_logs_and_says_so()
    {
        _folder.Write("a.txt", "first");
        using var server = ServerProcess.Serve(new ServerStart { Binary = published.Binary, Arguments = ["--dev", "--port", "0", _folder.Root] });
        Assert.Contains(" on http://127.0.0.1:", server.ReadyLine, StringComparison.Ordinal);
        server.AwaitLine(line => line.StartsWith("--dev: ", StringComparison.Ordinal));
        using var client = new RawClient(server.Port);
        Assert.Contains("a.txt", client.Get("/").Text, StringComparison.Ordinal);
        for (int i = 0; i < 5; i++)
        {
            // Written in place, within one tick of the clock: what is kept would be seen.
            _folder.Write("a.txt", $"edit {i}");
            Answer answer = client.Get("/a.txt");
            Assert.Equal(($"edit {i}", "no-store"), (answer.Text, answer["Cache-Control"]));
        }

        client.Dispose();
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Equal(
            ["GET / HTTP/1.1", .. Enumerable.Repeat("GET /a.txt HTTP/1.1", 5)],
            server.Stdout.Where(line => line.StartsWith("127.0.0.1 - ", StringComparison.Ordinal)).Select(line => LogLine.Parse(line).Request)
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Dev_is_out_of_reach_of_other_machines()
    {
        IPAddress? own = NetworkInterface.GetAllNetworkInterfaces().SelectMany(card => card.GetIPProperties().UnicastAddresses)
            .Select(address => address.Address).FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));
        Assert.SkipWhen(own is null, "This machine has no address but that of itself.");
        using var server = ServerProcess.Serve(new ServerStart { Binary = published.Binary, Arguments = ["--dev", "--port", "0"] });

        Assert.Equal(SocketError.ConnectionRefused, Assert.Throws<SocketException>(() => new RawClient(server.Port, own)).SocketErrorCode);
    }

    [Fact]
    public void What_is_given_beside_dev_wins()
    {
        _folder.Write("a.css", "x");
        _folder.Write("a.txt", "x");
        string log = _folder["../access.log"];
        using var server = ServerProcess.Serve(
            published.Binary, "--dev", _folder.Root, "--access-log", log, "--log-format", "json", "--cache-control", "*.css=max-age=60");
        using var client = new RawClient(server.Port);
        Assert.Equal("max-age=60", client.Get("/a.css")["Cache-Control"]);
        Assert.Equal("no-store", client.Get("/a.txt")["Cache-Control"]);

        Assert.All(LogLine.Await(log, 2), line => Assert.StartsWith("{", line, StringComparison.Ordinal));
        Assert.DoesNotContain(server.Stdout, line => line.Contains("GET ", StringComparison.Ordinal));
    }
}
