using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Text;
using AotServe.Cli;
using AotServe.Observation;
using Xunit;

namespace AotServe.Tests.Cli;

/// <summary>The options of the access log, and <c>--dev</c>, which is short for some of them.</summary>
public sealed class ObservationOptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string LogFile => _folder["../access.log"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_an_option_there_is_no_log() => Assert.Equal(new AccessLogOptions(), Options().AccessLog with { Skip = new AccessLogOptions().Skip });

    [Fact]
    public void Each_option_is_read()
    {
        AccessLogOptions log = Options(
            _folder.Root, "--access-log", LogFile, "--log-format", "json", "--log-skip", "/healthz", "--log-skip=*.ico").AccessLog;
        Assert.Equal((Path.GetFullPath(LogFile), LogFormat.Json, true), (log.File, log.Format, log.IsFormatGiven));
        Assert.Equal(["/healthz", "*.ico"], log.Skip);
    }

    [Fact]
    public void Combined_is_the_default_and_can_be_asked_for()
    {
        AccessLogOptions log = Options("--access-log=" + LogFile).AccessLog;
        Assert.Equal((LogFormat.Combined, false), (log.Format, log.IsFormatGiven));
        log = Options("--access-log=" + LogFile, "--log-format=combined").AccessLog;
        Assert.Equal((LogFormat.Combined, true), (log.Format, log.IsFormatGiven));
    }

    [Fact]
    public void A_dash_is_stdout_and_another_path_is_made_a_full_one()
    {
        Assert.Equal("-", Options("--access-log", "-").AccessLog.File);
        Assert.Equal("-", Options("--access-log=-").AccessLog.File);
        Assert.Equal(Path.GetFullPath("x.log"), Options("--access-log=x.log").AccessLog.File);
    }

    [Fact]
    public void Variables_say_the_same()
    {
        ServerOptions options = CommandLine.Parse([], name => name switch
        {
            "AOTSERVE_ACCESS_LOG" => "-",
            "AOTSERVE_LOG_FORMAT" => "json",
            "AOTSERVE_LOG_SKIP" => "a b\n*, c",
            _ => null,
        }).Options!;
        Assert.Equal(("-", LogFormat.Json), (options.AccessLog.File, options.AccessLog.Format));
        Assert.Equal(["a b", "*, c"], options.AccessLog.Skip);
    }

    [Fact]
    public void A_folder_is_no_file()
    {
        Assert.Contains("is a folder; give a file in it", Error("--access-log", _folder.Root), StringComparison.Ordinal);
        Assert.Contains("is a folder; give a file in it", Error("--access-log", _folder["../none/"]), StringComparison.Ordinal);
        Assert.Contains("folder that does not exist", Error("--access-log", _folder["../none/access.log"]), StringComparison.Ordinal);
        Assert.Contains("folder that does not exist", Error("--access-log", Path.Combine(_folder.Write("file", ""), "x")), StringComparison.Ordinal);
        Assert.Contains("needs a value", Error("--access-log="), StringComparison.Ordinal);
        Assert.Contains("needs a value", Error("--access-log", "--verbose"), StringComparison.Ordinal);
        Assert.NotEmpty(Error("--access-log=a\0b"));
    }

    [Theory]
    [InlineData("JSON")]
    [InlineData("common")]
    [InlineData("combined ")]
    [InlineData("json,combined")]
    public void Another_format_is_refused(string format) =>
        Assert.Contains("is not combined or json", Error("--access-log=-", "--log-format", format), StringComparison.Ordinal);

    [Theory]
    [InlineData("--log-format=json")]
    [InlineData("--log-format=combined")]
    [InlineData("--log-skip=*.ico")]
    public void What_is_about_the_log_needs_one(string option)
    {
        Assert.Contains("give --access-log FILE", Error(option), StringComparison.Ordinal);
        Assert.Equal("-", Options("--dev", option).AccessLog.File); // --dev has one.
    }

    [Fact]
    public void A_log_is_not_served()
    {
        _folder.MakeFolder("sub");
        foreach (string file in (string[])["access.log", "sub/access.log", "../root/access.log", "sub/../access.log"])
        {
            AssertServed(_folder.Root, "--access-log", _folder[file]);
            AssertServed("--access-log", _folder[file], "--vhost", "a.example=" + _folder.Root);
            AssertServed("--access-log", _folder[file], "--root", _folder.Root + "/");
        }

        _folder.MakeFolder("../root-2");
        Assert.NotNull(Options(_folder.Root, "--access-log", _folder["../root-2/access.log"]).AccessLog.File);
        Assert.NotNull(Options(_folder["sub"], "--access-log", _folder["access.log"]).AccessLog.File);
        Assert.NotNull(Options("--access-log", _folder["access.log"]).AccessLog.File);
    }

    [Fact]
    public void A_log_is_not_served_by_way_of_a_link()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "On Windows links take a right of their own.");
        _folder.MakeFolder("sub");
        _folder.Link("../link", "root");
        _folder.Link("../into", "link/sub");
        _folder.Link("../file.log", "root/new.log");
        _folder.Link("../loop", "loop");
        AssertServed(_folder.Root, "--access-log", _folder["../link/access.log"]);
        AssertServed(_folder.Root, "--access-log", _folder["../into/access.log"]);
        AssertServed(_folder.Root, "--access-log", _folder["../file.log"]);
        AssertServed(_folder["../link"], "--access-log", _folder["access.log"]);
        AssertServed("--access-log", _folder["access.log"], "--vhost", "a.example=" + _folder["../link"]);
        Assert.NotNull(Options(_folder["../into"], "--access-log", _folder["../link/access.log"]).AccessLog.File);
        Assert.NotNull(Options(_folder.Root, "--access-log", _folder["../loop"]).AccessLog.File);
    }

    [Fact]
    public void Dev_means_loopback_a_listing_no_caching_and_a_log_on_stdout()
    {
        ServerOptions options = Options("--dev", _folder.Root);
        Assert.Equal([IPAddress.Loopback], options.Listen.Addresses);
        Assert.True(options.Site.Listing);
        Assert.Equal(0, options.CacheBytes);
        Assert.Equal("no-store", CacheControl(options, "a.html"));
        Assert.Equal(("-", LogFormat.Combined, false), (options.AccessLog.File, options.AccessLog.Format, options.AccessLog.IsFormatGiven));
        Assert.Equal([IPAddress.Loopback], CommandLine.Parse([], name => name == "AOTSERVE_DEV" ? "1" : null).Options!.Listen.Addresses);
    }

    [Fact]
    public void Without_dev_none_of_it_holds()
    {
        ServerOptions options = Options(_folder.Root);
        Assert.Empty(options.Listen.Addresses);
        Assert.False(options.Site.Listing);
        Assert.NotEqual(0, options.CacheBytes);
        Assert.Equal("no-cache", CacheControl(options, "a.html"));
        Assert.Null(options.AccessLog.File);
    }

    [Fact]
    public void What_is_given_beside_dev_wins()
    {
        ServerOptions options = Options(
            "--dev", _folder.Root, "--bind", "0.0.0.0", "--cache-control", "*.css=max-age=60", "--access-log", LogFile, "--log-format=json");
        Assert.Equal([IPAddress.Any], options.Listen.Addresses);
        Assert.Equal("max-age=60", CacheControl(options, "a.css"));
        Assert.Equal("no-store", CacheControl(options, "a.html"));
        Assert.Equal((Path.GetFullPath(LogFile), LogFormat.Json), (options.AccessLog.File, options.AccessLog.Format));
        options = Options("--dev", "--cache-control", "max-age=5");
        Assert.Equal("max-age=5", CacheControl(options, "a.html"));
        AssertServed("--dev", _folder.Root, "--access-log", _folder["access.log"]);
    }

    [Fact]
    public void A_unix_socket_beside_dev_is_the_only_address()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix sockets are served on Unix.");
        ServerOptions options = Options("--dev", "--bind", "unix:" + _folder["s"]);
        Assert.Equal((0, 1), (options.Listen.Addresses.Length, options.Listen.UnixPaths.Length));
    }

    private static string CacheControl(ServerOptions options, string path) =>
        Encoding.ASCII.GetString(options.Site.CachePolicy.ValueFor(Encoding.ASCII.GetBytes(path)));

    private static void AssertServed(params string[] args) => Assert.Contains("which is served; put it elsewhere", Error(args), StringComparison.Ordinal);

    private static ServerOptions Options(params string[] args)
    {
        ParsedCommand result = CommandLine.Parse(args, new Dictionary<string, string>().GetValueOrDefault);
        Assert.Null(result.Error);
        return result.Options!;
    }

    private static string Error(params string[] args) => Assert.IsType<string>(CommandLine.Parse(args, _ => null).Error);
}
