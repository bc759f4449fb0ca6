using System;
using System.Runtime.InteropServices;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests.Faults;

/// <summary>Starts that the system's limits prevent: one line that names the limit, and exit code 1.</summary>
public sealed class StartFailureTests(PublishedServer published)
{
    [Theory]
    [InlineData("ulimit -n 3", "open files (ulimit -n, LimitNOFILE=)")]
    [InlineData("ulimit -n 4", "open files (ulimit -n, LimitNOFILE=)")]
    [InlineData("ulimit -n 6", "open files (ulimit -n, LimitNOFILE=)")]
    [InlineData("ulimit -n 10", "open files (ulimit -n, LimitNOFILE=)")]
    [InlineData("ulimit -n 15", "open files (ulimit -n, LimitNOFILE=)")]
    public void Too_few_descriptors_are_named(string limit, string named) => AssertFails($"{limit}; exec \"$0\" \"$@\"", named);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Too_few_processes_are_named(int processes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "The limit is that of a user, and does not hold for root.");
        AssertFails($"exec setpriv --reuid 54321 --regid 54321 --clear-groups prlimit --nproc={processes} \"$0\" \"$@\"", "processes (ulimit -u, TasksMax=, pids.max)");
    }

    // The first thread that is started fails. clone is 56 and clone3 is 435 on x64.
    [Theory]
    [InlineData("435", "clone3")]
    [InlineData("56,435", "SystemCallFilter=")]
    [InlineData("318", "getrandom")]
    public void A_filter_that_refuses_what_a_start_needs_is_named(string calls, string named)
    {
        Assert.SkipUnless(RuntimeInformation.OSArchitecture == Architecture.X64, "The numbers of system calls are those of x64.");
        AssertFails($"exec '{RefuseCalls.Path}' {calls} \"$0\" \"$@\"", named);
    }

    [Theory]
    [InlineData("1000")]
    [InlineData("400000")]
    [InlineData("7FFFFF")]
    public void A_limit_of_the_heap_that_is_too_low_is_named(string limit) =>
        AssertFails($"DOTNET_GCHeapHardLimit={limit} exec \"$0\" \"$@\"", "DOTNET_GCHeapHardLimit");

    [Fact]
    public void Too_little_memory_is_named() => AssertFails("ulimit -v 20000; exec \"$0\" \"$@\"", "memory (ulimit -v");

    private void AssertFails(string shell, string named)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The limits are Linux's.");
        using var server = ServerProcess.Start(new ServerStart
        {
            Binary = published.Binary,
            Arguments = ["--port", "0", "--bind", "127.0.0.1"],
            Shell = shell,
        });
        Assert.Equal(1, server.WaitForOutput());
        Assert.Contains(named, Assert.Single(server.Stderr), StringComparison.Ordinal);
    }
}
