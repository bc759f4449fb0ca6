using System;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests.Faults;

/// <summary>
/// A system that refuses to wait for the sockets, as macOS does for more than 10,240. Linux does too where there are more than the
/// process may have descriptors (poll(2), EINVAL), so its limit is lowered while it serves.
/// </summary>
public sealed class PollerFailureTests(PublishedServer published)
{
    [Fact]
    public void A_poller_that_fails_is_told_of_in_a_line_and_what_was_begun_is_answered()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The limit of another process is lowered with prlimit(2).");
        using var server = ServerProcess.Serve(published.Binary, "--poller", "select", "--threads", "2");
        using var sleeper = new RawClient(server.Port);
        using var sender = new RawClient(server.Port);
        using var idle = new RawClient(server.Port);
        Assert.Equal(200, idle.Get("/").Status);
        sleeper.Send("GET /sleep?ms=1500 HTTP/1.1\r\nHost: h\r\n\r\n");
        sender.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\none");
        Assert.Equal(200, idle.Get("/").Status);

        Posix.LimitDescriptors(server.Pid, 1);

        // A wait is over within a second, and the next one fails.
        Eventually.Refuses(server.Port);
        sender.Send("two");
        Answer echoed = sender.Read();
        Assert.Equal((200, "onetwo"), (echoed.Status, echoed.Text));
        Assert.Equal(200, sleeper.Read().Status);
        Assert.Equal(1, server.WaitForOutput());
        Assert.Equal("aotserve: the sockets cannot be waited for any more, so the server stops: Invalid argument", Assert.Single(server.Stderr));
        Assert.Contains(server.Stdout, line => line.StartsWith("Stopped (the poller failed): answered 4 requests", StringComparison.Ordinal));
        Assert.Equal([0, 1], server.WorkersShutDown);
    }
}
