using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using AotServe.Cli;
using Xunit;

namespace AotServe.Tests.Cli;

/// <summary>Unix sockets on the command line, and the options about them and about proxies: what is taken, and what is refused.</summary>
public sealed class UnixPathTests : IDisposable
{
    private const UnixFileMode ForOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode ForGroup = ForOwner | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
    private const UnixFileMode ForAll = ForGroup | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly string _folder = Directory.CreateTempSubdirectory("aotserve-unix-").FullName;

    public UnixPathTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix sockets are listened on where there are signals.");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_path_is_made_full_and_each_counts_beside_the_addresses()
    {
        string path = Path.Combine(_folder, "a.sock");
        Assert.Equal([path], Bound(path));
        Assert.Equal([path], Bound(Path.Combine(_folder, "x", "..", ".", "a.sock")));
        Assert.Equal([path], Bound(Path.GetRelativePath(Environment.CurrentDirectory, path)));
        Assert.Equal([Path.Combine(Environment.CurrentDirectory, "a.sock")], Bound("a.sock"));

        ServerOptions options = Parse("--bind", "unix:" + path, "--bind", "::1", "--bind", $"unix:{path}2").Options!;
        Assert.Equal([path, path + "2"], options.Listen.UnixPaths);
        Assert.Equal("::1", Assert.Single(options.Listen.Addresses).ToString());
        Assert.False(Parse("--bind", "unix:" + path).Options!.Listen.IsEverywhere);
        Assert.Equal(
            [path], CommandLine.Parse([], name => name == "AOTSERVE_BIND" ? $"127.0.0.1,unix:{path}" : null).Options!.Listen.UnixPaths);
    }

    [Fact]
    public void A_file_that_is_there_is_no_matter_of_the_command_line()
    {
        string path = Path.Combine(_folder, "file");
        File.WriteAllText(path, "");
        Assert.Equal([path], Bound(path));
    }

    [Fact]
    public void The_same_path_twice_is_an_error_however_it_is_written() => Assert.Equal(
        $"--bind: 'unix:{_folder}/./a.sock' is given twice; give each address once",
        Parse("--bind", $"unix:{_folder}/a.sock", "--bind", $"unix:{_folder}/./a.sock").Error);

