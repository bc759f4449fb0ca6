using System;
using System.Collections.Generic;
using System.Linq;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>What somebody sees who starts it for the first time, and what supervisors do with it.</summary>
public sealed class OperatorTests(PublishedServer published) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_lines_of_start_and_stop_say_how_long_they_took_and_a_folder_without_a_page_is_named_once()
    {
        _folder.Write("a.txt", "a");
        using var server = ServerProcess.Serve(published.Binary, _folder.Root, "--threads", "9");
        Assert.Matches(@", 9 threads, ready in \d+\.\d ms, pid \d+$", server.ReadyLine);
        string hint = $"{_folder.Root} has no index.html, so that / answers 404; --listing would list its files";
        server.AwaitLine(line => line == hint);
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Single(server.Stdout, line => line == hint);
        Assert.Equal("Shutting down workers 0 to 8", Assert.Single(server.Stdout, line => line.StartsWith("Shutting", StringComparison.Ordinal)));
        Assert.Matches(@"; the stop took \d+\.\d ms$", server.Stdout[^1]);

        using ServerProcess check = Start("check", _folder.Root);
        Assert.Equal(0, check.WaitForOutput());
        Assert.Contains(check.Stdout, line => line.Contains(hint, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--listing")]
    [InlineData("--index", "a.txt")]
    public void A_folder_that_answers_is_not_named(params string[] arguments)
    {
        _folder.Write("a.txt", "a");
        using var server = ServerProcess.Serve(published.Binary, [_folder.Root, .. arguments]);
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.DoesNotContain(server.Stdout, line => line.Contains("would list", StringComparison.Ordinal));
    }

    [Fact]
    public void SIGUSR1_never_ends_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        int user1 = OperatingSystem.IsLinux() ? 10 : 30;
        using var server = ServerProcess.Serve(published.Binary);
        using var client = new RawClient(server.Port);
        for (int i = 0; i < 5; i++)
        {
            server.Signal(user1);
            Assert.Equal(200, client.Get("/").Status);
        }

        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Empty(server.Stderr);
    }

    [Fact]
    public void A_health_check_ends_with_0_or_1_and_says_why()
    {
        using var server = ServerProcess.Serve(published.Binary, "--health", "/healthz");
        foreach ((string url, int code, string? why) in ((string, int, string?)[])[
            ($"http://127.0.0.1:{server.Port}/healthz", 0, null), ($"http://localhost:{server.Port}/healthz", 0, null),
            ($"http://127.0.0.1:{server.Port}/none", 1, "the answer is 404")])
        {
            using ServerProcess check = Start("healthcheck", url);
            Assert.Equal(code, check.WaitForOutput());
            Assert.Equal(why is null ? [] : [$"aotserve: {url}: {why}"], check.Stderr);
            Assert.Empty(check.Stdout);
        }

        using (var byVariables = ServerProcess.Start(new ServerStart
        {
            Binary = published.Binary,
            Arguments = ["healthcheck"],
            Environment = new Dictionary<string, string> { ["AOTSERVE_PORT"] = $"{server.Port}", ["AOTSERVE_HEALTH"] = "/healthz" },
        }))
        {
            Assert.Equal(0, byVariables.WaitForOutput());
        }

        int port = server.Port;
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForExit());
        using ServerProcess refused = Start("healthcheck", $"http://127.0.0.1:{port}/");
        Assert.Equal(1, refused.WaitForOutput());
        Assert.Equal([$"aotserve: http://127.0.0.1:{port}/: nobody listens there"], refused.Stderr);
        using ServerProcess wrong = Start("healthcheck", "https://127.0.0.1/");
        Assert.Equal(2, wrong.WaitForOutput());
    }

    [Fact]
    public void The_variables_of_a_Kubernetes_service_do_not_prevent_a_start_and_a_misspelt_one_is_named()
    {
        using var server = ServerProcess.Serve(new ServerStart
        {
            Binary = published.Binary,
            Arguments = ["--bind", "127.0.0.1", "--port", "0"],
            Environment = new Dictionary<string, string>
            {
                ["AOTSERVE_PORT_7878_TCP"] = "tcp://10.0.0.1:7878",
                ["AOTSERVE_SERVICE_HOST"] = "10.0.0.1",
                ["AOTSERVE_THREADS"] = "tcp://10.0.0.1:7878",
                ["AOTSERVE_HAELTH"] = "/x",
            },
        });
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Equal(2, server.Stderr.Count);
        Assert.Contains("AOTSERVE_THREADS is passed over", server.Stderr[0], StringComparison.Ordinal);
        Assert.EndsWith("did you mean AOTSERVE_HEALTH?", server.Stderr[1], StringComparison.Ordinal);
    }

    [Fact]
    public void The_welcome_page_names_the_address_that_it_came_from()
    {
        using var server = ServerProcess.Serve(published.Binary);
        using var client = new RawClient(server.Port);
        client.Send($"GET / HTTP/1.1\r\nHost: box.example:{server.Port}\r\n\r\n");
        Answer page = client.Read();
        Assert.Contains($"curl -d hello box.example:{server.Port}<", page.Text, StringComparison.Ordinal);
        Assert.Equal(304, client.Get("/", $"If-None-Match: {client.Get("/")["ETag"]}").Status);
        Assert.Equal(412, client.Get("/", "If-Match: \"x\"").Status);
    }

    [Fact]
    public void As_process_1_it_reaps_what_it_did_not_start()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "A namespace of process ids takes root.");
        using var server = ServerProcess.Start(new ServerStart
        {
            Binary = "unshare",
            Arguments = ["--fork", "--pid", "--kill-child", "sh", "-c", $"(sleep 1; (sleep 1 &) ) & exec '{published.Binary}' --port 0 --bind 127.0.0.1"],
        });
        server.AwaitLine(line => line.StartsWith("Serving", StringComparison.Ordinal));
        int process1 = Assert.Single(Proc.Children(server.Pid));
        Eventually.Holds(() => Proc.Children(process1).Any(), "an orphan belongs to the server");
        Eventually.Holds(() => !Proc.Children(process1).Any(), "nothing of it is left");
    }

    private ServerProcess Start(params string[] arguments) =>
        ServerProcess.Start(new ServerStart { Binary = published.Binary, Arguments = arguments });
}
