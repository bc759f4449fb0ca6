using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>
/// Each way to stop, with eight requests on four threads: four that run and four that wait for a worker. All of them
/// are answered in full, then the workers are joined in order, and only then the process ends.
/// </summary>
public sealed class StoppingTests(PublishedServer published)
{
    private const int Requests = 8;
    private const string Sleep = "GET /sleep?ms=2000 HTTP/1.1\r\nHost: h\r\n\r\n";

    [Theory]
    [InlineData("SIGINT", Posix.SIGINT, "epoll")]
    [InlineData("SIGTERM", Posix.SIGTERM, "epoll")]
    [InlineData("SIGQUIT", Posix.SIGQUIT, "epoll")]
    [InlineData("SIGINT", Posix.SIGINT, "select")]
    [InlineData("SIGTERM", Posix.SIGTERM, "select")]
    public void A_signal_stops_after_everything_was_answered(string name, int signal, string poller)
    {
        using var server = ServerProcess.Serve(published.Binary, "--poller", poller);
        using var clients = new Clients(server.Port, Requests);
        clients.Send(Sleep);

        server.Signal(signal);

        Eventually.Refuses(server.Port);
        Assert.All(clients, client => Assert.Equal(0, client.Available));
        clients.AssertAnsweredAndClosed();
        AssertStopped(server, 0, name);
    }

    [Fact]
    public void SIGHUP_stops_a_server_that_was_started_from_a_terminal()
    {
        using ServerProcess server = ServeInTerminal();
        using var clients = new Clients(server.Port, Requests);
        clients.Send(Sleep);

        server.Signal(Posix.SIGHUP);

        Eventually.Refuses(server.Port);
        clients.AssertAnsweredAndClosed();
        AssertStopped(server, 0, "SIGHUP");
    }

