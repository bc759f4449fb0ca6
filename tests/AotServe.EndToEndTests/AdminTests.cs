using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary><c>--admin</c>: the operators' pages are on a socket of their own, which is opened, handed over and closed with those of the site.</summary>
public sealed class AdminTests(PublishedServer published) : IDisposable
{
    private const string Anywhere = "127.0.0.1:0";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--poller", "epoll")]
    [InlineData("--poller", "select")]
    [InlineData("--no-sandbox")]
    [InlineData("--health", "/healthz")]
    [InlineData("--metrics", "/metrics", "--status", "/status", "--health", "/healthz")]
    public void All_pages_are_there_and_none_is_on_the_port_of_the_site(params string[] arguments)
    {
        _folder.Write("a.txt", "a");
        using var server = ServerProcess.Serve(published.Binary, [_folder.Root, "--admin", Anywhere, .. arguments]);
        using var admin = new RawClient(PortOf(server));
        AssertPages(admin);
        Assert.Equal(404, admin.Get("/a.txt").Status);
        Assert.Equal(404, admin.Get("/none").Status);
        Assert.Equal(405, admin.Request("POST", "/metrics").Status);

        using var client = new RawClient(server.Port);
        Assert.Equal("a", client.Get("/a.txt").Text);
        foreach (string page in (string[])["/status", "/metrics", "/healthz", "/"])
        {
            Assert.Equal(404, client.Get(page).Status);
        }
    }

    [Fact]
    public void Paths_of_their_own_take_the_place_of_the_usual_ones()
    {
        using var server = ServerProcess.Serve(published.Binary, "--admin", Anywhere, "--metrics", "/m", "--status", "/s/", "--health", "/h");
        using var admin = new RawClient(PortOf(server));
        Assert.StartsWith("# HELP", admin.Get("/m").Text, StringComparison.Ordinal);
        Assert.Contains("<title>Status of", admin.Get("/s/").Text, StringComparison.Ordinal);
        Assert.Contains("<title>Status of", admin.Get("/").Text, StringComparison.Ordinal);
        Assert.Equal("ok\n", admin.Get("/h").Text);
        foreach (string page in (string[])["/status", "/metrics", "/healthz", "/s"])
        {
            Assert.Equal(404, admin.Get(page).Status);
        }
    }

    [Fact]
    public void Whoever_reaches_it_may_ask_for_it_is_open_to_no_one_else()
    {
        using var server = ServerProcess.Serve(published.Binary, "--admin", Anywhere);
        using var admin = new RawClient(PortOf(server));
        Assert.Equal(200, admin.Get("/metrics", "X-Forwarded-For: 198.51.100.7").Status);
        Assert.Equal(200, admin.Get("/", "Via: 1.1 proxy").Status);
    }

    [Fact]
    public void Its_health_answer_says_503_while_the_site_drains()
    {
        using var server = ServerProcess.Serve(published.Binary, "--admin", Anywhere, "--drain-delay", "3600");
        int port = PortOf(server);
        server.Signal(Posix.SIGTERM);
        Eventually.Holds(
            () =>
            {
                using var admin = new RawClient(port);
                return admin.Get("/healthz").Status == 503;
            },
            "the health answer says so");
        using var client = new RawClient(server.Port);
        Assert.Equal(200, client.Get("/").Status);
    }

