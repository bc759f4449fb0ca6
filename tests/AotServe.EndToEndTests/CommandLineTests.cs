using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>What the binary says to its command line and environment, before it listens and where it cannot.</summary>
public sealed class CommandLineTests(PublishedServer published)
{
    [Theory]
    [InlineData("unknown option", "--bogus", "--bogus")]
    [InlineData("near miss", "did you mean --port", "--prot", "80")]
    [InlineData("near miss with a value", "did you mean --threads", "--thread=4")]
    [InlineData("missing value", "--port", "--port")]
    [InlineData("empty value", "--port", "--port=")]
    [InlineData("port not a number", "0 to 65535", "--port", "abc")]
    [InlineData("port too large", "0 to 65535", "--port", "65536")]
    [InlineData("negative port", "0 to 65535", "--port", "-1")]
    [InlineData("port with a sign", "0 to 65535", "--port=+80")]
    [InlineData("no threads", "--threads", "--threads", "0")]
    [InlineData("threads not a number", "--threads", "--threads", "many")]
    [InlineData("address not an address", "nonsense", "--bind", "nonsense")]
    [InlineData("name in place of an address", "localhost", "--bind", "localhost")]
    [InlineData("missing address", "--bind", "--bind")]
    [InlineData("exit-after not a number", "--exit-after", "--exit-after", "soon")]
    [InlineData("negative exit-after", "--exit-after", "--exit-after=-1")]
    [InlineData("timeout not a number", "--shutdown-timeout", "--shutdown-timeout", "long")]
    [InlineData("negative timeout", "--shutdown-timeout", "--shutdown-timeout", "-1")]
    [InlineData("root that is not there", "/no/such/folder", "/no/such/folder")]
    [InlineData("root by its option that is not there", "/no/such/folder", "--root", "/no/such/folder")]
    [InlineData("root that is a file", "/etc/passwd", "/etc/passwd")]
    [InlineData("two roots", "/usr", "/", "/usr")]
    [InlineData("value where none belongs", "--help", "--help=yes")]
    public void A_command_line_error_is_one_line_on_stderr_and_exit_code_2(string what, string says, params string[] arguments)
    {
        using var taken = new TakenPort();
        // With a port that is in use, an attempt to listen would end with exit code 1.
        string[] defaults = arguments.Any(argument => argument.StartsWith("--p", StringComparison.Ordinal))
            ? ["--bind", "127.0.0.1"]
            : ["--bind", "127.0.0.1", "--port", taken.Port];

        using ServerProcess server = Run([.. defaults, .. arguments]);

        Assert.Equal(2, server.WaitForOutput());
        Assert.Empty(server.Stdout);
        string line = Assert.Single(server.Stderr);
        Assert.True(line.Contains(says, StringComparison.Ordinal), $"{what}: {line}");
        Assert.StartsWith("aotserve: ", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AOTSERVE_PORT", "abc")]
    [InlineData("AOTSERVE_THREADS", "0")]
    [InlineData("AOTSERVE_BIND", "nonsense")]
    [InlineData("AOTSERVE_ROOT", "/no/such/folder")]
    [InlineData("AOTSERVE_EXIT_AFTER", "soon")]
    [InlineData("AOTSERVE_SHUTDOWN_TIMEOUT", "long")]
    public void A_bad_value_in_the_environment_is_an_error_that_names_the_variable(string name, string value)
    {
        using var server = ServerProcess.Start(new ServerStart
        {
            Binary = published.Binary,
            Environment = new Dictionary<string, string> { [name] = value },
        });

        Assert.Equal(2, server.WaitForOutput());
        Assert.Contains(name, Assert.Single(server.Stderr), StringComparison.Ordinal);
    }

    [Fact]
    public void Help_names_every_option_on_stdout()
    {
        using ServerProcess server = Run("--help");

        Assert.Equal(0, server.WaitForOutput());
        Assert.Empty(server.Stderr);
        string text = string.Join('\n', server.Stdout);
        Assert.All(
            ["--port", "--threads", "--bind", "--exit-after", "--shutdown-timeout", "--help", "--version", "--root", "ROOT", "7878", "AOTSERVE_"],
            option => Assert.Contains(option, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Version_is_one_line_on_stdout()
    {
        using ServerProcess server = Run("--version");

        Assert.Equal(0, server.WaitForOutput());
        Assert.Empty(server.Stderr);
        Assert.Matches(@"^aotserve \d+\.\d+\.\d+", Assert.Single(server.Stdout));
    }

    [Theory]
    [InlineData("--port=0", "--threads=2", "--bind=127.0.0.1")]
    [InlineData("--port", "0", "--threads", "2", "--bind", "127.0.0.1")]
    public void Options_take_their_value_after_a_space_or_an_equals_sign(params string[] arguments)
    {
        using var server = ServerProcess.Serve(new ServerStart { Binary = published.Binary, Arguments = arguments });
        using var client = new RawClient(server.Port);

        Assert.Equal(200, client.Get("/").Status);
        Assert.Contains("2 threads", server.ReadyLine, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_option_can_come_from_the_environment_and_the_command_line_wins()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.txt", "from the environment's root");
        using var server = ServerProcess.Serve(new ServerStart
        {
            Binary = published.Binary,
            Arguments = ["--threads", "3", "--port", "0"],
            Environment = new Dictionary<string, string>
            {
                ["AOTSERVE_PORT"] = "1",
                ["AOTSERVE_THREADS"] = "7",
                ["AOTSERVE_BIND"] = "127.0.0.1",
                ["AOTSERVE_ROOT"] = folder.Root,
                ["AOTSERVE_EXIT_AFTER"] = "1",
                ["AOTSERVE_SHUTDOWN_TIMEOUT"] = "9",
            },
        });

        using (var client = new RawClient(server.Port))
        {
            Assert.Equal("from the environment's root", client.Get("/a.txt", "Connection: close").Text);
        }

        Assert.Equal(0, server.WaitForOutput());
        Assert.Equal([0, 1, 2], server.WorkersShutDown);
    }

    [Fact]
    public void The_root_has_two_spellings()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.txt", "here");
        foreach (string[] arguments in (string[][])[[folder.Root], ["--root", folder.Root], ["--root=" + folder.Root]])
        {
            using var server = ServerProcess.Serve(published.Binary, arguments);
            using var client = new RawClient(server.Port);
            Assert.Equal("here", client.Get("/a.txt").Text);
        }
    }

    [Fact]
    public void An_address_in_use_is_one_line_that_names_it_and_exit_code_1()
    {
        using var taken = new TakenPort();
        using ServerProcess server = Run("--bind", "127.0.0.1", "--port", taken.Port);

        Assert.Equal(1, server.WaitForOutput());
        Assert.Empty(server.Stdout);
        Assert.Contains("127.0.0.1:" + taken.Port, Assert.Single(server.Stderr), StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_of_another_machine_is_one_line_that_names_it_and_exit_code_1()
    {
        using ServerProcess server = Run("--bind", "192.0.2.1", "--port", "0");

        Assert.Equal(1, server.WaitForOutput());
        Assert.Empty(server.Stdout);
        Assert.Contains("192.0.2.1", Assert.Single(server.Stderr), StringComparison.Ordinal);
    }

    [Fact]
    public void The_ready_line_names_url_threads_and_pid()
    {
        using var server = ServerProcess.Serve(published.Binary, "--threads", "5");

        Assert.Equal(server.ReadyLine, Assert.Single(server.Stdout));
        Assert.Contains($"http://127.0.0.1:{server.Port}", server.ReadyLine, StringComparison.Ordinal);
        Assert.Contains("5 threads", server.ReadyLine, StringComparison.Ordinal);
        Assert.EndsWith($"pid {server.Pid}", server.ReadyLine, StringComparison.Ordinal);
        Assert.NotEqual(0, server.Port);
    }

    [Fact]
    public void One_bound_IPv6_address_is_served_and_no_other()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "There is no IPv6 here.");
        using var server = ServerProcess.Serve(new ServerStart { Binary = published.Binary, Arguments = ["--bind", "::1", "--port", "0"] });
        using var client = new RawClient(server.Port, IPAddress.IPv6Loopback);

        Assert.Equal(200, client.Get("/").Status);
        Assert.Contains("http://[::1]:", server.ReadyLine, StringComparison.Ordinal);
        Assert.Throws<SocketException>(() => new RawClient(server.Port, IPAddress.Loopback));
    }

    [Theory]
    [Pollers]
    public void Several_bound_addresses_are_served_on_the_same_port(string poller)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "There is no IPv6 here.");
        using var server = ServerProcess.Serve(published.Binary, "--bind", "::1", "--poller", poller);
        foreach (IPAddress address in (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback])
        {
            using var client = new RawClient(server.Port, address);
            Assert.Equal(200, client.Get("/").Status);
        }

        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
    }

    private ServerProcess Run(params string[] arguments) =>
        ServerProcess.Start(new ServerStart { Binary = published.Binary, Arguments = arguments });

    /// <summary>A port of 127.0.0.1 that somebody listens on.</summary>
    private sealed class TakenPort : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public TakenPort() => _listener.Start();

        public string Port => ((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        public void Dispose() => _listener.Dispose();
    }
}