    [Theory]
    [InlineData("")]
    [InlineData("@abstract")]
    [InlineData("/a\0b")]
    public void What_is_no_path_is_refused(string text)
    {
        string error = Parse("--bind", "unix:" + text).Error!;
        Assert.StartsWith("--bind: 'unix:", error, StringComparison.Ordinal);
        Assert.EndsWith(
            " has no path; write unix:/run/aotserve.sock, for a socket without a file cannot be kept from other users", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_has_at_most_107_bytes()
    {
        string folder = _folder + "/";
        int left = 107 - Encoding.UTF8.GetByteCount(folder);
        foreach (string name in (string[])[new string('a', left), new string('é', left / 2) + new string('a', left % 2)])
        {
            Assert.Equal([folder + name], Bound(folder + name));
            Assert.Equal([folder + name], Bound($"{folder}{new string('x', 200)}/../{name}")); // The full path is what counts.
            Assert.Equal(
                $"--bind: 'unix:{folder}{name}b' is too long: the path of a Unix socket has at most 107 bytes",
                Parse("--bind", $"unix:{folder}{name}b").Error);
        }
    }

    [Fact]
    public void A_folder_and_a_missing_folder_are_refused()
    {
        Assert.Equal(
            $"--bind: 'unix:{_folder}' is a folder; give the path of the socket in it, such as 'unix:{_folder}/aotserve.sock'",
            Parse("--bind", "unix:" + _folder).Error);
        Assert.Equal(
            $"--bind: 'unix:{_folder}/' is a folder; give the path of the socket in it, such as 'unix:{_folder}/aotserve.sock'",
            Parse("--bind", $"unix:{_folder}/").Error);
        Assert.Equal(
            $"--bind: 'unix:{_folder}/none/a.sock' is in a folder that does not exist; make the folder, or choose another path",
            Parse("--bind", $"unix:{_folder}/none/a.sock").Error);
    }

    [Theory]
    [InlineData("600", ForOwner)]
    [InlineData("660", ForGroup)]
    [InlineData("0660", ForGroup)]
    [InlineData("666", ForAll)]
    [InlineData(null, ForAll)]
    public void A_mode_is_three_octal_digits(string? text, UnixFileMode mode) =>
        Assert.Equal(mode, Parse(text is null ? [] : ["--socket-mode", text]).Options!.Listen.SocketMode);

    [Theory]
    [InlineData("6")]
    [InlineData("66")]
    [InlineData("888")]
    [InlineData("668")]
    [InlineData("6660")]
    [InlineData("1660")]
    [InlineData("00660")]
    [InlineData("rw")]
    [InlineData("+66")]
    [InlineData(" 66")]
    [InlineData("\u0666\u0666\u0660")]
    public void Any_other_mode_is_refused(string text) =>
        Assert.Equal($"--socket-mode: '{text}' is not three octal digits such as 660", Parse("--socket-mode", text).Error);

    [Theory]
    [InlineData("unix")]
    [InlineData("unix:")]
    public void Whoever_comes_by_a_Unix_socket_can_be_trusted(string text)
    {
        Assert.False(Parse().Options!.Limits.TrustsUnix);
        ServerOptions options = Parse("--trusted-proxy", text, "--trusted-proxy", "10.0.0.0/8", "--proxy-protocol").Options!;
        Assert.True(options.Limits.TrustsUnix);
        Assert.True(options.Limits.UsesProxyProtocol);
        Assert.Single(options.Limits.TrustedProxies);
        Assert.True(Parse("--trusted-proxy", text, "--proxy-protocol").Options!.Limits.UsesProxyProtocol);
    }

    [Theory]
    [InlineData("unix:/run/a.sock")]
    [InlineData("Unix")]
    [InlineData("unix/8")]
    public void A_single_Unix_socket_is_no_proxy(string text) =>
        Assert.StartsWith($"--trusted-proxy: '{text}' is not an address or a network", Parse("--trusted-proxy", text).Error, StringComparison.Ordinal);

    [Fact]
    public void The_PROXY_protocol_takes_proxies_that_are_trusted()
    {
        Assert.Equal(
            "--proxy-protocol takes the word of proxies that are trusted; name them with --trusted-proxy", Parse("--proxy-protocol").Error);
        Assert.NotNull(Parse("--proxy-protocol", "--trusted-proxy", "127.0.0.1").Options);
    }

    [Theory]
    [InlineData("", "/")]
    [InlineData(":/healthz", "/healthz")]
    [InlineData(":/a?b=c:/d", "/a?b=c:/d")]
    public void A_health_check_takes_a_Unix_socket_and_what_is_asked_for(string behind, string target)
    {
        foreach (string written in (string[])[$"{_folder}/a.sock", Path.GetRelativePath(Environment.CurrentDirectory, $"{_folder}/a.sock")])
        {
            HealthCheckUrl url = Assert.IsType<ParsedCommand.HealthCheck>(Parse("healthcheck", $"unix:{written}{behind}")).Url;
            Assert.Equal(($"{_folder}/a.sock", "localhost", target), (url.UnixPath, url.Authority, url.Target));
        }
    }

    [Theory]
    [InlineData("unix:")]
    [InlineData("unix::/healthz")]
    [InlineData("unix:@abstract:/healthz")]
    [InlineData("unix:/a.sock:/a b")]
    [InlineData("unix:/:/healthz")]
    [InlineData("http+unix:/a.sock:/")]
    public void A_Unix_socket_that_cannot_be_asked_is_refused(string url) =>
        Assert.StartsWith($"healthcheck: '{url}' is no URL that can be asked for; ", Parse("healthcheck", url).Error, StringComparison.Ordinal);

    private static IReadOnlyList<string> Bound(string path)
    {
        ParsedCommand result = Parse("--bind", "unix:" + path);
        Assert.Null(result.Error);
        return result.Options!.Listen.UnixPaths;
    }

    private static ParsedCommand Parse(params string[] args) => CommandLine.Parse(args, _ => null);
}
