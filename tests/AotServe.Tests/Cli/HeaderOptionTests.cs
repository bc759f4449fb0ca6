using System.Collections.Generic;
using System.Linq;
using System.Text;
using AotServe.Cli;
using Xunit;

namespace AotServe.Tests.Cli;

public class HeaderOptionTests
{
    [Fact]
    public void Headers_are_gathered()
    {
        ServerOptions options = Parse(["--header", "X-A: b, c", "--header=X-B:d"])!;
        Assert.Equal(["X-A=b, c", "X-B=d"], Settings(options));
    }

    [Fact]
    public void The_variable_holds_one_header_a_line() =>
        Assert.Equal(
            ["X-A=b, c", "X-B=d e"],
            Settings(Parse([], ("AOTSERVE_HEADER", "X-A: b, c\n\n  X-B: d e\r\n"))!));

    [Theory]
    [InlineData("X-A: b\r\nSet-Cookie: c")]
    [InlineData("X-A: b\n")]
    [InlineData("X-A: \0")]
    [InlineData("X A: b")]
    [InlineData("X-A\n: b")]
    [InlineData("X-A")]
    [InlineData("X-A:")]
    [InlineData("Content-Length: 1")]
    [InlineData("Transfer-Encoding: chunked")]
    public void What_could_split_an_answer_is_refused(string header)
    {
        string error = CommandLine.Parse(["--header", header], _ => null).Error!;
        Assert.StartsWith("--header: '", error);
        Assert.DoesNotContain('\n', error);
    }

    [Fact]
    public void Origins_are_optional_and_stand_behind_an_equals_sign()
    {
        Assert.Empty(Parse([])!.Site.CorsOrigins);
        Assert.Equal(["*"], Parse(["--cors"])!.Site.CorsOrigins);
        Assert.Equal(["*"], Parse(["--cors", "--port", "80"])!.Site.CorsOrigins);
        Assert.Equal(["https://a.example", "http://b.example:8080"], Parse(["--cors=https://A.example", "--cors=http://b.example:8080"])!.Site.CorsOrigins);
        Assert.Equal(["https://a.example", "https://b.example"], Parse([], ("AOTSERVE_CORS", "https://a.example, https://b.example"))!.Site.CorsOrigins);
        Assert.Equal("/", Parse(["--cors", "/"])!.Root);
    }

    [Theory]
    [InlineData("--cors=")]
    [InlineData("--cors=null")]
    [InlineData("--cors=a.example")]
    [InlineData("--cors=https://a.example/")]
    [InlineData("--cors=https://a.example/x")]
    [InlineData("--cors=https://u@a.example")]
    [InlineData("--cors=https://")]
    [InlineData("--cors=https://a.example:443")]
    [InlineData("--cors=https://a\r\nb")]
    [InlineData("--cors=https://é.example")]
    [InlineData("--cors --cors")]
    [InlineData("--cors --cors=https://a.example")]
    public void What_no_browser_sends_as_an_origin_is_refused(string arguments) =>
        Assert.StartsWith("--cors", CommandLine.Parse(arguments.Split(' '), _ => null).Error);

    [Fact]
    public void Cache_rules_are_gathered_and_the_first_that_matches_counts()
    {
        Assert.Equal("no-cache", CacheControl(Parse([])!));
        Assert.Equal("max-age=60", CacheControl(Parse(["--cache-control", "*.js=max-age=60", "--cache-control", "no-cache"])!));
        Assert.Equal("no-cache", CacheControl(Parse(["--cache-control", "no-cache", "--cache-control=*.js=max-age=60"])!));
        Assert.Equal("max-age=60, public", CacheControl(Parse([], ("AOTSERVE_CACHE_CONTROL", "*.js=max-age=60, public\noff"))!));
    }

    [Theory]
    [InlineData("*.js", "has a pattern and no value; write PATTERN=VALUE, such as *.js=max-age=60")]
    [InlineData("60", "has no value that Cache-Control could have; write one such as no-cache or max-age=60, or off")]
    public void A_cache_rule_that_makes_no_sense_is_refused(string rule, string error)
    {
        Assert.Equal($"--cache-control: '{rule}' {error}", CommandLine.Parse(["--cache-control", rule], _ => null).Error);
        Assert.Equal(
            $"AOTSERVE_CACHE_CONTROL: '{rule}' {error}",
            CommandLine.Parse([], name => name == "AOTSERVE_CACHE_CONTROL" ? "no-cache\n" + rule : null).Error);
    }

    private static string CacheControl(ServerOptions options) =>
        Encoding.ASCII.GetString(options.Site.CachePolicy.ValueFor("a.js"u8));

    private static ServerOptions? Parse(string[] args, params (string Name, string Value)[] environment) =>
        CommandLine.Parse(args, name => environment.FirstOrDefault(variable => variable.Name == name).Value).Options;

    private static IEnumerable<string> Settings(ServerOptions options) =>
        options.Site.Headers.Select(setting => $"{Encoding.UTF8.GetString(setting.Field.Name)}={Encoding.UTF8.GetString(setting.Value)}");
}
