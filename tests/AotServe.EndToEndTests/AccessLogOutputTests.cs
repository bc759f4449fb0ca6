using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>
/// Where the access log goes: whatever becomes of its file, all requests are answered and the stop ends; and no more of the file system is open
/// for it than its folder.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class AccessLogOutputTests(PublishedServer published) : IDisposable
{
    private const string AccessDenied = "13";
    private const string Somebody = "65534:65534";

    private readonly TemporaryFolder _folder = new();

    private string Log => _folder["../log/access.log"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_stop_writes_all_lines_before_its_summary()
    {
        using var server = ServerProcess.Serve(published.Binary, "--access-log", "-");
        using var client = new RawClient(server.Port);
        for (int i = 0; i < 300; i++)
        {
            client.Get($"/{i}");
        }

        client.Dispose();
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.StartsWith("Stopped (SIGTERM): answered 300 requests", server.Stdout[^1], StringComparison.Ordinal);

        // A connection goes from worker to worker, so its lines come in any order.
        Assert.Equal(
            Enumerable.Range(0, 300).Select(i => $"GET /{i} HTTP/1.1").Order(StringComparer.Ordinal),
            server.Stdout.Where(line => line.StartsWith("127.0.0.1 - ", StringComparison.Ordinal)).Select(line => LogLine.Parse(line).Request)
                .Order(StringComparer.Ordinal));
        Assert.Empty(server.Stderr);
    }

    [Theory]
    [InlineData("full", "no space left on device")]
    [InlineData("fifo", "nobody reads from it")]
    public void An_output_that_takes_nothing_is_reported_once_and_holds_nobody_up(string what, string says)
    {
        _folder.MakeFolder("../log");
        if (what == "full")
        {
            Assert.SkipUnless(File.Exists("/dev/full"), "This system has no /dev/full.");
            _folder.Link("../log/access.log", "/dev/full");
        }
        else
        {
            _folder.MakeFifo("../log/access.log");
        }

        using ServerProcess server = Serve("--no-sandbox");
        AssertAnswers(server, 50);
        server.AwaitLine(line => line.Contains(says, StringComparison.OrdinalIgnoreCase));
        server.Signal(Posix.SIGUSR1); // It is tried again.
        AssertAnswers(server, 50);
        server.Signal(Posix.SIGTERM);

        Assert.Equal(0, server.WaitForOutput());
        Assert.Single(server.Stderr, line => line.Contains("takes no lines", StringComparison.Ordinal));
        Assert.Single(server.Stderr, line => line.Contains("bytes were left", StringComparison.Ordinal));
    }

    [Fact]
    public void A_fifo_whose_reader_comes_late_has_every_line()
    {
        _folder.MakeFolder("../log");
        _folder.MakeFifo("../log/access.log");
        using ServerProcess server = Serve();
        AssertAnswers(server, 20);
        server.AwaitLine(line => line.Contains("nobody reads from it", StringComparison.Ordinal));

        // Opened for both, so that the open does not wait.
        using var stream = new FileStream(Log, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("GET / HTTP/1.1", LogLine.Parse(reader.ReadLine()!).Request);
        }

        server.AwaitLine(line => line.EndsWith("takes lines again", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_is_deleted_is_made_anew_when_asked()
    {
        using ServerProcess server = Serve();
        AssertAnswers(server, 10);
        LogLine.Await(Log, 10);
        File.Delete(Log);
        AssertAnswers(server, 10);
        Assert.False(File.Exists(Log));

        server.Signal(Posix.SIGUSR1);
        Eventually.Holds(() => File.Exists(Log), "the file was made anew");
        AssertAnswers(server, 5);
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.InRange(LogLine.Of(Log).Count, 5, 6); // The client has its last answer of before a moment earlier than the log has the line.
        Assert.Empty(server.Stderr);
    }

    [Fact]
    public void A_pipe_on_stdout_whose_reader_stops_costs_lines_that_are_counted_and_nothing_else()
    {
        const int Requests = 600;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var server = ServerProcess.Start(new ServerStart
        {
            Binary = published.Binary,
            Arguments = ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--threads", "1", "--access-log", "-"],
            Shell = $"exec \"$0\" \"$@\" 2>'{_folder["stderr"]}'",
            ReadOutput = false,
        });
        Eventually.Listens(port);
        using (var client = new RawClient(port))
        {
            // Each line has 4 KB: more than the pipe and the ring together have room for.
            for (int i = 0; i < Requests; i++)
            {
                Assert.Equal(404, client.Get("/" + new string('x', 4_000)).Status);
            }
        }

        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForExit());
        string[] stderr = File.ReadAllLines(_folder["stderr"]);
        Assert.Single(stderr, line => line.Contains("stdout takes no lines", StringComparison.Ordinal));
        int dropped = stderr.Where(line => line.Contains(" lines dropped: ", StringComparison.Ordinal))
            .Sum(line => int.Parse(line.Split("access log: ")[1].Split(' ')[0], CultureInfo.InvariantCulture));
        Assert.InRange(dropped, Requests - ((512 + 64) / 4) - 1, Requests - 1);
    }

    [Fact]
    public void Within_the_walls_the_log_can_be_made_anew_and_nothing_else_be_touched()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Posix.LandlockVersion() > 0, "This kernel has no Landlock.");
        using var other = new TemporaryFolder(); // What lies beside a served folder may be read, for deploys.
        string log = other["access.log"];
        using var server = ServerProcess.Serve(published.HooksBinary, _folder.Root, "--access-log", log);
        string outside = _folder.Write("../outside.txt", "x");
        for (int i = 0; i < 3; i++)
        {
            AssertAnswers(server, 4);
            LogLine.Await(log, 4);
            File.Move(log, $"{log}.{i}");
            server.Signal(Posix.SIGUSR1);
            Eventually.Holds(() => File.Exists(log), "the file was made anew");
        }

        string[] attempts =
            ["write=" + outside, "write=" + _folder["../new.txt"], "write=" + _folder["new.txt"], "write=" + other["../new.txt"], "read=" + log];
        attempts = [.. attempts, .. attempts.Select(attempt => "!" + attempt)];
        Assert.All(attempts, attempt => Assert.Equal((attempt, AccessDenied), (attempt, Try(server, attempt))));
        Assert.Equal("0", Try(server, "write=" + other["another.log"])); // As the log itself.
        Assert.All(
            Directory.GetFiles(other.Root, "access.log*"),
            file => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(file) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)));
    }

    [Fact]
    public void The_user_to_be_owns_the_log_and_can_make_it_anew_where_only_that_user_may()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Posix.UserId == 0, "Only root can become another user.");
        _folder.MakeFolder("../log");
        File.SetUnixFileMode(_folder["../log"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Run("chown", Somebody, _folder["../log"]);
        using ServerProcess server = Serve("--user", Somebody);
        AssertAnswers(server, 3);
        LogLine.Await(Log, 3);
        Assert.Equal(Somebody, Run("stat", "-c", "%u:%g", Log));

        File.Move(Log, Log + ".1");
        server.Signal(Posix.SIGUSR1);
        Eventually.Holds(() => File.Exists(Log), "the file was made anew");
        AssertAnswers(server, 2);
        LogLine.Await(Log, 2);
        Assert.Equal(Somebody, Run("stat", "-c", "%u:%g", Log));
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Empty(server.Stderr);
    }

    [Fact]
    public void A_log_in_a_served_folder_is_an_error_of_the_command_line()
    {
        _folder.MakeFolder("sub");
        _folder.Link("../link", "root");
        AssertRefused(2, "which is served; put it elsewhere", _folder.Root, "--access-log", _folder["sub/access.log"]);
        AssertRefused(2, "which is served; put it elsewhere", _folder.Root, "--access-log", _folder["../link/access.log"]);
        AssertRefused(2, "which is served; put it elsewhere", "--vhost", "h.test=" + _folder.Root, "--access-log", _folder["access.log"]);
        AssertRefused(2, "cannot be written to", "--access-log", "/proc/self/access.log");
        Assert.Equal(["sub"], Directory.GetFileSystemEntries(_folder.Root).Select(Path.GetFileName));
    }

    [Fact]
    public void A_start_that_fails_after_the_log_was_opened_says_one_thing()
    {
        using var first = ServerProcess.Serve(published.Binary);
        string port = first.Port.ToString(CultureInfo.InvariantCulture);
        _folder.MakeFolder("../log");
        AssertRefused(1, "cannot listen", "--port", port, "--access-log", Log);
    }

    [Fact]
    public void Without_a_log_SIGUSR1_does_nothing()
    {
        using var server = ServerProcess.Serve(published.Binary);
        server.Signal(Posix.SIGUSR1);
        AssertAnswers(server, 3);
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Empty(server.Stderr);
    }

    private static void AssertAnswers(ServerProcess server, int count)
    {
        using var client = new RawClient(server.Port);
        for (int i = 0; i < count; i++)
        {
            client.Get("/");
        }
    }

    private static string Try(ServerProcess server, string attempt)
    {
        using var client = new RawClient(server.Port);
        return client.Get("/__hooks/try?" + attempt).Text;
    }

    private static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.TrimEnd();
    }

    private void AssertRefused(int code, string says, params string[] arguments)
    {
        string[] port = arguments.Contains("--port") ? [] : ["--port", "0"];
        using var server = ServerProcess.Start(new ServerStart { Binary = published.Binary, Arguments = ["--bind", "127.0.0.1", .. port, .. arguments] });
        Assert.Equal(code, server.WaitForOutput());
        Assert.Empty(server.Stdout);
        Assert.Contains(says, Assert.Single(server.Stderr), StringComparison.Ordinal);
    }

    private ServerProcess Serve(params string[] arguments)
    {
        _folder.MakeFolder("../log");
        return ServerProcess.Serve(published.Binary, [_folder.Root, "--access-log", Log, .. arguments]);
    }
}
