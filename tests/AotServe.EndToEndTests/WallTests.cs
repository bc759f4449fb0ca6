using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>
/// The walls around the process, tried from inside: a server with test hooks does what an intruder would, on a worker and
/// on the thread of the runtime that was there before the walls. Each attempt succeeds where the wall is left out.
/// </summary>
public sealed class WallTests(PublishedServer published)
{
    private const string Done = "0";
    private const string AccessDenied = "13";

    [Theory]
    [Pollers]
    public void What_serving_does_not_take_is_refused_on_every_thread(string poller)
    {
        SkipWithoutLandlock(4, "TCP cannot be refused");
        using TemporaryFolder folder = Folder();
        using var outside = new TemporaryFolder();
        using ServerProcess server = Serve("--poller", poller, folder.Root);

        Assert.All(Attempts(folder, outside, server.Port), attempt => Assert.Equal((attempt, AccessDenied), (attempt, Try(server, attempt))));
        Assert.False(File.Exists(outside["new.txt"]) || File.Exists(folder["new.txt"]));
        Assert.Equal(Done, Try(server, "read=" + folder["index.html"]));
    }

    [Fact]
    public void Without_the_sandbox_all_of_it_is_done()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The walls are those of Linux.");
        using TemporaryFolder folder = Folder();
        using var outside = new TemporaryFolder();
        using ServerProcess server = Serve("--no-sandbox", folder.Root);

