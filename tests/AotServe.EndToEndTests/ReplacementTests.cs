using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>SIGUSR2: another server takes over the sockets, or this one goes on; either way no client is lost.</summary>
public sealed class ReplacementTests(PublishedServer published)
{
    [Fact]
    public void The_binary_that_now_lies_there_takes_over_with_the_same_arguments_and_sockets()
    {
        using ReplaceableServer server = Serve("www", "--threads", "2");
        Assert.Equal(200, Get(server, "/small.txt").Status);
        int first = server.Pid;

        // Twice: the second successor has its sockets from a successor. The old file is gone each time.
        foreach (int _ in (int[])[1, 2])
        {
            server.RestoreBinary();
            server.Replace();
            Assert.Equal(new string('s', 3_000), Get(server, "/small.txt").Text);
            Assert.Equal(server.Folder["aotserve"], new FileInfo($"/proc/{server.Pid}/exe").LinkTarget);
            Assert.Equal(["worker 0", "worker 1"], Proc.ThreadNames(server.Pid).Where(name => name.StartsWith("worker", StringComparison.Ordinal)));
        }

        Assert.Equal(0, server.Process.WaitForExit());
        Assert.NotEqual(first, server.Pid);
        Assert.Equal(3, server.Process.ServingPids.Distinct().Count());
        server.Stop();
        Assert.Empty(server.Process.Stderr);
        Assert.Equal(2, server.Process.Stdout.Count(line => line.Contains("replaced by process", StringComparison.Ordinal)));
        Assert.Contains("SIGTERM", server.Process.Stdout[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Behind_links_the_new_version_of_the_program_and_of_the_site_take_over()
    {
        using var folder = new TemporaryFolder();
        foreach (int version in (int[])[1, 2])
        {
            folder.Write($"releases/{version}/index.html", $"site {version}");
            folder.MakeFolder($"v{version}");
            File.Copy(published.Binary, folder[$"v{version}/aotserve"]);
        }

        folder.MakeFolder("bin");
        folder.Link("bin/aotserve", "../v1/aotserve");
        folder.Link("current", "releases/1");
        using var server = ServerProcess.Serve(new ServerStart
        {
            Binary = folder["bin/aotserve"],
            Arguments = [folder["current"], "--port", "0", "--bind", "127.0.0.1"],
        });
        int old = server.Pid;
        try
        {
            foreach ((string link, string target) in ((string, string)[])[("bin/aotserve", "../v2/aotserve"), ("current", "releases/2")])
            {
                folder.SwitchLink(link, target);
            }

            using (var client = new RawClient(server.Port))
            {
                Eventually.Holds(() => client.Get("/").Text == "site 2", "the release is served");
            }

            server.Signal(Posix.SIGUSR2);
            Eventually.Holds(() => server.ServingPids.Count == 2, "a successor serves");
            Assert.Equal(folder["v2/aotserve"], new FileInfo($"/proc/{server.ServingPids[^1]}/exe").LinkTarget);
            using var other = new RawClient(server.Port);
            Assert.Equal("site 2", other.Get("/").Text);
            Assert.Equal(0, server.WaitForExit());
        }
        finally
        {
            foreach (int pid in server.ServingPids.Where(pid => pid != old && !Proc.HasEnded(pid)))
            {
                Posix.Kill(pid, Posix.SIGKILL);
            }
        }
    }

    [Theory]
    [Pollers]
    public void A_request_that_the_old_server_has_begun_is_answered_by_it(string poller)
    {
        using ReplaceableServer server = Serve("--poller", poller);
        int old = server.Pid;
        using var sleeping = new RawClient(server.Port);
        sleeping.Send("GET /sleep?ms=2000 HTTP/1.1\r\nHost: h\r\n\r\n");
        using var partial = new RawClient(server.Port);
        partial.Send("GET / HTT");
        Eventually.Holds(() => Proc.SocketCount(old) >= 3, "both are accepted");

        server.Replace(awaitEnd: false);
        Assert.Equal(200, Get(server, "/").Status);
        Assert.False(Proc.HasEnded(old));

        // One that is meant for the service, and so reaches the one that is stopping anyway, cuts nothing off.
        Posix.Kill(old, Posix.SIGTERM);
        partial.Send("P/1.1\r\nHost: h\r\n\r\n");
        Assert.All([partial, sleeping], client =>
        {
            Answer answer = client.Read();
            Assert.Equal(200, answer.Status);
            Assert.True(answer.Closes);
            client.AssertClosed();
            client.Dispose();
        });
        Assert.Equal(0, server.Process.WaitForExit());
        server.Stop();
    }

    /// <summary>Without the sandbox: it would not let a script have its shell.</summary>
    [Theory]
    [InlineData("not a program", "Exec format error")]
    [InlineData("#!/bin/sh\nexit 3\n", "ended with exit code 3")]
    [InlineData("#!/bin/sh\nkill -9 $$\n", "was killed")]
    [InlineData("#!/nonexistent\n", "No such file")]
    [InlineData(null, "No such file")]
    public void A_binary_that_does_not_serve_is_reported_and_the_old_server_goes_on(string? content, string why)
    {
        using ReplaceableServer server = Serve("--no-sandbox");
        int pid = server.Pid;
        int descriptors = Proc.DescriptorsAtRest(pid);
        for (int failures = 1; failures <= 3; failures++)
        {
            if (content is null)
            {
                server.RemoveBinary();
            }
            else
            {
                server.PutBinary(content);
            }

            server.AskForSuccessor();
            Eventually.Holds(() => server.Process.Stderr.Count == failures, "the failure is reported");
            Assert.Contains(why, server.Process.Stderr[^1], StringComparison.Ordinal);
            Assert.Equal(200, Get(server, "/").Status);
        }

        Eventually.Holds(() => Proc.DescriptorCount(pid) == descriptors, "no descriptor is left over");
        server.RestoreBinary();
        server.Replace();
        Assert.Equal(200, Get(server, "/").Status);
        server.Stop();
        Assert.Equal(0, server.Process.WaitForExit());
    }

    [Fact]
    public void A_successor_that_never_reports_is_ended_and_the_old_server_goes_on()
    {
        using ReplaceableServer server = Serve("--no-sandbox", "--replace-timeout", "0.5");
        int hanging = AskForHangingSuccessor(server);

        server.Process.AwaitLine(line => line.Contains("did not report within 0.5 s", StringComparison.Ordinal));
        Assert.True(Proc.HasEnded(hanging));
        Assert.Equal(200, Get(server, "/").Status);
        Assert.DoesNotContain(Proc.ThreadNames(server.Pid), name => name.StartsWith(".NET TP", StringComparison.Ordinal));
        server.RestoreBinary();
        server.Replace();
        server.Stop();
    }

    [Fact]
    public void A_second_signal_while_a_successor_starts_is_ignored_and_a_stop_ends_it()
    {
        using ReplaceableServer server = Serve("--no-sandbox", "--replace-timeout", "3600");
        int hanging = AskForHangingSuccessor(server);

        server.AskForSuccessor();
        server.Process.AwaitLine(line => line.Contains($"process {hanging} is already being started", StringComparison.Ordinal));
        Assert.Equal(200, Get(server, "/").Status);
        Assert.False(Proc.HasEnded(hanging));

        server.Stop();
        Assert.True(Proc.HasEnded(hanging));
        Assert.Equal(0, server.Process.WaitForExit());
        Assert.Contains("SIGTERM", server.Process.Stdout[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_successor_alone_with_its_sockets_stops_like_any_other_server()
    {
        using ReplaceableServer server = Serve("--threads", "1");
        server.Replace();
        using var busy = new RawClient(server.Port);
        busy.Send("GET /sleep?ms=1000 HTTP/1.1\r\nHost: h\r\n\r\n");
        RawClient[] clients = Enumerable.Range(0, 50).Select(_ => new RawClient(server.Port)).ToArray();
        Array.ForEach(clients, client => client.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));

        Posix.Kill(server.Pid, Posix.SIGTERM);

        Assert.All([busy, .. clients], client =>
        {
            Assert.Equal(200, client.Read().Status);
            client.AssertClosed();
            client.Dispose();
        });
        server.Process.WaitForOutput();
        Eventually.Refuses(server.Port);
    }

    [Fact]
    public void A_service_manager_is_told_which_process_to_watch_and_hears_no_stop()
    {
        using var manager = new NotifySocket();
        using var server = new ReplaceableServer(published.Binary, new Dictionary<string, string> { ["NOTIFY_SOCKET"] = manager.Address });
        int old = server.Pid;
        Assert.Equal(Text(old), manager.Receive()["MAINPID"]);

        server.Replace();

        Assert.Equal(Text(server.Pid), manager.Receive()["MAINPID"]);
        IReadOnlyDictionary<string, string> ready = manager.Receive();
        Assert.Equal(("1", Text(server.Pid)), (ready["READY"], ready["MAINPID"]));
        Assert.False(manager.HasMessage);
        server.Stop();
        Assert.Equal("1", manager.Receive()["STOPPING"]);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Answer Get(ReplaceableServer server, string target)
    {
        using var client = new RawClient(server.Port);
        return client.Get(target);
    }

    /// <summary>Has a successor started that does nothing; returns its process id.</summary>
    private static int AskForHangingSuccessor(ReplaceableServer server)
    {
        server.PutBinary("#!/bin/sh\necho $$ >starting\nmv starting started\nexec sleep 3600\n");
        server.AskForSuccessor();
        Eventually.Holds(() => File.Exists(server.Folder["started"]), "a successor is started");
        return int.Parse(File.ReadAllText(server.Folder["started"]), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
    }

    private ReplaceableServer Serve(params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Servers are replaced on Linux only.");
        return new ReplaceableServer(published.Binary, arguments);
    }
}
