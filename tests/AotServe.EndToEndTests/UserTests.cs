using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary><c>--user</c>: started as root, the process is somebody else for good before it serves, or it does not serve.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class UserTests(PublishedServer published)
{
    private const string Somebody = "65534:65534";
    private const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private const UnixFileMode ForOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The tool of util-linux that starts programs with fewer rights.</summary>
    private static readonly string? SetPriv = new[] { "/usr/bin/setpriv", "/bin/setpriv" }.FirstOrDefault(File.Exists);

    [Theory]
    [InlineData("epoll")]
    [InlineData("select")]
    [InlineData("epoll", "--no-sandbox")]
    public void Every_thread_is_the_user_without_other_groups_or_capabilities(string poller, params string[] arguments)
    {
        SkipUnlessRoot(needsSetPriv: true);
        using TemporaryFolder folder = Folder();
        using var server = ServerProcess.Serve(Start(
            "--groups 4,24 --inh-caps +chown,+net_admin", ["--user", Somebody, "--poller", poller, .. arguments, folder["root"]]));
        using var client = new RawClient(server.Port);
        Assert.Equal("home", client.Get("/").Text);

        // Some are started a moment after the server is ready, the runtime's own among them.
        Eventually.Holds(() => Proc.ThreadStatuses(server.Pid).Count >= 7, "there are the main thread, four workers and two of the runtime");
        IReadOnlyList<IReadOnlyDictionary<string, string>> threads = Proc.ThreadStatuses(server.Pid);
        Assert.All(threads, thread =>
        {
            Assert.Equal("65534 65534 65534 65534", thread["Uid"]);
            Assert.Equal("65534 65534 65534 65534", thread["Gid"]);
            Assert.Equal("", thread["Groups"]);
            Assert.Equal("1", thread["NoNewPrivs"]);
            Assert.All(
                ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"],
                set => Assert.Equal((thread["Name"], set, new string('0', 16)), (thread["Name"], set, thread[set])));
        });

        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
    }

    [Fact]
    public void Without_the_option_the_process_stays_who_it_was()
    {
        SkipUnlessRoot(needsSetPriv: false);
        using var server = ServerProcess.Serve(published.Binary);

        Assert.All(Proc.ThreadStatuses(server.Pid), thread => Assert.Equal("0 0 0 0", thread["Uid"]));
    }

    [Fact]
    public void Files_are_opened_as_the_user_and_folders_above_the_root_need_not_be()
    {
        SkipUnlessRoot(needsSetPriv: false);
        using TemporaryFolder folder = Folder();
        File.SetUnixFileMode(folder.Write("root/secret.txt", "x"), UnixFileMode.UserRead);
        File.SetUnixFileMode(folder.Root, ForOwner);
        using var server = ServerProcess.Serve(published.Binary, "--user", Somebody, folder["root"]);
        using var client = new RawClient(server.Port);

        Assert.Equal("home", client.Get("/").Text);
        Assert.Equal(403, client.Get("/secret.txt").Status);
    }

    [Fact]
    public void A_name_is_looked_up_in_etc_passwd()
    {
        SkipUnlessRoot(needsSetPriv: false);
        string[]? entry = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).FirstOrDefault(fields => fields[0] == "nobody");
        Assert.SkipWhen(entry is null, "/etc/passwd has no nobody.");
        using var server = ServerProcess.Serve(published.Binary, "--user", "nobody", "--verbose");

        Assert.Contains(server.Stdout, line => line.StartsWith($"Wall: user and group {entry[2]}:{entry[3]}, 0 other groups, no cap", StringComparison.Ordinal));
        Assert.All(Proc.ThreadStatuses(server.Pid), thread => Assert.StartsWith(entry[2] + " ", thread["Uid"], StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_that_the_user_may_not_read_is_an_error_at_the_start()
    {
        SkipUnlessRoot(needsSetPriv: false);
        using TemporaryFolder folder = Folder();
        File.SetUnixFileMode(folder["root"], ForOwner);

        AssertRefused(1, folder["root"], new() { Binary = published.Binary, Arguments = [.. Local, "--user", Somebody, folder["root"]] });
    }

    [Theory]
    [InlineData("setpcap", "bounding set")]
    [InlineData("setgid", "groups")]
    [InlineData("setuid", "take the user")]
    public void Where_not_all_can_be_dropped_the_server_does_not_start(string lacks, string says)
    {
        SkipUnlessRoot(needsSetPriv: true);
        AssertRefused(1, says, Start($"--bounding-set -{lacks}", ["--user", Somebody]));
    }

    [Fact]
    public void Only_root_can_become_another_and_anybody_can_be_the_same()
    {
        SkipUnlessRoot(needsSetPriv: true);
        const string As = "--reuid 65534 --regid 65534 --clear-groups";
        using var binary = new TemporaryFolder();
        File.SetUnixFileMode(binary.Root, ForAll);
        File.Copy(published.Binary, binary["aotserve"]);
        AssertRefused(1, "only root", Start(As, ["--user", "65533:65533"]) with { Binary = binary["aotserve"] });
        AssertRefused(1, "only root", Start(As, ["--user", "65534:65533"]) with { Binary = binary["aotserve"] });

        using var same = ServerProcess.Serve(Start(As, ["--user", Somebody]) with { Binary = binary["aotserve"] });
        using var client = new RawClient(same.Port);
        Assert.Equal(200, client.Get("/").Status);
    }

    [Theory]
    [InlineData("no-such-user-here", "not in /etc/passwd")]
    [InlineData("65534:no-such-group-here", "not in /etc/group")]
    [InlineData("0:0", "is root")]
    public void A_user_that_there_is_not_is_an_error_of_the_command_line(string user, string says)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Users are dropped to on Linux.");
        AssertRefused(2, says, new() { Binary = published.Binary, Arguments = [.. Local, "--user", user] });
    }

    private static string[] Local => ["--port", "0", "--bind", "127.0.0.1"];

    /// <summary>A folder that everybody may read, with a root in it that everybody may read.</summary>
    private static TemporaryFolder Folder()
    {
        var folder = new TemporaryFolder();
        folder.Write("root/index.html", "home");
        File.SetUnixFileMode(folder.Root, ForAll);
        File.SetUnixFileMode(folder["root"], ForAll);
        return folder;
    }

    private static void AssertRefused(int code, string says, ServerStart start)
    {
        using var server = ServerProcess.Start(start);
        Assert.Equal(code, server.WaitForOutput());
        Assert.Empty(server.Stdout);
        Assert.Contains(says, Assert.Single(server.Stderr), StringComparison.Ordinal);
    }

    private static void SkipUnlessRoot(bool needsSetPriv)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Posix.UserId == 0, "Only root can become another user.");
        Assert.SkipUnless(!needsSetPriv || SetPriv is not null, "There is no setpriv(1) here to start a server with.");
    }

    private ServerStart Start(string rights, IReadOnlyList<string> arguments) => new()
    {
        Binary = published.Binary,
        Arguments = [.. Local, .. arguments],
        Shell = $"exec {SetPriv} {rights} \"$0\" \"$@\"",
    };
}
