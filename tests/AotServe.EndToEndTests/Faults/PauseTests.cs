using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests.Faults;

/// <summary>A process that is stopped and continued (SIGSTOP, SIGCONT; a suspended machine looks the same to it).</summary>
public sealed class PauseTests(PublishedServer published)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    [Theory]
    [Pollers]
    public void Who_said_something_during_a_pause_is_not_taken_for_one_that_was_silent(string poller)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A stopped process is recognised in /proc.");
        string seconds = $"{Timeout.TotalSeconds}";
        using var server = ServerProcess.Serve(
            published.Binary, "--poller", poller, "--head-timeout", seconds, "--stall-timeout", seconds, "--idle-timeout", seconds);
        int atRest = Proc.DescriptorsAtRest(server.Pid);

        // More than one wait of the poller can bring.
        const int Each = 100;
        List<RawClient> idle = Connect(server, Each, "");
        List<RawClient> heads = Connect(server, Each, "GET / HTTP/1.1\r\nHo");
        List<RawClient> bodies = Connect(server, Each, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbo");
        using (var last = new RawClient(server.Port))
        {
            Assert.Equal(200, last.Get("/").Status); // Those before are accepted, then, and their clocks run.
        }

        Pause(server);
        var watch = Stopwatch.StartNew();
        idle.ForEach(client => client.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
        heads.ForEach(client => client.Send("st: h\r\n\r\n"));
        bodies.ForEach(client => client.Send("dy"));
        using var came = new RawClient(server.Port);
        came.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        // The passing of the time is what is waited for: every deadline has to pass during the pause.
        SpinWait.SpinUntil(() => watch.Elapsed > 2 * Timeout);
        server.Signal(Posix.SIGCONT);

        Assert.All((IEnumerable<RawClient>)[.. idle, .. heads, .. bodies, came], client => Assert.Equal(200, client.Read().Status));
        // They are idle now, and go in their time.
        Assert.All((IEnumerable<RawClient>)[.. idle, .. heads, .. bodies, came], client =>
        {
            client.AssertClosed();
            client.Dispose();
        });
        Eventually.Holds(() => Proc.DescriptorCount(server.Pid) == atRest, "all connections are closed");
    }

    [Theory]
    [Pollers]
    public void Who_said_nothing_during_a_pause_is_timed_out_after_it(string poller)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A stopped process is recognised in /proc.");
        using var server = ServerProcess.Serve(published.Binary, "--poller", poller, "--head-timeout", $"{Timeout.TotalSeconds}");
        using var silent = new RawClient(server.Port);
        silent.Send("GET / HTTP/1.1\r\n");
        using (var last = new RawClient(server.Port))
        {
            Assert.Equal(200, last.Get("/").Status);
        }

        Pause(server);
        Assert.Equal(0, silent.Available);
        server.Signal(Posix.SIGCONT);
        Assert.Equal(408, silent.Read().Status);
    }

    [Theory]
    [Pollers]
    public void A_stop_that_was_asked_for_during_a_pause_answers_everything(string poller)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A stopped process is recognised in /proc.");
        using var server = ServerProcess.Serve(published.Binary, "--poller", poller);
        using var sleeping = new RawClient(server.Port);
        sleeping.Send("GET /sleep?ms=100 HTTP/1.1\r\nHost: h\r\n\r\n");
        using var open = new RawClient(server.Port);
        Assert.Equal(200, open.Get("/").Status);

        Pause(server);
        open.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        using var came = new RawClient(server.Port);
        came.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        server.Signal(Posix.SIGTERM);
        server.Signal(Posix.SIGCONT);

        foreach (RawClient client in (RawClient[])[sleeping, open, came])
        {
            Assert.Equal(200, client.Read().Status);
            client.AssertClosed();
            client.Dispose();
        }

        Assert.Equal(0, server.WaitForOutput());
        Assert.Equal([0, 1, 2, 3], server.WorkersShutDown);
        Assert.Empty(server.Stderr);
    }

    /// <summary>Again and again, under clients that ask without end: none of them notices but by the time it takes.</summary>
    [Fact]
    public void Pauses_under_load_lose_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A stopped process is recognised in /proc.");
        using var folder = new TemporaryFolder();
        byte[] small = folder.WriteRandom("small", 2_000), large = folder.WriteRandom("large", 300_000);
        using var server = ServerProcess.Serve(published.Binary, folder.Root);
        using var clients = new LoadClients(server.Port, [("/small", small), ("/large", large)], keepAlive: 4, fresh: 2);
        for (int i = 0; i < 50; i++)
        {
            long answers = clients.Answers;
            Eventually.Holds(() => clients.Answers > answers + 20, "requests are answered");
            Pause(server);
            server.Signal(Posix.SIGCONT);
        }

        clients.Stop();
        Assert.Empty(clients.Failures);
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
    }

    private static void Pause(ServerProcess server)
    {
        server.Signal(Posix.SIGSTOP);
        Eventually.Holds(() => Proc.IsStopped(server.Pid), "every thread of the server is stopped");
    }

    private static List<RawClient> Connect(ServerProcess server, int count, string request) =>
        [.. Enumerable.Range(0, count).Select(_ =>
        {
            var client = new RawClient(server.Port);
            client.Send(request);
            return client;
        })];
}
