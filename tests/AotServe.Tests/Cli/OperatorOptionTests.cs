using System;
using System.IO;
using System.Net;
using AotServe.Cli;
using Xunit;

namespace AotServe.Tests.Cli;

/// <summary>The options of the operators' pages, and which of them go together.</summary>
public sealed class OperatorOptionTests
{
    [Fact]
    public void Without_them_there_are_no_pages()
    {
        ServerOptions options = Parse().Options!;
        Assert.Null(options.Metrics);
        Assert.Null(options.Status);
        Assert.False(options.Listen.HasAdmin);
        Assert.Empty(options.AdminAllow);
    }

    [Theory]
    [InlineData("127.0.0.1:9090", "127.0.0.1", 9090)]
    [InlineData("0.0.0.0:0", "0.0.0.0", 0)]
    [InlineData("[::1]:65535", "::1", 65535)]
    [InlineData("[::]:1", "::", 1)]
    [InlineData("[::ffff:10.0.0.1]:80", "10.0.0.1", 80)]
    public void Admin_is_an_address_and_a_port(string value, string address, int port)
    {
        ServerOptions options = Parse("--admin", value).Options!;
        Assert.Equal(new IPEndPoint(IPAddress.Parse(address), port), options.Listen.AdminEndPoint);
        Assert.Null(options.Listen.AdminPath);
        Assert.True(options.Listen.HasAdmin);
    }

    [Fact]
    public void Admin_is_a_Unix_path_and_the_last_one_counts()
    {
        ServerOptions options = Parse("--admin", "127.0.0.1:1", "--admin", "unix:admin.sock").Options!;
        Assert.Equal(Path.GetFullPath("admin.sock"), options.Listen.AdminPath);
        Assert.Null(options.Listen.AdminEndPoint);
        Assert.Null(Parse("--admin", "unix:admin.sock", "--admin", "127.0.0.1:1").Options!.Listen.AdminPath);
    }

    [Theory]
    [InlineData("")]
    [InlineData("9090")]
    [InlineData(":9090")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:x")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:80:80")]
    [InlineData("127.1:80")]
    [InlineData("010.0.0.1:80")]
    [InlineData("localhost:80")]
    [InlineData("*:80")]
    [InlineData("::1")]
    [InlineData("::1:80")]
    [InlineData("[::1]")]
    [InlineData("[::1:80")]
    [InlineData("[]:80")]
    [InlineData("[127.0.0.1]:80")]
    [InlineData("unix:")]
    public void Any_other_value_is_refused(string value)
    {
        string error = Parse("--admin", value).Error!;
        Assert.StartsWith("--admin", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/")]
    [InlineData("/a/b%20c")]
    public void A_page_has_a_path(string path)
    {
        Assert.Equal(path, Parse("--metrics", path).Options!.Metrics);
        Assert.Equal(path, Parse("--status", path).Options!.Status);
    }

    [Theory]
    [InlineData("metrics")]
    [InlineData("/a?b")]
    [InlineData("/a#b")]
    [InlineData("/a b")]
    [InlineData("/é")]
    public void What_no_request_has_as_its_path_is_refused(string path)
    {
        Assert.StartsWith("--metrics: ", Parse("--metrics", path).Error, StringComparison.Ordinal);
        Assert.StartsWith("--status: ", Parse("--status", path).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/a", "--metrics", "/a", "--status", "/a")]
    [InlineData("/a", "--health", "/a", "--status", "/a")]
    [InlineData("/a", "--metrics", "/a", "--health", "/a")]
    [InlineData("/healthz", "--admin", "127.0.0.1:0", "--metrics", "/healthz")]
    [InlineData("/metrics", "--admin", "127.0.0.1:0", "--status", "/metrics")]
    [InlineData("/status", "--admin", "127.0.0.1:0", "--health", "/status")]
    public void No_two_pages_have_the_same_path(string path, params string[] args) =>
        Assert.Contains($"two of them are {path}; ", Parse(args).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("--metrics", "/healthz")]
    [InlineData("--status", "/metrics")]
    [InlineData("--admin", "127.0.0.1:0", "--status", "/metrics", "--metrics", "/status")]
    public void Paths_of_pages_that_there_are_not_are_free(params string[] args) => Assert.NotNull(Parse(args).Options);

    [Fact]
    public void Who_else_may_see_them_is_said_with_a_page_only()
    {
        Assert.StartsWith("--admin-allow ", Parse("--admin-allow", "10.0.0.0/8").Error, StringComparison.Ordinal);
        Assert.StartsWith("--admin-allow ", Parse("--admin-allow", "10.0.0.0/8", "--admin", "127.0.0.1:0").Error, StringComparison.Ordinal);
        ServerOptions options = Parse("--admin-allow", "10.0.0.0/8", "--admin-allow", "fd00::/8", "--status", "/s").Options!;
        Assert.Equal(2, options.AdminAllow.Length);
        Assert.True(options.AdminAllow[0].Contains(IPAddress.Parse("10.1.2.3")));
        Assert.False(options.AdminAllow[0].Contains(IPAddress.Parse("11.1.2.3")));
        Assert.True(options.AdminAllow[1].Contains(IPAddress.Parse("fd00::1")));
    }

    [Theory]
    [InlineData("10.0.0.1/8")]
    [InlineData("10.0.0.0/33")]
    [InlineData("all")]
    public void A_network_has_no_bits_behind_its_length(string value) =>
        Assert.StartsWith("--admin-allow: ", Parse("--admin-allow", value, "--status", "/s").Error, StringComparison.Ordinal);

    private static ParsedCommand Parse(params string[] args) => CommandLine.Parse(args, static _ => null);
}
