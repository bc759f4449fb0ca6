using System;
using System.IO;
using System.Linq;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests.Faults;

/// <summary>
/// The root folder goes away, or another takes its name, while it is served: then that one is served, unless the walls of the
/// start do not allow it.
/// </summary>
public sealed class RootFolderFaultTests(PublishedServer published) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--cache-size", "32")]
    [InlineData("--cache-size", "0")]
    [InlineData("--listing")]
    [InlineData("--spa")]
    public void A_root_that_is_removed_is_not_found_and_costs_nothing(params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere a folder in use cannot be removed, or is looked up by name.");
        _folder.Write("root/index.html", "home");
        _folder.Write("root/sub/a.txt", "a");
        using var server = ServerProcess.Serve(published.HooksBinary, [_folder["root"], .. arguments]);
        var before = new Footprint(server);
        before.Mark();
        using (var client = new RawClient(server.Port))
        {
            Assert.Equal("home", client.Get("/").Text);
            Assert.Equal("a", client.Get("/sub/a.txt").Text);
            Directory.Delete(_folder["root"], recursive: true);
            Eventually.Holds(() => client.Get("/").Status == 404 && client.Get("/sub/a.txt").Status == 404, "nothing is found any more");
            for (int i = 0; i < 200; i++)
            {
                Assert.Equal(404, client.Get("/").Status);
                Assert.Equal(404, client.Get("/sub/").Status);
                Assert.Equal(404, client.Get("/sub/a.txt").Status);
            }

            server.AwaitLine(line => line.EndsWith("root is gone; put a folder there, and it is served", StringComparison.Ordinal));
            _folder.Write("root/index.html", "another");
            Eventually.Holds(() => client.Get("/").Text == "another", "the folder that was made anew is served");
        }

        before.AssertRegained();
        server.Signal(Posix.SIGHUP);
        using (var client = new RawClient(server.Port))
        {
            Assert.Equal("another", client.Get("/").Text);
        }

        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Equal(2, server.Stderr.Count);
    }

    [Theory]
    [InlineData("--cache-size", "32")]
    [InlineData("--no-sandbox")]
    public void A_root_that_is_renamed_is_served_on_until_another_is_in_its_place(params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere a folder in use cannot be renamed, or is looked up by name.");
        _folder.Write("first/index.html", "first");
        _folder.Write("second/index.html", "second");
        _folder.Write("second/_headers", "/*\n  X-Release: 2\n");
        using var server = ServerProcess.Serve(published.Binary, [_folder["first"], "--health", "/healthz", .. arguments]);
        using var client = new RawClient(server.Port);
        Assert.Equal(("first", 200), (client.Get("/").Text, client.Get("/healthz").Status));

        Directory.Move(_folder["first"], _folder["old"]);
        Eventually.Holds(() => client.Get("/healthz").Status == 503, "the health check says that the folder is gone");
        Assert.Equal("first", client.Get("/").Text);
        Directory.Move(_folder["second"], _folder["first"]);
        Eventually.Holds(() => client.Get("/").Text == "second", "the folder that took its place is served");
        Answer answer = client.Get("/");
        Assert.Equal(("second", "2", 200), (answer.Text, answer["X-Release"], client.Get("/healthz").Status));

        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Equal(
            [$"aotserve: {_folder["first"]} is gone; put a folder there, and it is served",
                $"aotserve: {_folder["first"]} is another folder now, which is served, with 1 header rules, 0 redirects"],
            server.Stderr);
    }

    [Theory]
    [InlineData("current", "v")]
    [InlineData("current/public", "v", "--cache-size", "0")]
    [InlineData("app/current", "../releases/v", "--user", "65534")]
    [InlineData("app/current/public", "../releases/v", "--compress")]
    [InlineData("current", "v", "--no-sandbox")]
    [InlineData("current", "v", "--follow-symlinks", "always")]
    public void A_link_that_is_switched_is_followed_and_no_request_is_lost(string root, string target, params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere a root is looked up by name.");
        Assert.SkipWhen(arguments.Contains("--user") && !Environment.IsPrivilegedProcess, "Only root can become another user.");
        string link = root.EndsWith("/public", StringComparison.Ordinal) ? root[..^"/public".Length] : root;
        string below = root[link.Length..];
        Release(1);
        _folder.Link(link, target + 1);
        bool isHost = arguments.Contains("--compress");
        using var server = ServerProcess.Serve(
            published.Binary, isHost ? ["--vhost", "test=" + _folder[root], .. arguments] : [_folder[root], .. arguments]);
        using var client = new RawClient(server.Port);
        for (int release = 2; release < 5; release++)
        {
            string before = $"release {release - 1}";
            Assert.Equal(before, client.Get("/").Text);
            Release(release);
            _folder.SwitchLink(link, target + release);
            Eventually.Holds(
                () =>
                {
                    Answer answer = client.Get("/");
                    Assert.Equal(200, answer.Status);
                    Assert.Contains(answer.Text, (string[])[before, $"release {release}"]);
                    Assert.Equal(200, client.Get("/a.js").Status);
                    return answer.Text != before;
                },
                "the release is served");
            Directory.Delete(_folder[Path.Combine(Path.GetDirectoryName(link)!, target + (release - 1))], recursive: true);
        }

        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Equal(3, server.Stderr.Count);

        void Release(int number)
        {
            string folder = Path.Combine(Path.GetDirectoryName(link)!, target + number) + below;
            _folder.MakeFolder(Path.GetDirectoryName(link)!);
            _folder.Write(folder + "/index.html", $"release {number}");
            _folder.Write(folder + "/a.js", new string('x', 5_000));
        }
    }

    [Fact]
    public void Where_the_sandbox_does_not_let_it_follow_health_is_503_and_stderr_names_the_way_out()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere a root is looked up by name.");
        _folder.Write("releases/1/index.html", "first");
        Directory.CreateDirectory(_folder["../elsewhere/2"]);
        File.WriteAllText(_folder["../elsewhere/2/index.html"], "second");
        _folder.Link("current", "releases/1");
        using var server = ServerProcess.Serve(published.Binary, _folder["current"], "--health", "/healthz");
        using var client = new RawClient(server.Port);
        Assert.Equal(("first", 200), (client.Get("/").Text, client.Get("/healthz").Status));

        _folder.SwitchLink("current", "../elsewhere/2");
        Eventually.Holds(() => client.Get("/healthz").Status == 503, "the health check says so");
        Assert.Equal("first", client.Get("/").Text);
        string why = $"{_folder["current"]} is another folder now, which permissions or the sandbox do not let this server read; "
            + "restart it, or start it with --no-sandbox";
        server.AwaitLine(line => line == "aotserve: " + why);
        server.Signal(Posix.SIGHUP);
        server.AwaitLine(line => line == $"aotserve: {why}; the rules from before stay in force");
        server.Signal(Posix.SIGUSR2);
        server.AwaitLine(line => line == "aotserve: SIGUSR2 ignored: " + why);

        _folder.SwitchLink("current", "releases/1");
        Eventually.Holds(() => client.Get("/healthz").Status == 200, "all is well again");
        server.AwaitLine(line => line == $"aotserve: {_folder["current"]} is back");
    }

    [Fact]
    public void A_folder_whose_rules_are_wrong_is_not_taken_until_they_are_right()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere a root is looked up by name.");
        _folder.Write("v1/index.html", "first");
        _folder.Write("v2/index.html", "second");
        _folder.Write("v2/_redirects", "/a /b 999\n");
        _folder.Link("current", "v1");
        using var server = ServerProcess.Serve(published.Binary, _folder["current"], "--health", "/healthz");
        using var client = new RawClient(server.Port);
        _folder.SwitchLink("current", "v2");
        Eventually.Holds(() => client.Get("/healthz").Status == 503, "the health check says so");
        server.AwaitLine(line => line.Contains("the one from before is still served: ", StringComparison.Ordinal)
            && line.Contains("_redirects:1:", StringComparison.Ordinal));
        Assert.Equal("first", client.Get("/").Text);

        _folder.Write("v2/_redirects", "/a /b 301\n");
        Eventually.Holds(() => client.Get("/").Text == "second", "the folder is served");
        Assert.Equal((301, 200), (client.Get("/a").Status, client.Get("/healthz").Status));
    }

    [Fact]
    public void A_folder_that_is_built_anew_gets_its_rules_when_they_come()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere a root is looked up by name.");
        _folder.Write("dist/index.html", "first");
        using var server = ServerProcess.Serve(published.Binary, _folder["dist"]);
        using var client = new RawClient(server.Port);
        Directory.Delete(_folder["dist"], recursive: true);
        _folder.Write("dist/index.html", "second");
        Eventually.Holds(() => client.Get("/").Text == "second", "the folder is served");
        _folder.Write("dist/_headers", "/*\n  X-Late: yes\n");
        Eventually.Holds(() => client.Get("/")["X-Late"] == "yes", "the rules are in force");
    }
}
