using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>
/// What goes wrong is said in words. The binary has none of the runtime's texts, so an exception of the runtime would say the key of
/// its text, such as IO_PathNotFound_Path.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class ErrorWordsTests(PublishedServer published) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Paths with which something is wrong, as files, as folders and as sockets.</summary>
    public static TheoryData<string> BadPaths =>
    [
        "none", "none/at/all", "file", "file/beneath", "folder", "fifo", "loop", "loop/beneath", "dangling", "binary", "unreadable",
        "long-name", "long-path", "full", "memory-of-nobody", "line\nbreak", ".", "",
    ];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(BadPaths))]
    public void A_path_that_is_wrong_for_an_option(string bad)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The devices are Linux's.");
        string path = Make(bad);
        _folder.MakeFolder("site");
        _folder.MakeFolder("linked");
        File.SetUnixFileMode(Path.GetDirectoryName(_folder.Root)!, (UnixFileMode)0b111_101_101);
        (string site, string linked) = (_folder["site"], _folder["linked"]);
        if (bad is not ("" or "." or "long-path"))
        {
            _folder.Link("linked/_headers", path);
        }

        foreach (string[] arguments in (string[][])
            [
                [path],
                ["--vhost", $"h={path}"],
                [site, "--access-log", path],
                [site, "--mime", path],
                [site, "--bind", $"unix:{path}"],
                [site, "--admin", $"unix:{path}"],
                [site, "--user", path],
                [site, "--index", path],
                [linked],
                ["check", site, "--access-log", path],
                ["healthcheck", $"unix:{path}"],
                ["print", "systemd", path, "--access-log", path],
                .. PasswordsIn(site, bad, path),
            ])
        {
            AssertWords(Run(new ServerStart { Binary = published.Binary, Arguments = arguments, Shell = ShellFor(bad) }), bad, arguments);
        }

        // The service manager's socket: the server starts nevertheless.
        AssertWords(
            Run(new ServerStart
            {
                Binary = published.Binary,
                Arguments = ["--threads", "1"],
                Environment = new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path.Replace("\n", "", StringComparison.Ordinal) },
            }),
            bad,
            ["NOTIFY_SOCKET"]);
    }

    [Theory]
    [InlineData("no-file", "DirectoryNotFoundException: there is no such file or folder")]
    [InlineData("folder", "UnauthorizedAccessException: permission denied")]
    [InlineData("too-long", "PathTooLongException: the path is too long")]
    [InlineData("full", "IOException: No space left on device : '/dev/full'")]
    [InlineData("socket", "ArgumentOutOfRangeException: a fault of this program")]
    [InlineData("memory", "OutOfMemoryException: there is no memory left")]
    [InlineData("number", "FormatException: a fault of this program")]
    [InlineData("argument", "ArgumentOutOfRangeException: a fault of this program")]
    [InlineData("index", "IndexOutOfRangeException: a fault of this program")]
    [InlineData("cast", "InvalidCastException: a fault of this program")]
    [InlineData("null", "NullReferenceException: a fault of this program")]
    public void An_exception_of_the_runtime_while_a_request_is_answered(string cause, string words)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The devices are Linux's.");
        using var server = ServerProcess.Serve(new ServerStart
        {
            Binary = published.HooksBinary,
            Arguments = ["--port", "0", "--bind", "127.0.0.1", "--status", "/status", "--no-sandbox"],
            Environment = new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = "8000000" },
        });
        foreach (string path in (string[])["/__hooks/throw-as-runtime?" + cause, "/status"])
        {
            using var client = new RawClient(server.Port);
            Answer answer = client.Get(path);
            Assert.Equal(path == "/status" ? 200 : 500, answer.Status);
            Assert.DoesNotMatch(Key(), answer.Text);
        }

        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Equal($"aotserve: a request failed (GET /__hooks/throw-as-runtime?{cause}): {words}", Assert.Single(server.Stderr));
    }

    [Fact]
    public void Everything_that_a_server_uses_is_taken_away_while_it_serves()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Replacements and their signals are Linux's.");
        _folder.Write("site/index.html", "home");
        _folder.Write("site/_headers", "/*\n  X: y\n");
        _folder.Write("log/access.log", "");
        _folder.Write("users", $"ann:$pbkdf2-sha256$i=1000${new string('A', 22)}${new string('A', 43)}\n");
        string socket = _folder["socket/s"];
        _folder.MakeFolder("socket");
        using var server = ServerProcess.Serve(new ServerStart
        {
            Binary = published.Binary,
            Arguments =
            [
                _folder["site"], "--bind", $"unix:{socket}", "--port", "0", "--bind", "127.0.0.1", "--auth-file", _folder["users"],
                "--access-log", _folder["log/access.log"], "--replace-timeout", "1",
            ],
        });
        foreach (string gone in (string[])["site", "log", "socket"])
        {
            Directory.Delete(_folder[gone], recursive: true);
        }

        File.Delete(_folder["users"]);
        foreach (int signal in (int[])[Posix.SIGHUP, Posix.SIGUSR1, Posix.SIGUSR2])
        {
            int before = server.Stderr.Count;
            server.Signal(signal);
            using var client = new RawClient(server.Port);
            Assert.DoesNotMatch(Key(), client.Get("/").Text);
            Eventually.Holds(() => server.Stderr.Count > before, "it says what is missing");
        }

        server.Signal(Posix.SIGTERM);
        server.WaitForOutput();
        AssertWords([.. server.Stdout, .. server.Stderr], "all gone", ["", "0"]);
    }

    private static void AssertWords(IEnumerable<string> lines, string bad, string[] arguments) => Assert.All(lines, line =>
        Assert.False(
            Key().IsMatch(line) || line.Contains("Unhandled", StringComparison.Ordinal) || line.Contains("Exception", StringComparison.Ordinal),
            $"{bad}, {string.Join(' ', arguments)}: {line}"));

    [GeneratedRegex(@"\b(?!NOTIFY_|AOTSERVE_|DOTNET_|JOURNAL_)[A-Za-z]+_[A-Z][A-Za-z_]+|\bnet_[a-z_]+", RegexOptions.CultureInvariant)]
    private static partial Regex Key();

    /// <summary>Whether a file may be read matters to others than root only.</summary>
    private static string? ShellFor(string bad) => Environment.IsPrivilegedProcess && bad is ("unreadable" or "folder" or "memory-of-nobody")
        ? "exec setpriv --reuid 54321 --regid 54321 --clear-groups \"$0\" \"$@\""
        : null;

    /// <summary>Runs to the end, which for a server is soon, and gives what was printed.</summary>
    private static List<string> Run(ServerStart start)
    {
        bool listensAtPort = start.Arguments[0] is not ("check" or "healthcheck" or "print") && !start.Arguments.Contains("--bind");
        using var server = ServerProcess.Start(
            listensAtPort ? start with { Arguments = [.. start.Arguments, "--port", "0", "--bind", "127.0.0.1"] } : start);
        Eventually.Holds(() => server.HasExited || server.Stdout.Any(line => line.StartsWith("Serving ", StringComparison.Ordinal)), "it serves or has ended");
        if (!server.HasExited)
        {
            server.Signal(Posix.SIGTERM);
        }

        server.WaitForOutput();
        return [.. server.Stdout, .. server.Stderr];
    }

    /// <summary>A file of passwords may be a FIFO that somebody writes to, and is then waited for.</summary>
    private static string[][] PasswordsIn(string site, string bad, string path) =>
        bad == "fifo" ? [] : [[site, "--auth-file", path], ["check", path, "--auth-file", path]];

    private string Make(string bad)
    {
        switch (bad)
        {
            case "file":
            case "file/beneath":
                _folder.Write("../file", "neither rules nor passwords\n");
                break;
            case "binary":
                File.WriteAllBytes(_folder["../binary"], [0xFF, 0, 0xC3, 10, 0x80]);
                break;
            case "folder":
                _folder.MakeFolder("../folder");
                break;
            case "fifo":
                _folder.MakeFifo("../fifo");
                break;
            case "loop":
            case "loop/beneath":
                _folder.Link("../loop", "loop");
                break;
            case "dangling":
                _folder.Link("../dangling", "nothing");
                break;
            case "unreadable":
                File.SetUnixFileMode(_folder.Write("../unreadable", "x"), UnixFileMode.None);
                break;
            case "long-name":
                return _folder["../" + new string('a', 300)];
            case "long-path":
                return string.Concat(Enumerable.Repeat("/aaaaaaaaa", 500));
            case "full":
                return "/dev/full";
            case "memory-of-nobody":
                return "/proc/1/mem";
            case "":
                return "";
        }

        return _folder["../" + bad];
    }
}
