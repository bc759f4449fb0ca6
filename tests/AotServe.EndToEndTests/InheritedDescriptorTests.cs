using System;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>Descriptors that a parent left open: the server closes them, but for the sockets that it was passed.</summary>
public sealed class InheritedDescriptorTests(PublishedServer published)
{
    /// <summary>Opens a device at several numbers, which the server inherits.</summary>
    private const string Careless =
        "exec bash -c 'exec 4</dev/zero 9</dev/zero 77</dev/zero 500</dev/zero; exec \"$0\" \"$@\"' \"$0\" \"$@\"";

    [Theory]
    [Pollers]
    public void What_was_left_open_is_closed(string poller)
    {
        using ServerProcess server = Serve(published.Binary, "--port", "0", "--bind", "127.0.0.1", "--poller", poller);
        AssertServesWithoutThem(server);
    }

    [Fact]
    public void Sockets_that_were_passed_stay_and_the_others_are_closed()
    {
        using ServerProcess server = Serve(PassSockets.Path, "tcp", "--", published.Binary);
        AssertServesWithoutThem(server);
    }

    [Fact]
    public void Sockets_that_were_passed_to_another_process_are_closed_too()
    {
        using var server = ServerProcess.Serve(new ServerStart
        {
            Binary = published.Binary,
            Arguments = ["--port", "0", "--bind", "127.0.0.1"],
            Environment = new System.Collections.Generic.Dictionary<string, string> { ["LISTEN_FDS"] = "2", ["LISTEN_PID"] = "1" },
            Shell = Careless,
        });
        AssertServesWithoutThem(server);
    }

    /// <summary>With users, the runtime opens a source of random bytes while it reads the options.</summary>
    [Fact]
    public void What_an_argument_names_is_read_and_the_rest_is_closed()
    {
        using var folder = new TemporaryFolder();
        folder.Write("index.html", "page");
        string users = folder["../users"];
        System.IO.File.WriteAllText(users, "ann:$pbkdf2-sha256$i=1000$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n");
        using var server = ServerProcess.Serve(new ServerStart
        {
            Binary = published.Binary,
            Arguments = ["--port", "0", "--bind", "127.0.0.1", folder.Root, "--auth-file", "/dev/fd/5"],
            Shell = $"exec 5<'{users}'; {Careless}",
        });
        using var client = new RawClient(server.Port);
        Assert.Equal(401, client.Get("/").Status);
        Assert.DoesNotContain("/dev/zero", Proc.Descriptors(server.Pid));
    }

    private static ServerProcess Serve(string binary, params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc tells which descriptors are open.");
        return ServerProcess.Serve(new ServerStart { Binary = binary, Arguments = arguments, Shell = Careless });
    }

    private static void AssertServesWithoutThem(ServerProcess server)
    {
        using var client = new RawClient(server.Port);
        Assert.Equal(200, client.Get("/").Status);
        Assert.DoesNotContain("/dev/zero", Proc.Descriptors(server.Pid));
    }
}
