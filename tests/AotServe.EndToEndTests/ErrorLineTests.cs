using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>What a line on stderr begins with, which depends on where stderr leads, and what it says of a request that failed.</summary>
public sealed class ErrorLineTests(PublishedServer published) : IDisposable
{
    private const string Time = @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ aotserve: ";
    private const string ToFile = "exec \"$0\" \"$@\" 2>>\"$ERRORS\"";
    private const string ToJournal = "exec 2>>\"$ERRORS\"; JOURNAL_STREAM=$(stat -c %d:%i \"$ERRORS\"); export JOURNAL_STREAM; exec \"$0\" \"$@\"";
    private const string ToFileBesideJournal = "exec 2>>\"$ERRORS\"; JOURNAL_STREAM=$(stat -c %d:%i /); export JOURNAL_STREAM; exec \"$0\" \"$@\"";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ToFile, Time + "SIGHUP ignored")]
    [InlineData(ToJournal, "^<3>aotserve: SIGHUP ignored")]
    [InlineData(ToFileBesideJournal, Time + "SIGHUP ignored")]
    public void In_a_file_it_has_the_time_and_in_the_journal_the_level(string shell, string pattern)
    {
        SkipUnlessLinux();
        using var server = ServerProcess.Serve(Start(shell, "--port", "0", "--bind", "127.0.0.1"));
        server.Signal(Posix.SIGHUP);
        Eventually.Holds(() => File.ReadAllText(_folder["../errors"]).EndsWith('\n'), "the line is written");
        Assert.Matches(pattern, Assert.Single(File.ReadAllLines(_folder["../errors"])));
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForExit());
    }

    [Theory]
    [InlineData(ToFile, Time + "--port: 'x'")]
    [InlineData(ToJournal, "^<3>aotserve: --port: 'x'")]
    public void So_has_an_error_that_prevents_the_start(string shell, string pattern)
    {
        SkipUnlessLinux();
        using var server = ServerProcess.Start(Start(shell, "--port", "x"));
        Assert.Equal(2, server.WaitForExit());
        Assert.Matches(pattern, Assert.Single(File.ReadAllLines(_folder["../errors"])));
    }

    [Theory]
    [InlineData("exec \"$0\" \"$@\"")]
    [InlineData("JOURNAL_STREAM=1:2; export JOURNAL_STREAM; exec \"$0\" \"$@\"")]
    public void On_a_pipe_it_has_neither(string shell)
    {
        SkipUnlessLinux();
        using var server = ServerProcess.Serve(Start(shell, "--port", "0", "--bind", "127.0.0.1"));
        server.Signal(Posix.SIGHUP);
        server.AwaitLine(line => line.StartsWith("aotserve: SIGHUP ignored", StringComparison.Ordinal));
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Single(server.Stderr);
    }

    [Fact]
    public void A_request_that_failed_is_named_on_one_line_and_its_query_cannot_end_it()
    {
        using var server = ServerProcess.Serve(published.HooksBinary);
        foreach (string method in (string[])["GET", "PUT"])
        {
            using var client = new RawClient(server.Port);
            Assert.Equal(500, client.Request(method, "/__hooks/throw?a=%0Ab").Status);
        }

        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Equal(2, server.Stderr.Count);
        Assert.Equal(["GET", "PUT"], server.Stderr.Select(line => line.Split('(')[1].Split(' ')[0]).Order());
        Assert.All(server.Stderr, line => Assert.Matches(@"^aotserve: a request failed \((GET|PUT) /__hooks/throw\S*\): \w+: ", line));
        Assert.All(server.Stderr, line => Assert.DoesNotContain(line, char.IsControl));
    }

    private static void SkipUnlessLinux() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Levels and times are for systemd and files of Linux.");

    private ServerStart Start(string shell, params string[] arguments) => new()
    {
        Binary = published.Binary,
        Arguments = arguments,
        Environment = new Dictionary<string, string> { ["ERRORS"] = _folder.Write("../errors", "") },
        Shell = shell,
    };
}
