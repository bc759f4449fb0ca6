using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>
/// The log is renamed, and its server replaced, while clients ask as fast as they can: there are as many lines, each of them whole, as clients
/// had answers. And what other programs make of the log.
/// </summary>
[Collection(CrowdTests.Alone)]
[UnsupportedOSPlatform("windows")]
public sealed class AccessLogUnderLoadTests(PublishedServer published) : IDisposable
{
    private const int KeepAlive = 8;
    private const int Fresh = 4;

    private static readonly string Small = new('s', 3_000);
    private static readonly string Large = new('l', 400_000);

    private readonly TemporaryFolder _folder = new();

    private string Log => _folder["../log/access.log"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("combined")]
    [InlineData("json")]
    public void Renames_lose_and_double_no_line(string format)
    {
        const int Renames = 6;
        using ServerProcess server = Serve("--log-format", format);
        using LoadClients load = Load(server.Port);
        for (int i = 0; i < Renames; i++)
        {
            AwaitAnswers(load);
            File.Move(Log, $"{Log}.{i}");
            server.Signal(Posix.SIGUSR1);
            Eventually.Holds(() => File.Exists(Log), "the file was made anew");
        }

        AwaitAnswers(load);
        load.Stop();
        Assert.Empty(load.Failures);
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Empty(server.Stderr);
        Assert.Equal(Renames + 1, Directory.GetFiles(_folder["../log"]).Length);
        AssertLines(load.Answers, format);
    }

    [Fact]
    public void A_replaced_server_hands_over_without_a_lost_or_a_doubled_line()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Servers are replaced on Linux only.");
        const int Replacements = 4;
        _folder.MakeFolder("../log");
        using var server = new ReplaceableServer(published.Binary, "www", "--access-log", Log);
        using LoadClients load = Load(server.Port, isStopTested: true);
        for (int i = 0; i < Replacements; i++)
        {
            AwaitAnswers(load);
            server.Replace();
        }

