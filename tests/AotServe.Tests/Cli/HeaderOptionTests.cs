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
        Assert.Empty(Parse([])!.CorsOrigins);
        Assert.Equal(["*"], Parse(["--cors"])!.CorsOrigins);
        Assert.Equal(["*"], Parse(["--cors", "--port", "80"])!.CorsOrigins);
        Assert.Equal(["https://a.example", "http://b.example:8080"], Parse(["--cors=https://A.example", "--cors=http://b.example:8080"])!.CorsOrigins);
        Assert.Equal(["https://a.example", "https://b.example"], Parse([], ("AOTSERVE_CORS", "https://a.example, https://b.example"))!.CorsOrigins);
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
    public void Cache_rules_are_gathered()
    {
        Assert.Equal(["*.js=max-age=60", "no-cache"], Parse(["--cache-control", "*.js=max-age=60", "--cache-control", "no-cache"])!.CacheControl);
        Assert.Equal(["*.js=max-age=60, public", "off"], Parse([], ("AOTSERVE_CACHE_CONTROL", "*.js=max-age=60, public\noff"))!.CacheControl);
    }

    private static ServerOptions? Parse(IReadOnlyList<string> args, params (string Name, string Value)[] environment) =>
        CommandLine.Parse(args, name => environment.FirstOrDefault(variable => variable.Name == name).Value).Options;

    private static IEnumerable<string> Settings(ServerOptions options) =>
        options.Headers.Select(setting => $"{Encoding.UTF8.GetString(setting.Field.Name)}={Encoding.UTF8.GetString(setting.Value)}");
}
