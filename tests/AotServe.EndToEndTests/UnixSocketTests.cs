using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>
/// <c>--bind unix:PATH</c>: who may connect, and what becomes of the file when servers start, stop, are killed and are replaced.
/// </summary>
public sealed class UnixSocketTests : IDisposable
{
    private const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly PublishedServer _published;
    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public UnixSocketTests(PublishedServer published)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix sockets are listened on where there are signals.");
        _published = published;
        _path = _folder["http.sock"];
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [Pollers]
    public void A_folder_is_served_over_it_as_over_a_port(string poller)
    {
        _folder.Write("www/a.txt", "a");
        _folder.Write("www/large.txt", new string('l', 3_000_000));
        string[] arguments = OperatingSystem.IsLinux() ? ["--poller", poller, _folder["www"]] : [_folder["www"]];
        using ServerProcess server = Serve(arguments);
        Assert.Contains($" on unix:{_path}, ", server.ReadyLine, StringComparison.Ordinal);
        Assert.Equal(ForAll, Mode());
        using var client = new RawClient(_path);
        using var other = new RawClient(_path);
        Assert.Equal("a", client.Get("/a.txt").Text);
        Assert.Equal(3_000_000, client.Get("/large.txt").Body.Length);
        Assert.Equal(404, other.Get("/none").Status);
        Assert.Equal("a", client.Get("/a.txt").Text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_is_the_users_with_the_mode_that_was_asked_for(bool mayRemove)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Posix.UserId == 0, "Only root can become another user.");
        if (mayRemove && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder.Root, File.GetUnixFileMode(_folder.Root) | UnixFileMode.OtherWrite);
        }

        using ServerProcess server = Serve("--user", "65534:65533", "--socket-mode", "640");
        Assert.Equal("65534:65533", Status("%u:%g"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, Mode());
        using (var client = new RawClient(_path))
        {
            Assert.Equal(200, client.Get("/").Status);
        }

        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Equal(!mayRemove, File.Exists(_path));
        string line = $"aotserve: {_path} could not be removed, for this user may not write to its folder; a server that listens there next takes its place";
        Assert.Equal(mayRemove ? [] : [line], server.Stderr);

        using ServerProcess next = Serve();
        Assert.Equal("0:0", Status("%u:%g"));
    }

    [Fact]
    public void A_stop_removes_the_file_and_answers_what_was_in_flight()
    {
        using ServerProcess server = Serve();
        using var client = new RawClient(_path);
        client.Send("GET / HTTP/1.1\r\nHos");
        server.Signal(Posix.SIGTERM);
        Eventually.Holds(() => !File.Exists(_path), "the file is removed");
        client.Send("t: h\r\n\r\n");
        Answer answer = client.Read();
        Assert.Equal((200, true), (answer.Status, answer.Closes));
        client.AssertClosed();
        client.Dispose();
        Assert.Equal(0, server.WaitForOutput());
        Assert.Empty(server.Stderr);
    }

    [Fact]
    public void The_file_of_a_server_that_was_killed_is_replaced()
    {
        using (ServerProcess killed = Serve())
        {
            killed.Signal(Posix.SIGKILL);
            killed.WaitForExit();
        }

        Assert.True(File.Exists(_path));
        using ServerProcess server = Serve();
        using var client = new RawClient(_path);
        Assert.Equal(200, client.Get("/").Status);
    }

    [Fact]
    public void A_path_where_a_server_listens_is_refused_and_that_one_goes_on()
    {
        using ServerProcess first = Serve();
        AssertRefused("another server listens there; stop it, or choose another path with --bind");
        using var client = new RawClient(_path);
        Assert.Equal(200, client.Get("/").Status);
    }

    [Theory]
    [InlineData("file")]
    [InlineData("link")]
    [InlineData("datagrams")]
    public void What_is_no_socket_of_a_server_is_refused_and_left(string kind)
    {
        using var datagrams = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        switch (kind)
        {
            case "file":
                _folder.Write("http.sock", "mine");
                break;
            case "link":
                _folder.MakeSocket("stale");
                _folder.Link("http.sock", "stale.kept");
                break;
            default:
                datagrams.Bind(new UnixDomainSocketEndPoint(_path));
                break;
        }

        string before = Status("%i %s %F");
        AssertRefused("there is a file that is no socket of a server; remove it, or choose another path with --bind");
        Assert.Equal(before, Status("%i %s %F"));
    }

    [Fact]
    public void Where_one_of_several_cannot_be_had_the_others_are_not_left_behind()
    {
        string file = _folder.Write("file", "mine");
        using ServerProcess server = Start("--bind", "unix:" + file);
        Assert.Equal(1, server.WaitForOutput());
        Assert.StartsWith($"aotserve: cannot listen on unix:{file}: ", Assert.Single(server.Stderr), StringComparison.Ordinal);
        Assert.False(File.Exists(_path));
    }

    [Fact]
    public void Where_its_owner_cannot_be_set_it_is_not_left_behind()
    {
        const string SetPriv = "/usr/bin/setpriv";
        Assert.SkipUnless(OperatingSystem.IsLinux() && Posix.UserId == 0 && File.Exists(SetPriv), "Only root can become another user, and setpriv(1) keeps it from that.");
        using var server = ServerProcess.Start(new ServerStart
        {
            Binary = _published.Binary,
            Arguments = ["--bind", "unix:" + _path, "--user", "65534:65533"],
            Shell = $"exec {SetPriv} --bounding-set -chown \"$0\" \"$@\"",
        });
        Assert.Equal(1, server.WaitForOutput());
        Assert.StartsWith($"aotserve: cannot listen on unix:{_path}: its owner cannot be set: ", Assert.Single(server.Stderr), StringComparison.Ordinal);
        Assert.False(File.Exists(_path));
    }