        // The successor, which lives within the walls of the first, makes it anew, too.
        AwaitAnswers(load);
        File.Move(Log, Log + ".1");
        Posix.Kill(server.Pid, Posix.SIGUSR1);
        Eventually.Holds(() => File.Exists(Log), "the file was made anew");
        AwaitAnswers(load);
        load.Stop();
        Assert.Empty(load.Failures);
        server.Stop();
        Assert.Empty(server.Process.Stderr);
        Assert.Equal(Replacements + 1, server.Process.ServingPids.Count);
        AssertLines(load.Answers, "combined");
    }

    [Fact]
    public void GoAccess_reads_every_line_of_a_mixed_run()
    {
        string goAccess = Find("goaccess");
        _folder.WriteRandom("large.bin", 40_000_000);
        string users = SignIn.WriteUsers(_folder, "../users");
        File.WriteAllText(users, File.ReadAllText(users).Replace("ann:", "ann \"b:", StringComparison.Ordinal));
        using ServerProcess server = Serve("--head-timeout", "1", "--trusted-proxy", "127.0.0.1", "--auth-file", users);
        string[] requests =
        [
            "GET /small.txt HTTP/1.1\r\nHost: h\r\n\r\n", "HEAD /small.txt HTTP/1.0\r\n\r\n", "BREW / HTTP/1.1\r\nHost: h\r\n\r\n",
            "GET /a%20b?x=%22 HTTP/1.1\r\nHost: h\r\nReferer: http://r/\"\r\nUser-Agent: Mozilla/5.0 (\"x\\\") \u00ff\r\n\r\n",
            "GET /small.txt HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 2001:db8::7\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n",
            "GET http://h/small.txt HTTP/1.1\r\nHost: h\r\n\r\n", "GET /small.txt HTTP/1.1\r\nHost: h\r\nRange: bytes=1-2\r\n\r\n",
            "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n", "GET /\u001b\" HTTP/1.1\r\nHost: h\r\n\r\n", "\r\n\r\n \r\n", "GET /half",
            "GET /" + new string('"', 1_800) + " HTTP/1.1\r\nHost: h\r\n\r\n", // GoAccess takes a line of 4,096 bytes for two.
            "CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\n\r\n",
        ];
        string signedIn = SignIn.Credentials("ann \"b", "sécret") + "\r\n\r\n";
        foreach (string request in requests.Concat(requests.Select(request => request.Replace("\r\n\r\n", "\r\n" + signedIn, StringComparison.Ordinal))))
        {
            using var client = new RawClient(server.Port);
            client.Send(request);
            client.ReadHead();
        }

        using (var client = new RawClient(server.Port, receiveBuffer: 16_384))
        {
            client.SendRequest("GET", "/large.bin", SignIn.Credentials("ann \"b", "sécret"));
            client.ReadHead();
            client.Abort();
        }

        int count = (2 * requests.Length) + 1;
        LogLine.Await(Log, count);
        Run(goAccess, Log, "--log-format=COMBINED", "--no-global-config", "-o", _folder["report.json"]);
        JsonElement general = JsonDocument.Parse(File.ReadAllText(_folder["report.json"])).RootElement.GetProperty("general");
        Assert.Equal((0, count), (general.GetProperty("failed_requests").GetInt32(), general.GetProperty("valid_requests").GetInt32()));
    }

    [Fact]
    public void Logrotate_loses_no_line()
    {
        string logRotate = Find("logrotate");
        const int Rotations = 4;
        using ServerProcess server = Serve();
        string configuration = _folder.Write("rotate.conf", $$"""
            {{Log}} {
                rotate 20
                nocreate
                postrotate
                    kill -USR1 {{server.Pid}}
                endscript
            }

            """);
        File.SetUnixFileMode(configuration, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using LoadClients load = Load(server.Port);
        for (int i = 0; i < Rotations; i++)
        {
            AwaitAnswers(load);
            Eventually.Holds(() => LogLine.Of(Log).Count > 0, "there is something to rotate");
            Run(logRotate, "-f", "-s", _folder["rotate.state"], configuration);
            Eventually.Holds(() => File.Exists(Log), "the file was made anew");
        }

        AwaitAnswers(load);
        load.Stop();
        Assert.Empty(load.Failures);
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Equal(Rotations + 1, Directory.GetFiles(_folder["../log"]).Length);
        AssertLines(load.Answers, "combined");
    }

    private static LoadClients Load(int port, bool isStopTested = false) => new(
        port,
        [("/small.txt", Encoding.ASCII.GetBytes(Small)), ("/small.txt", Encoding.ASCII.GetBytes(Small)), ("/large.txt", Encoding.ASCII.GetBytes(Large))],
        KeepAlive,
        Fresh,
        isStopTested: isStopTested);

    /// <summary>Waits until every client is likely to have been answered since.</summary>
    private static void AwaitAnswers(LoadClients load)
    {
        long before = load.Answers;
        Eventually.Holds(() => load.Answers > before + (50 * (KeepAlive + Fresh)), "clients are answered");
    }

    private static string Find(string program)
    {
        string? path = new[] { "/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/", "/usr/local/bin/" }.Select(folder => folder + program).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"There is no {program} here.");
        return path;
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
    }

    /// <summary>All files together have a whole line for each answer.</summary>
    private void AssertLines(long answers, string format)
    {
        IReadOnlyList<string> lines = [.. Directory.GetFiles(_folder["../log"]).SelectMany(LogLine.Of)];
        Assert.Equal(answers, lines.Count);
        Assert.All(lines, line =>
        {
            if (format == "json")
            {
                JsonElement read = JsonDocument.Parse(line).RootElement;
                Assert.Equal(
                    (200, read.GetProperty("url.path").GetString() == "/small.txt" ? Small.Length : Large.Length, false),
                    (read.GetProperty("http.response.status_code").GetInt32(), read.GetProperty("http.response.body.size").GetInt32(), read.TryGetProperty("error.type", out _)));
                return;
            }

            var parsed = LogLine.Parse(line);
            Assert.Equal((200, parsed.Request == "GET /small.txt HTTP/1.1" ? Small.Length : Large.Length, false), (parsed.Status, parsed.Bytes, parsed.IsAborted));
        });
    }

    private ServerProcess Serve(params string[] arguments)
    {
        _folder.MakeFolder("../log");
        _folder.Write("small.txt", Small);
        _folder.Write("large.txt", Large);
        return ServerProcess.Serve(published.Binary, [_folder.Root, "--access-log", Log, .. arguments]);
    }
}