    [Fact]
    public void Every_thread_leaves_to_the_main_one_the_signals_that_it_waits_for()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere a handler tells of them.");
        const ulong Waited = (1ul << (Posix.SIGHUP - 1)) | (1ul << (Posix.SIGUSR1 - 1)) | (1ul << (Posix.SIGUSR2 - 1));
        using var server = ServerProcess.Serve(published.Binary);
        foreach (string thread in Directory.GetDirectories($"/proc/{server.Pid}/task").Where(thread => Path.GetFileName(thread) != $"{server.Pid}"))
        {
            string status = File.ReadAllText(Path.Combine(thread, "status"));
            string blocked = status.Split('\n').Single(line => line.StartsWith("SigBlk:", StringComparison.Ordinal))[7..].Trim();
            Assert.True((ulong.Parse(blocked, NumberStyles.HexNumber, CultureInfo.InvariantCulture) & Waited) == Waited, status);
        }
    }

    [Fact]
    public void A_terminal_that_goes_away_stops_its_server()
    {
        using ServerProcess server = ServeInTerminal();
        using var clients = new Clients(server.Port, Requests);
        clients.Send(Sleep);

        try
        {
            server.KillStarter();

            Eventually.Refuses(server.Port);
            clients.AssertAnsweredAndClosed();
            Eventually.Holds(() => !Directory.Exists($"/proc/{server.Pid}"), "the server has ended");
        }
        finally
        {
            if (Directory.Exists($"/proc/{server.Pid}"))
            {
                server.Signal(Posix.SIGKILL);
            }
        }
    }

    [Theory]
    [Pollers]
    public void Exit_after_so_many_connections_stops_after_everything_was_answered(string poller)
    {
        // One worker more than requests: were all of them asleep, the last connection would be accepted after the first answers.
        const int Workers = Requests + 1;
        using var server = ServerProcess.Serve(published.Binary, "--exit-after", $"{Requests}", "--poller", poller, "--threads", $"{Workers}");
        using var clients = new Clients(server.Port, Requests);
        clients.Send(Sleep);

        Eventually.Refuses(server.Port);
        clients.AssertAnsweredAndClosed();
        AssertStopped(server, 0, "--exit-after", Workers);
    }

    [Fact]
    public void Exit_after_counts_connections_and_not_requests()
    {
        using var server = ServerProcess.Serve(published.Binary, "--exit-after", "3");
        using (var first = new RawClient(server.Port))
        {
            Assert.All(Enumerable.Range(0, 10), _ => Assert.False(first.Get("/").Closes));
        }

        using (var second = new RawClient(server.Port))
        {
            Assert.False(second.Get("/").Closes);
        }

        Assert.False(server.HasExited);
        using var third = new RawClient(server.Port);
        Assert.Equal(200, third.Get("/").Status);
        AssertStopped(server, 0, "--exit-after");
    }

    [Theory]
    [InlineData("exit?from=worker", 7)]
    [InlineData("exit?from=other", 7)]
    [InlineData("exit?from=main", 7)]
    [InlineData("throw-in-main", 1)]
    public void An_exit_from_within_stops_after_everything_was_answered(string hook, int code)
    {
        using var server = ServerProcess.Serve(published.HooksBinary);
        using var running = new Clients(server.Port, Requests / 2);
        // A handshake takes a worker, and soon all of them sleep: over TLS the last ones connect before that.
        using Clients? early = OverTls.IsOn ? new Clients(server.Port, Requests / 2) : null;
        using RawClient? earlyExit = OverTls.IsOn ? new RawClient(server.Port) : null;
        using var probe = new RawClient(server.Port);
        running.Send(Sleep);
        AwaitBusy(probe);
        using RawClient exit = earlyExit ?? new RawClient(server.Port);
        exit.Send($"GET /__hooks/{hook} HTTP/1.1\r\nHost: h\r\n\r\n");
        using Clients queued = early ?? new Clients(server.Port, Requests / 2);
        queued.Send(Sleep);

        Eventually.Refuses(server.Port);
        running.AssertAnswered();
        queued.AssertAnsweredAndClosed();
        Assert.Equal(code, server.WaitForOutput());
        Assert.Equal([0, 1, 2, 3], server.WorkersShutDown);
    }

    // At moments of the whole start, a tenth of a millisecond apart: before the signals are taken, the system ends the process; then it is a stop.
    [Theory]
    [InlineData(Posix.SIGINT)]
    [InlineData(Posix.SIGTERM)]
    [InlineData(Posix.SIGQUIT)]
    public void A_signal_during_the_start_ends_it_at_whatever_moment(int signal)
    {
        for (int i = 0; i < 60; i++)
        {
            using var server = ServerProcess.Start(new ServerStart { Binary = published.Binary, Arguments = ["--port", "0", "--bind", "127.0.0.1"] });
            var moment = Stopwatch.StartNew();
            while (moment.Elapsed.TotalMilliseconds < i / 10.0)
            {
                Thread.SpinWait(10);
            }

            server.Signal(signal);
            int code = server.WaitForOutput();
            Assert.True(code == 128 + signal || (code == 0 && server.Stdout[^1].StartsWith("Stopped", StringComparison.Ordinal)), $"{i}: exit code {code}");
        }
    }

    [Theory]
    [InlineData(Posix.SIGINT)]
    [InlineData(Posix.SIGTERM)]
    [InlineData(Posix.SIGQUIT)]
    public void With_nothing_in_flight_a_stop_is_just_its_lines(int signal)
    {
        using var server = ServerProcess.Serve(published.Binary, "--threads", "3");

        server.Signal(signal);

        Assert.Equal(0, server.WaitForOutput());
        Assert.Empty(server.Stderr);
        Assert.Equal([0, 1, 2], server.WorkersShutDown);
        // The ready line, the workers, the summary.
        Assert.Equal(1 + 3 + 1, server.Stdout.Count);
    }

    [Theory]
    [InlineData(Posix.SIGTERM, Posix.SIGTERM)]
    [InlineData(Posix.SIGTERM, Posix.SIGINT)]
    [InlineData(Posix.SIGINT, Posix.SIGTERM)]
    [InlineData(Posix.SIGINT, Posix.SIGINT)]
    [InlineData(Posix.SIGINT, Posix.SIGQUIT)]
    public void A_second_signal_cuts_everything_off(int first, int second)
    {
        using var server = ServerProcess.Serve(published.Binary, "--threads", "2", "--shutdown-timeout", "3600");
        using var clients = new Clients(server.Port, 4);
        clients.Send("GET /sleep?ms=30000 HTTP/1.1\r\nHost: h\r\n\r\n");
        using var partial = new RawClient(server.Port);
        partial.Send("GET / HT");

        server.Signal(first);
        Eventually.Refuses(server.Port);
        Assert.False(server.HasExited);
        server.Signal(second);

        Assert.Equal(128 + second, server.WaitForOutput());
    }

    [Theory]
    [InlineData("GET /sleep?ms=30000 HTTP/1.1\r\nHost: h\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHo")]
    [InlineData("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhell")]
    public void What_is_left_after_the_timeout_is_cut_off_counted_and_reported(string request)
    {
        using var server = ServerProcess.Serve(published.Binary, "--shutdown-timeout", "1");
        using var clients = new Clients(server.Port, 3);
        clients.Send(request);

        server.Signal(Posix.SIGTERM);

        Assert.Equal(1, server.WaitForOutput());
        Assert.Contains("cut off 3 ", server.Stdout[^1], StringComparison.Ordinal);
        Assert.Equal([0, 1, 2, 3], server.WorkersShutDown);
    }

    /// <summary>Waits until all workers have something long to do: one that had not would answer a further request at once.</summary>
    private static void AwaitBusy(RawClient probe)
    {
        const int AtOnce = 300;
        probe.SendRequest("GET", "/");
        while (SpinWait.SpinUntil(() => probe.Available > 0, AtOnce))
        {
            Assert.Equal(200, probe.Read().Status);
            probe.SendRequest("GET", "/");
        }
    }

    private static void AssertStopped(ServerProcess server, int code, string reason, int workers = 4)
    {
        Assert.Equal(code, server.WaitForOutput());
        bool isEachReported = workers <= 8;
        Assert.Equal(Enumerable.Range(0, isEachReported ? workers : 0), server.WorkersShutDown);
        Assert.Equal(isEachReported ? $"Shutting down worker {workers - 1}" : $"Shutting down workers 0 to {workers - 1}", server.Stdout[^2]);
        Assert.Contains(reason, server.Stdout[^1], StringComparison.Ordinal);
    }

    private ServerProcess ServeInTerminal()
    {
        bool found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "script")));
        Assert.SkipUnless(OperatingSystem.IsLinux() && found, "There is no script(1) to make a terminal.");
        return ServerProcess.Serve(new ServerStart
        {
            Binary = "script",
            Arguments = ["-qec", $"exec '{published.Binary}' --port 0 --bind 127.0.0.1", "/dev/null"],
        });
    }

    /// <summary>Some connections on which the same happens.</summary>
    private sealed class Clients(int port, int count) : List<RawClient>(Enumerable.Range(0, count).Select(_ => new RawClient(port))), IDisposable
    {
        public void Send(string request) => ForEach(client => client.Send(request));

        public void AssertAnswered() => Assert.All(this, client => Assert.Equal(200, client.Read().Status));

        public void AssertAnsweredAndClosed() => Assert.All(this, client =>
        {
            Answer answer = client.Read();
            Assert.Equal(200, answer.Status);
            Assert.True(answer.Closes, "The last answer does not say so.");
            client.AssertClosed();
            client.Dispose();
        });

        public void Dispose() => ForEach(client => client.Dispose());
    }
}
