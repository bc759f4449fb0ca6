using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using AotServe.Cli;
using AotServe.Printing;
using AotServe.Tests.Cli;
using Xunit;

namespace AotServe.Tests.Printing;

/// <summary><c>print unit</c>: the command line comes back as it was given, and the rest follows from it.</summary>
public sealed class ServiceUnitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_the_unit_of_the_README_for_the_options_given()
    {
        var unit = Unit.OfService("/usr", "--port", "80", "--shutdown-timeout", "30");
        Assert.Equal([Unit.Binary, "/usr", "--port", "80", "--shutdown-timeout", "30"], unit.Command);
        string[] lines =
        [
            "[Unit]", "[Service]", "Type=notify-reload", "DynamicUser=yes", "AmbientCapabilities=CAP_NET_BIND_SERVICE",
            "CapabilityBoundingSet=CAP_NET_BIND_SERVICE", "ProtectHome=yes", "LimitNOFILE=65536",
            "SystemCallFilter=@system-service landlock_create_ruleset landlock_add_rule landlock_restrict_self", "WatchdogSec=30", "Restart=on-failure",
            "RestartPreventExitStatus=2", "[Install]", "WantedBy=multi-user.target",
        ];
        Assert.Equal(lines, unit.Text.Split('\n').Where(lines.Contains));
        string[] absent = ["User", "Group", "LogsDirectory", "RuntimeDirectory", "ReadWritePaths", "TimeoutStopSec"];
        Assert.All(absent, name => Assert.Empty(unit[name]));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("100%h")]
    [InlineData("$HOME ${HOME} $$")]
    [InlineData("a\\b\\")]
    [InlineData("\"quoted\" and 'single'")]
    [InlineData(";")]
    [InlineData("#")]
    [InlineData("tab\tand\u007f")]
    [InlineData("ünï çode €")]
    [InlineData("-x")]
    public void Whatever_a_value_holds_systemd_reads_it_as_it_was(string value)
    {
        string root = _folder[value.Replace('\u007f', 'x')];
        Directory.CreateDirectory(root);
        string ascii = new([.. value.Where(c => c is >= '!' and <= '~')]);
        var unit = Unit.OfService("/opt/my $%\"\\server", [], root, "--hide", "x" + value, "--header", "X-A: 1" + ascii);
        Assert.Equal("/opt/my $%\"\\server", unit.Command[0]);
        Assert.Equal(root, unit.Command[1]);
        Assert.Equal("x" + value, unit.Command[3]);
        Assert.Equal("X-A: 1" + ascii, unit.Command[5]);
        Assert.DoesNotContain(unit.Text, c => c is '\t' or '\u007f');
        Assert.Equal(root, CommandLine.Parse([.. unit.Command.Skip(1)], _ => null).Options?.Root);
    }

    [Fact]
    public void Paths_are_full_names_are_long_and_what_a_later_value_replaces_is_left_out()
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, _folder.Root);
        File.WriteAllText(_folder["users"], "");
        var unit = Unit.OfService(
            "-p80", "--port", "81", relative, "--vhost", "a.example=" + relative, "--hide", "*.bak", "--hide", "*.old", "--auth-file", relative + "/users",
            "--access-log", "-", "--cors", "--dev", "--dev", "--header=-x: y");
        Assert.Equal(
            [
                Unit.Binary, _folder.Root, "--port", "81", "--vhost", "a.example=" + _folder.Root, "--hide", "*.bak", "--hide", "*.old",
                "--auth-file", _folder["users"], "--access-log=-", "--cors", "--dev", "--header=-x: y",
            ],
            unit.Command);
        Assert.Equal(
            [Unit.Binary, "--cors=https://a.example", "--cors=https://b.example"],
            Unit.OfService("--cors=https://a.example", "--cors=https://b.example").Command);
    }

    [Fact]
    public void Systemd_becomes_the_user_and_the_server_is_not_asked_to()
    {
        var unit = Unit.OfService("--user", "www-data:adm", "--port", "443");
        Assert.Equal([Unit.Binary, "--port", "443"], unit.Command);
        Assert.Equal("www-data", Assert.Single(unit["User"]));
        Assert.Equal("adm", Assert.Single(unit["Group"]));
        Assert.Equal("strict", Assert.Single(unit["ProtectSystem"]));
        Assert.Empty(unit["DynamicUser"]);
        Assert.Empty(Unit.OfService("--user", "1000")["Group"]);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a\nExecStart=/bin/sh")]
    [InlineData("%u")]
    [InlineData(":adm")]
    [InlineData("adm:")]
    public void A_user_that_a_unit_cannot_name_is_refused(string user)
    {
        ParsedCommand.PrintText asked = Unit.Parse("unit", "--user", user);
        Assert.False(ServiceUnit.TryMake(Unit.Binary, asked.Options, asked.Given, [], out _, out string? error));
        Assert.StartsWith("--user: '", error);
        Assert.Contains("give USER or USER:GROUP", error);
        Assert.DoesNotContain('\n', error);
        Assert.False(SocketUnit.TryMake(Unit.Parse("socket", "--user", user).Options, out _, out _));
    }

    [Theory]
    [InlineData(true, "--port", "1023")]
    [InlineData(false, "--port", "1024")]
    [InlineData(false, "--port", "0")]
    [InlineData(false)]
    [InlineData(false, "--port", "80", "--bind", "unix:/run/aotserve/http.sock")]
    [InlineData(true, "--port", "80", "--bind", "unix:/run/aotserve/http.sock", "--bind", "::1")]
    [InlineData(true, "--admin", "127.0.0.1:90")]
    [InlineData(false, "--admin", "127.0.0.1:9090")]
    public void A_capability_is_for_low_ports_only(bool isGiven, params string[] arguments)
    {
        var unit = Unit.OfService(arguments);
        Assert.Equal(isGiven ? ["CAP_NET_BIND_SERVICE"] : [], unit["AmbientCapabilities"]);
        Assert.Equal([isGiven ? "CAP_NET_BIND_SERVICE" : ""], unit["CapabilityBoundingSet"]);
    }

    [Fact]
    public void Folders_of_the_log_and_of_sockets_are_made_or_can_be_written_to()
    {
        var unit = Unit.OfService(
            "--access-log", "/var/log/aotserve/access.log", "--bind", "unix:/run/aotserve/http.sock", "--bind", "unix:/run/aotserve/b.sock",
            "--admin", "unix:/run/aotserve-admin/a.sock");
        Assert.Equal(["aotserve"], unit["LogsDirectory"]);
        Assert.Equal(["aotserve aotserve-admin"], unit["RuntimeDirectory"]);
        Assert.Equal(["yes"], unit["RuntimeDirectoryPreserve"]);
        Assert.Empty(unit["ReadWritePaths"]);

        Directory.CreateDirectory(_folder["a b%"]);
        unit = Unit.OfService("--access-log", _folder["a b%/log"], "--bind", "unix:" + _folder["a b%/sock"], "--bind", "unix:/run/http.sock");
        Assert.Equal([$"\"{_folder["a b%%"]}\"", "/run"], unit["ReadWritePaths"]);
        Assert.Empty(unit["LogsDirectory"]);
        Assert.Empty(unit["RuntimeDirectory"]);
    }

    [Fact]
    public void What_the_service_would_not_see_is_made_readable_or_noted()
    {
        Assert.Equal(["read-only"], Unit.OfService("/home/ann/aotserve", [])["ProtectHome"]);
        Assert.Equal(["yes"], Unit.OfService("/homes/aotserve", [])["ProtectHome"]);
        List<string> notes = [];
        Unit.OfService("/tmp/aotserve", notes);
        Assert.Equal(["the service does not see /tmp/aotserve, for systemd gives it a /tmp and a /var/tmp of its own; move it elsewhere"], notes);
    }

    [Theory]
    [InlineData(null, "--shutdown-timeout", "85")]
    [InlineData("91", "--shutdown-timeout", "85.001")]
    [InlineData("115", "--shutdown-timeout", "60", "--drain-delay", "50")]
    public void A_stop_has_the_time_that_it_was_given(string? seconds, params string[] arguments) =>
        Assert.Equal(seconds is null ? [] : [seconds], Unit.OfService(arguments)["TimeoutStopSec"]);

    [Theory]
    [InlineData("65536", "--max-connections", "1000")]
    [InlineData("104096", "--max-connections", "100000")]
    [InlineData("1048576", "--max-connections", "2000000000")]
    public void There_are_descriptors_for_the_connections_asked_for(string limit, params string[] arguments) =>
        Assert.Equal([limit], Unit.OfService(arguments)["LimitNOFILE"]);
}
