using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>The threads of the process: the workers, the main thread and what the runtime itself needs.</summary>
public sealed class ThreadTests(PublishedServer published)
{
    // The runtime's own: one that runs finalizers, one that hears signals.
    private const int MainAndRuntime = 1 + 2;

    [Theory]
    [Pollers]
    public void At_rest_there_are_the_workers_the_main_thread_and_two_of_the_runtime(string poller)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Threads are counted in /proc.");
        using var folder = new TemporaryFolder();
        folder.Write("index.html", "x");
        foreach ((string[]? arguments, int workers) in ((string[], int)[])[([], 4), (["--threads", "1"], 1), (["--threads", "9", folder.Root], 9)])
        {
            using var server = ServerProcess.Serve(published.Binary, ["--poller", poller, .. arguments]);
            RawClient[] clients = Enumerable.Range(0, 20).Select(_ => new RawClient(server.Port)).ToArray();
            Assert.All(clients, client => Assert.Equal(200, client.Get("/").Status));
            AssertThreads(server, workers);

            Array.ForEach(clients, client => client.Dispose());
            AssertThreads(server, workers);
        }
    }

    [Fact]
    public void SIGHUP_without_a_terminal_is_reported_and_changes_nothing()
    {
        using var server = ServerProcess.Serve(new ServerStart
        {
            Binary = published.Binary,
            Arguments = ["--port", "0", "--bind", "127.0.0.1"],
            // A session of its own has no terminal, whatever that of the tests has.
            Shell = "exec setsid \"$0\" \"$@\"",
        });
        using var client = new RawClient(server.Port);
        Assert.Equal(200, client.Get("/").Status);

        server.Signal(Posix.SIGHUP);

        server.AwaitLine(line => line.Contains("SIGHUP", StringComparison.Ordinal));
        Assert.Equal(200, client.Get("/").Status);
        using var other = new RawClient(server.Port);
        Assert.Equal(200, other.Get("/").Status);
        AssertThreads(server, 4);
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
    }

    [Fact]
    public void A_handler_that_throws_is_answered_500_and_costs_no_worker()
    {
        using var server = ServerProcess.Serve(published.HooksBinary, "--threads", "2");
        for (int i = 0; i < 10; i++)
        {
            using var client = new RawClient(server.Port);
            Assert.Equal(500, client.Get("/__hooks/throw").Status);
        }

        using var after = new RawClient(server.Port);
        Assert.Equal(200, after.Get("/").Status);
        AssertThreads(server, 2);
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Equal(10, server.Stderr.Count);
        Assert.Equal([0, 1], server.WorkersShutDown);
    }

    [Fact]
    public void Workers_take_the_processor_in_small_pieces_and_are_as_nice_as_they_were_told_to_be()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.OSVersion.Version >= new Version(6, 12), "Linux 6.12 is the first that has such slices.");
        Assert.SkipUnless(
            RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64, "The system call's number is known of these.");
        Assert.SkipWhen(Proc.ThreadStatuses(Environment.ProcessId)[0]["Seccomp"] != "0", "Under a filter of system calls none is asked for.");
        using var server = ServerProcess.Serve(new ServerStart
        {
            Binary = published.Binary,
            Arguments = ["--port", "0", "--bind", "127.0.0.1", "--threads", "3"],
            Shell = "exec nice -n 5 \"$0\" \"$@\"",
        });
        using var client = new RawClient(server.Port);
        Assert.Equal(200, client.Get("/").Status);

        // The workers but the first are started when the server already answers.
        Eventually.Holds(
            () => Proc.ThreadsNamed(server.Pid, "worker ").Count(worker => Posix.SchedulingOf(worker) == (5, 100_000)) == 3,
            "three workers with a nice value of 5 and slices of 0.1 ms");
        Assert.NotEqual(100_000UL, Posix.SchedulingOf(server.Pid).Slice);
    }

    private static void AssertThreads(ServerProcess server, int workers)
    {
        // Some of them are started a moment after the server is ready.
        Eventually.Holds(
            () => Proc.ThreadNames(server.Pid).Count == workers + MainAndRuntime,
            $"{workers} workers and {MainAndRuntime} other threads");
        IReadOnlyList<string> names = Proc.ThreadNames(server.Pid);
        Assert.Equal(
            Enumerable.Range(0, workers).Select(id => $"worker {id}").Order(),
            names.Where(name => name.StartsWith("worker ", StringComparison.Ordinal)).Order());
        Assert.DoesNotContain(names, name => name.StartsWith(".NET TP", StringComparison.Ordinal));
    }
}
