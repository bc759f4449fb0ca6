using System;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests.Faults;

/// <summary>Starts that the system's limits prevent: one line that names the limit, and exit code 1.</summary>
public sealed class StartFailureTests(PublishedServer published)
{
    [Theory]
    [InlineData("ulimit -n 6", "open files (ulimit -n, LimitNOFILE=)")]
    [InlineData("ulimit -n 10", "open files (ulimit -n, LimitNOFILE=)")]
    public void Too_few_descriptors_are_named(string limit, string named) => AssertFails($"{limit}; exec \"$0\" \"$@\"", named);

    [Fact]
    public void Too_few_processes_are_named()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "The limit is that of a user, and does not hold for root.");
        AssertFails("exec setpriv --reuid 54321 --regid 54321 --clear-groups prlimit --nproc=3 \"$0\" \"$@\"", "processes (ulimit -u, TasksMax=, pids.max)");
    }

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