    [Fact]
    public void A_port_and_several_sockets_are_served_together_until_the_stop()
    {
        string[] paths = [_path, _folder["two words.sock"]];
        using var server = ServerProcess.Serve(
            _published.Binary, [.. paths.SelectMany(path => (string[])["--bind", "unix:" + path])]);
        Assert.Contains($" on http://127.0.0.1:{server.Port} unix:{paths[0]} unix:{paths[1]}, ", server.ReadyLine, StringComparison.Ordinal);
        RawClient[] clients = [new RawClient(server.Port), .. paths.Select(path => new RawClient(path))];
        Assert.All(clients, client =>
        {
            Assert.Equal(200, client.Get("/").Status);
            client.Dispose();
        });

        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.All(paths, path => Assert.False(File.Exists(path)));
        Eventually.Refuses(server.Port);
    }

    [Fact]
    public void It_is_handed_over_to_successors_and_the_last_removes_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Servers are replaced on Linux only.");

        // A relative path: that of the folder that it is started in.
        using var server = new ReplaceableServer(_published.Binary, "www", "--bind", "unix:http.sock");
        string path = server.Folder["http.sock"];
        string file = Status("%i", path);
        bool isOver = false;
        int answered = 0;
        Exception? lost = null;
        var clients = new Thread(() =>
        {
            try
            {
                for (; !Volatile.Read(ref isOver); answered++)
                {
                    using var client = new RawClient(path);
                    Assert.Equal(3_000, client.Get("/small.txt").Body.Length);
                }
            }
            catch (Exception e)
            {
                lost = e;
            }
        });
        clients.Start();
        foreach (int _ in (int[])[1, 2])
        {
            server.Replace();
            Assert.Equal(file, Status("%i", path));
            int before = Volatile.Read(ref answered);
            Eventually.Holds(() => Volatile.Read(ref answered) > before + 1 || !clients.IsAlive, "the successor answers");
        }

        Volatile.Write(ref isOver, true);
        Assert.True(clients.Join(Eventually.Bound));
        Assert.Null(lost);
        server.Stop();
        Assert.Empty(server.Process.Stderr);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void What_another_server_has_put_in_its_place_is_not_removed()
    {
        using ServerProcess server = Serve();
        using var other = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        other.Bind(new UnixDomainSocketEndPoint(_folder["other.sock"]));
        other.Listen();
        Posix.Rename(_folder["other.sock"], _path);

        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Empty(server.Stderr);
        Assert.True(File.Exists(_path));
        using var client = new RawClient(_path);
    }

    [Fact]
    public void Who_comes_by_it_has_no_address_whose_connections_are_counted()
    {
        using var server = ServerProcess.Serve(_published.Binary, "--bind", "unix:" + _path, "--max-per-address", "1");
        using var first = new RawClient(server.Port);
        using var second = new RawClient(server.Port);
        Assert.Equal((200, 429), (first.Get("/").Status, second.Get("/").Status));
        RawClient[] clients = [.. Enumerable.Range(0, 20).Select(_ => new RawClient(_path))];
        Assert.All(clients, client => Assert.Equal(200, client.Get("/").Status));
        Array.ForEach(clients, client => client.Dispose());
    }

    [Fact]
    public void A_health_check_asks_over_it()
    {
        using ServerProcess server = Serve("--health", "/healthz");
        AssertHealth(":/healthz", 0, null);
        AssertHealth("", 0, null);
        AssertHealth(":/none", 1, $"aotserve: unix:{_path}:/none: the answer is 404");
        server.Signal(Posix.SIGKILL);
        server.WaitForExit();
        AssertHealth(":/healthz", 1, $"aotserve: unix:{_path}:/healthz: nobody listens there");
        File.Delete(_path);
        AssertHealth(":/healthz", 1, $"aotserve: unix:{_path}:/healthz: nobody listens there");
    }

    private void AssertHealth(string asked, int code, string? says)
    {
        using var check = ServerProcess.Start(new ServerStart { Binary = _published.Binary, Arguments = ["healthcheck", $"unix:{_path}{asked}"] });
        Assert.Equal(code, check.WaitForOutput());
        Assert.Equal(says is null ? [] : [says], check.Stderr);
    }

    private void AssertRefused(string says)
    {
        using ServerProcess server = Start();
        Assert.Equal(1, server.WaitForOutput());
        Assert.Empty(server.Stdout);
        Assert.Equal([$"aotserve: cannot listen on unix:{_path}: {says}"], server.Stderr);
    }

    private UnixFileMode Mode() => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(_path);

    /// <summary>What stat(1) says of the file, not of what it links to.</summary>
    private string Status(string format, string? path = null)
    {
        using Process stat = Process.Start(new ProcessStartInfo("stat", ["-c", format, path ?? _path]) { RedirectStandardOutput = true })!;
        string text = stat.StandardOutput.ReadToEnd();
        stat.WaitForExit();
        Assert.Equal(0, stat.ExitCode);
        return text.TrimEnd();
    }

    private ServerProcess Serve(params string[] arguments) => ServerProcess.Serve(
        new ServerStart { Binary = _published.Binary, Arguments = ["--bind", "unix:" + _path, .. arguments] });

    private ServerProcess Start(params string[] arguments) => ServerProcess.Start(
        new ServerStart { Binary = _published.Binary, Arguments = ["--bind", "unix:" + _path, .. arguments] });
}