        Assert.All(Attempts(folder, outside, server.Port), attempt => Assert.Equal((attempt, Done), (attempt, Try(server, attempt))));
    }

    [Fact]
    public void Abstract_sockets_of_others_are_out_of_reach_unless_the_service_manager_listens_there()
    {
        SkipWithoutLandlock(6, "abstract sockets cannot be refused");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        string name = $"aotserve-test-{Environment.ProcessId}";
        listener.Bind(new UnixDomainSocketEndPoint("\0" + name));
        listener.Listen();

        using ServerProcess server = Serve();
        Assert.Equal(AccessDenied, Try(server, "abstract=" + name));
        using var managed = ServerProcess.Serve(new ServerStart
        {
            Binary = published.HooksBinary,
            Arguments = ["--port", "0", "--bind", "127.0.0.1"],
            Environment = new Dictionary<string, string> { ["NOTIFY_SOCKET"] = "@" + name },
        });
        Assert.Equal(Done, Try(managed, "abstract=" + name));
    }

    [Theory]
    [Pollers]
    public void Within_the_walls_a_folder_is_served_as_ever(string poller)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The walls are those of Linux.");
        using var top = new TemporaryFolder();
        top.Write("root/index.html", "home");
        top.Write("root/sub/index.html", "sub");
        top.Write("root/large.bin", new string('x', 3_000_000));
        File.CreateSymbolicLink(top["root/link.html"], "sub/index.html");
        File.CreateSymbolicLink(top["root/out.html"], "/etc/passwd");
        using var server = ServerProcess.Serve(published.Binary, "--poller", poller, top["root"]);
        using var client = new RawClient(server.Port);

        Assert.Equal("home", client.Get("/").Text);
        Assert.Equal("sub", client.Get("/link.html").Text);
        Assert.Equal(3_000_000, client.Get("/large.bin").Body.Length);
        Assert.Equal(301, client.Get("/sub").Status);
        Assert.Equal(404, client.Get("/out.html").Status);
        Assert.Equal(404, client.Get("/none").Status);
        server.Signal(Posix.SIGHUP);
        server.AwaitLine(line => line.StartsWith("Reread the rules of", StringComparison.Ordinal));
        top.Write("root/late.html", "written later");
        Assert.Equal("written later", client.Get("/late.html").Text);
        Directory.Move(top["root"], top["elsewhere"]);
        Assert.Equal("home", client.Get("/").Text);
        client.Dispose();

        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Equal([0, 1, 2, 3], server.WorkersShutDown);
    }

    [Fact]
    public void All_that_the_options_name_stays_readable_and_can_be_reread()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The walls are those of Linux.");
        using var top = new TemporaryFolder();
        top.Write("root/index.html", "root");
        top.Write("host/index.html", "host");
        string hash = $"$pbkdf2-sha256$i=1000${new string('A', 22)}${new string('A', 43)}\n";
        string users = top.Write("auth/users", "ann:" + hash);
        using var server = ServerProcess.Serve(
            published.HooksBinary, "--vhost", $"h.test={top["host"]}", "--auth-file", users, "--hide", "*.bak", top["root"]);
        using var client = new RawClient(server.Port);
        Assert.Equal(401, client.Get("/").Status);
        Assert.Equal(Done, Try(server, "read=" + top["host/index.html"])); // Hooks ask for no password.

        // As editors write: a new file in the place of the old one.
        File.WriteAllText(top["auth/new"], "ann:" + hash + "bob:" + hash);
        File.Move(top["auth/new"], users, overwrite: true);
        server.Signal(Posix.SIGHUP);
        server.AwaitLine(line => line.StartsWith("Reread the auth file: 2 users", StringComparison.Ordinal));
    }

    [Fact]
    public void Links_that_may_lead_anywhere_do_so_within_the_walls_too()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The walls are those of Linux.");
        using TemporaryFolder folder = Folder();
        using var outside = new TemporaryFolder();
        File.CreateSymbolicLink(folder["out.txt"], outside.Write("a.txt", "from outside"));
        using ServerProcess server = Serve("--follow-symlinks", "always", folder.Root);
        using var client = new RawClient(server.Port);

        Assert.Equal("from outside", client.Get("/out.txt").Text);
        if (Posix.LandlockVersion() > 0)
        {
            Assert.Equal(AccessDenied, Try(server, "write=" + outside["a.txt"]));
        }
    }

    [Theory]
    [InlineData]
    [InlineData("--no-sandbox")]
    public void No_thread_can_gain_rights_by_running_a_program(params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The walls are those of Linux.");
        using var server = ServerProcess.Serve(published.Binary, arguments);

        Assert.All(Proc.ThreadStatuses(server.Pid), thread => Assert.Equal("1", thread["NoNewPrivs"]));
    }

    [Fact]
    public void Verbose_says_which_walls_there_are_and_silence_is_the_default()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The walls are those of Linux.");
        using TemporaryFolder folder = Folder();
        int version = Posix.LandlockVersion();
        using var server = ServerProcess.Serve(published.Binary, "--verbose", folder.Root);
        Assert.Equal(5, server.Stdout.Count);
        Assert.StartsWith("Wall: files of " + folder.Root, server.Stdout[0], StringComparison.Ordinal);
        Assert.StartsWith(
            version > 0 ? $"Wall: sandbox: Landlock version {version}, reads beneath 1 folder" : "Wall: sandbox: off: the kernel has none",
            server.Stdout[1],
            StringComparison.Ordinal);
        Assert.Equal("Wall: no_new_privs: on", server.Stdout[2]);
        Assert.StartsWith($"Wall: user {Posix.UserId}", server.Stdout[3], StringComparison.Ordinal);

        using var open = ServerProcess.Serve(published.Binary, "--verbose", "--no-sandbox");
        Assert.Equal("Wall: sandbox: off: --no-sandbox", open.Stdout[0]);
        using var silent = ServerProcess.Serve(published.Binary, folder.Root);
        Assert.Single(silent.Stdout);
    }

    /// <summary>What an intruder would do; with "!" in front on the runtime's own thread.</summary>
    private static IEnumerable<string> Attempts(TemporaryFolder served, TemporaryFolder outside, int port)
    {
        string[] each =
        [
            "read=/etc/passwd", "read=" + outside.Write("secret.txt", "x"), "write=" + outside["new.txt"], "write=" + served["new.txt"],
            "write=" + served["index.html"], "run=/bin/true", $"connect={port}", "bind=0",
        ];
        return each.Concat(each.Select(attempt => "!" + attempt));
    }

    private static string Try(ServerProcess server, string attempt)
    {
        using var client = new RawClient(server.Port);
        Answer answer = client.Get("/__hooks/try?" + attempt);
        Assert.Equal(200, answer.Status);
        return answer.Text;
    }

    private static TemporaryFolder Folder()
    {
        var folder = new TemporaryFolder();
        folder.Write("index.html", "home");
        return folder;
    }

    private static void SkipWithoutLandlock(int version, string otherwise)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The walls are those of Linux.");
        int has = Posix.LandlockVersion();
        Assert.SkipUnless(has >= version, $"This kernel has {(has > 0 ? $"version {has} of Landlock" : "no Landlock")}: {otherwise}.");
    }

    private ServerProcess Serve(params string[] arguments) => ServerProcess.Serve(published.HooksBinary, arguments);
}