    [Fact]
    public void Requests_of_both_sockets_are_counted()
    {
        using var server = ServerProcess.Serve(published.Binary, "--admin", Anywhere);
        using var client = new RawClient(server.Port);
        using var admin = new RawClient(PortOf(server));
        Assert.Equal(404, client.Get("/none").Status);
        Assert.Equal(404, admin.Get("/none").Status);
        Eventually.Holds(() => new Figures(admin.Get("/metrics").Text).RequestsOf("GET", 404) == 2, "both are counted");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Over_a_Unix_socket_it_is_there_until_the_stop_which_removes_its_file(bool isSandboxed)
    {
        SkipOnWindows();
        string path = _folder["../admin.sock"];
        string[] arguments = isSandboxed ? [] : ["--no-sandbox"];
        using var server = ServerProcess.Serve(published.Binary, [_folder.Root, "--admin", $"unix:{path}", .. arguments]);
        server.AwaitLine(line => line == $"Status, metrics and health on unix:{Path.GetFullPath(path)}");
        using (var admin = new RawClient(path))
        {
            AssertPages(admin);
        }

        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.False(File.Exists(path));
        Assert.Empty(server.Stderr);
    }

    [Fact]
    public void An_address_in_use_prevents_the_start_and_leaves_nothing_behind()
    {
        SkipOnWindows();
        string path = _folder["../http.sock"];
        string taken = _folder["../admin.sock"];
        using var first = ServerProcess.Serve(published.Binary, "--admin", Anywhere);
        using var other = ServerProcess.Serve(published.Binary, "--admin", $"unix:{taken}");
        foreach (string address in (string[])[$"127.0.0.1:{PortOf(first)}", $"unix:{taken}"])
        {
            using ServerProcess second = Start("--port", "0", "--bind", "127.0.0.1", "--bind", $"unix:{path}", "--admin", address);
            Assert.Equal(1, second.WaitForOutput());
            string line = Assert.Single(second.Stderr);
            Assert.StartsWith($"aotserve: cannot listen on {address.Replace(taken, Path.GetFullPath(taken), StringComparison.Ordinal)}: ", line, StringComparison.Ordinal);
            Assert.Contains(" with --admin", line, StringComparison.Ordinal);
            Assert.DoesNotContain("--port", line, StringComparison.Ordinal);
            Assert.DoesNotContain("--bind", line, StringComparison.Ordinal);
            Assert.Empty(second.Stdout);
            Assert.False(File.Exists(path));
        }

        using var admin = new RawClient(PortOf(first));
        AssertPages(admin);
        using var still = new RawClient(taken);
        AssertPages(still);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost:9090")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("unix:")]
    public void A_value_that_is_none_is_an_error_of_the_command_line(string value)
    {
        using ServerProcess server = Start("--admin", value);
        Assert.Equal(2, server.WaitForOutput());
        Assert.StartsWith($"aotserve: --admin: '{value}' ", Assert.Single(server.Stderr), StringComparison.Ordinal);
        Assert.Empty(server.Stdout);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_successor_has_it_and_the_sockets_of_the_site(bool isUnix)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Servers are replaced on Linux only.");
        string site = _folder["../http.sock"];
        string path = _folder["../admin.sock"];
        using var server = new ReplaceableServer(
            published.Binary, "www", "--bind", $"unix:{site}", "--admin", isUnix ? $"unix:{path}" : Anywhere);
        int port = isUnix ? 0 : PortOf(server.Process);
        for (int round = 0; round < 3; round++)
        {
            using (RawClient admin = isUnix ? new RawClient(path) : new RawClient(port))
            {
                AssertPages(admin);
                Assert.Equal(round > 0 ? 1 : 0, new Figures(admin.Get("/metrics").Text)["is_successor"]);
                Assert.Equal(404, admin.Get("/small.txt").Status);
            }

            foreach (RawClient client in (RawClient[])[new RawClient(server.Port), new RawClient(site)])
            {
                Assert.Equal(3_000, client.Get("/small.txt").Body.Length);
                Assert.Equal(404, client.Get("/metrics").Status);
                client.Dispose();
            }

            if (round < 2)
            {
                server.Replace();
            }
        }

        Assert.Equal(3, server.Process.Stdout.Count(line => line.StartsWith("Status, metrics and health on ", StringComparison.Ordinal)));
        server.Stop();
        Assert.Empty(server.Process.Stderr);
        Assert.False(File.Exists(site));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_successor_that_fails_leaves_it_to_the_server_that_is_there()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Servers are replaced on Linux only.");
        string path = _folder["../admin.sock"];
        using var server = new ReplaceableServer(published.Binary, "www", "--admin", $"unix:{path}");
        server.PutBinary("#!/bin/sh\nexit 3\n");
        server.AskForSuccessor();
        server.Process.AwaitLine(line => line.Contains("this server goes on", StringComparison.Ordinal));
        using var admin = new RawClient(path);
        AssertPages(admin);
        Assert.True(File.Exists(path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void With_user_it_is_that_users(bool isUnix)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Posix.UserId == 0, "Only root can become another user.");
        string path = _folder["sockets/admin.sock"];
        _folder.MakeFolder("sockets");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder["sockets"], File.GetUnixFileMode(_folder["sockets"]) | UnixFileMode.OtherWrite);
        }

        using var server = ServerProcess.Serve(published.Binary, "--user", "65534:65533", "--admin", isUnix ? $"unix:{path}" : Anywhere);
        using (RawClient admin = isUnix ? new RawClient(path) : new RawClient(PortOf(server)))
        {
            AssertPages(admin);
            Assert.Contains("65534:65533", admin.Get("/").Text, StringComparison.Ordinal);
            Assert.DoesNotContain("process_resident_memory_bytes 0\n", admin.Get("/metrics").Text, StringComparison.Ordinal);
        }

        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.False(File.Exists(path));
        Assert.Empty(server.Stderr);
    }

    private static void AssertPages(RawClient admin)
    {
        foreach (string page in (string[])["/", "/status"])
        {
            Assert.Contains("<title>Status of AotServe</title>", admin.Get(page).Text, StringComparison.Ordinal);
        }

        Assert.Contains("aotserve_build_info", admin.Get("/metrics").Text, StringComparison.Ordinal);
        Assert.Equal("ok\n", admin.Get("/healthz").Text);
    }

    private static void SkipOnWindows() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix sockets are listened on where there are signals.");

    private static int PortOf(ServerProcess server)
    {
        const string Line = @"^Status, metrics and health on http://127\.0\.0\.1:(\d+)$";
        server.AwaitLine(line => Regex.IsMatch(line, Line));
        return int.Parse(server.Stdout.Select(line => Regex.Match(line, Line)).First(match => match.Success).Groups[1].Value);
    }

    private ServerProcess Start(params string[] arguments) =>
        ServerProcess.Start(new ServerStart { Binary = published.Binary, Arguments = arguments });
}
