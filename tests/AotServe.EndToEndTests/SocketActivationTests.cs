using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>A service manager makes the sockets, starts the server with them, and is told how it is.</summary>
public sealed class SocketActivationTests(PublishedServer published)
{
    [Fact]
    public void Sockets_that_were_passed_in_are_served_and_the_options_about_them_are_not_used()
    {
        using ServerProcess server = Serve(["tcp", "tcp"], "--port", "1");

        int[] ports = Regex.Matches(server.ReadyLine, @"http://127\.0\.0\.1:(\d+)").Select(match => int.Parse(match.Groups[1].Value)).ToArray();
        Assert.Equal(2, ports.Distinct().Count());
        Assert.All(ports, port =>
        {
            using var client = new RawClient(port);
            Assert.Equal(200, client.Get("/").Status);
        });
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Contains("--port", Assert.Single(server.Stderr), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("udp", "3")]
    [InlineData("bound", "3")]
    [InlineData("file", "3")]
    [InlineData("tcp,udp", "4")]
    public void Anything_else_than_a_listening_TCP_socket_is_refused(string kinds, string number)
    {
        using var server = ServerProcess.Start(Passing(kinds.Split(','), []));
        Assert.Equal(1, server.WaitForOutput());
        Assert.Contains($"descriptor {number}, ", Assert.Single(server.Stderr), StringComparison.Ordinal);
        Assert.Empty(server.Stdout);
    }

    [Fact]
    public void Unix_sockets_that_were_passed_in_are_served_and_their_files_left_to_whoever_made_them()
    {
        using var folder = new TemporaryFolder();
        string path = folder["http.sock"];
        using ServerProcess server = Serve(["unix:" + path, "tcp"]);
        using (var byPort = new RawClient(server.Port))
        using (var client = new RawClient(path))
        {
            Assert.Equal((200, 200), (byPort.Get("/").Status, client.Get("/").Status));
        }

        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Empty(server.Stderr);
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void Sockets_for_another_process_are_left_alone()
    {
        using var server = ServerProcess.Serve(new ServerStart
        {
            Binary = published.Binary,
            Arguments = ["--port", "0", "--bind", "127.0.0.1"],
            Environment = new Dictionary<string, string> { ["LISTEN_FDS"] = "1", ["LISTEN_PID"] = "1" },
        });
        using var client = new RawClient(server.Port);
        Assert.Equal(200, client.Get("/").Status);
    }

    [Fact]
    public void A_client_between_two_servers_of_a_socket_waits_and_is_answered()
    {
        using ServerProcess server = Serve(["twice", "tcp"]);
        using (var client = new RawClient(server.Port))
        {
            Assert.Equal(200, client.Get("/").Status);
        }

        server.Signal(Posix.SIGTERM);
        Eventually.Holds(() => Proc.HasEnded(server.Pid), "the first server has ended");

        // Nobody serves; this one starts the next server. Nothing that the first did to the socket may keep it out.
        using var waiting = new RawClient(server.Port);
        Assert.Equal(200, waiting.Get("/").Status);
        Eventually.Holds(() => server.ServingPids.Distinct().Count() == 2, "the second server has said that it serves");
        Posix.Kill(server.ServingPids[1], Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
    }

    [Fact]
    public void A_service_manager_is_told_of_readiness_reloads_the_watchdog_and_the_stop()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "systemd is Linux's.");
        using var manager = new NotifySocket();
        using var server = ServerProcess.Serve(new ServerStart
        {
            Binary = published.Binary,
            Arguments = ["--port", "0", "--bind", "127.0.0.1", "--shutdown-timeout", "100", "--drain-delay", "0.1"],
            Environment = new Dictionary<string, string> { ["NOTIFY_SOCKET"] = manager.Address, ["WATCHDOG_USEC"] = "200000" },
            Shell = "exec setsid \"$0\" \"$@\"", // no terminal, so that SIGHUP is no hang-up
        });
        IReadOnlyDictionary<string, string> ready = manager.Receive();
        Assert.Equal("1", ready["READY"]);
        Assert.Equal(server.Pid, int.Parse(ready["MAINPID"]));
        Assert.Contains($":{server.Port}", ready["STATUS"], StringComparison.Ordinal);
        Assert.Equal("1", manager.Receive()["WATCHDOG"]);
        Assert.Equal("1", manager.Receive()["WATCHDOG"]);

        server.Signal(Posix.SIGHUP);
        IReadOnlyDictionary<string, string> reloading = ReceiveOther(manager);
        Assert.Equal("1", reloading["RELOADING"]);
        Assert.True(long.Parse(reloading["MONOTONIC_USEC"]) > 0);
        Assert.Equal("1", ReceiveOther(manager)["READY"]);

        server.Signal(Posix.SIGTERM);
        IReadOnlyDictionary<string, string> stopping = ReceiveOther(manager);
        Assert.Equal("1", stopping["STOPPING"]);
        Assert.Equal(105_100_000, long.Parse(stopping["EXTEND_TIMEOUT_USEC"]));
        Assert.Equal(0, server.WaitForOutput());
    }

    [Fact]
    public void A_server_whose_workers_are_all_stuck_does_not_feed_the_watchdog()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "systemd is Linux's.");
        using var manager = new NotifySocket();
        using var server = ServerProcess.Serve(new ServerStart
        {
            Binary = published.Binary,
            Arguments = ["--port", "0", "--bind", "127.0.0.1", "--threads", "1"],
            Environment = new Dictionary<string, string> { ["NOTIFY_SOCKET"] = manager.Address, ["WATCHDOG_USEC"] = "20000" },
        });
        using var client = new RawClient(server.Port);
        client.Send("GET /sleep?ms=1500 HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.Equal(200, client.Read().Status);

        // 150 of them would have come in that time; those before and after the sleep are few.
        int beats = 0;
        for (; manager.HasMessage; beats++)
        {
            manager.Receive();
        }

        Assert.InRange(beats, 1, 100);
    }

    private static IReadOnlyDictionary<string, string> ReceiveOther(NotifySocket manager)
    {
        for (; ; )
        {
            IReadOnlyDictionary<string, string> message = manager.Receive();
            if (!message.ContainsKey("WATCHDOG"))
            {
                return message;
            }
        }
    }

    private ServerProcess Serve(string[] kinds, params string[] arguments) => ServerProcess.Serve(Passing(kinds, arguments));

    private ServerStart Passing(string[] kinds, string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "systemd is Linux's.");
        return new ServerStart { Binary = PassSockets.Path, Arguments = [.. kinds, "--", published.Binary, .. arguments] };
    }
}
