using System;
using System.Linq;
using AotServe.Cli;
using Xunit;

namespace AotServe.Tests.Cli;

/// <summary>The options about several servers of one port, and about load balancers.</summary>
public sealed class StoppingOptionTests
{
    [Theory]
    [InlineData("/healthz")]
    [InlineData("/")]
    [InlineData("/a/b%20c.txt")]
    public void A_health_path_is_taken_as_it_is(string path) => Assert.Equal(path, Parse("--health", path).Options?.Health);

    [Theory]
    [InlineData("healthz")]
    [InlineData("/health?z")]
    [InlineData("/health#z")]
    [InlineData("/health z")]
    [InlineData("/hëalthz")]
    public void A_health_path_that_no_request_has_is_refused(string path) =>
        Assert.Equal($"--health: '{path}' is not a path such as /healthz, without a query", Parse("--health", path).Error);

    [Fact]
    public void A_health_path_has_a_longest_length()
    {
        string longest = "/" + string.Concat(Enumerable.Repeat("x", 1023));
        Assert.Equal(longest, Parse("--health", longest).Options?.Health);
        Assert.NotNull(Parse("--health", longest + "x").Error);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("2.5", 2.5)]
    [InlineData("3600", 3600)]
    public void A_drain_delay_is_read_in_seconds(string text, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Parse("--drain-delay", text).Options?.DrainDelay);

    [Theory]
    [InlineData("3601")]
    [InlineData("-1")]
    [InlineData("soon")]
    public void A_drain_delay_out_of_range_is_refused(string text) =>
        Assert.StartsWith("--drain-delay: ", Parse("--drain-delay", text).Error, StringComparison.Ordinal);

    [Fact]
    public void A_port_is_shared_where_the_system_can()
    {
        foreach (ParsedCommand result in (ParsedCommand[])[
            Parse("--reuse-port"),
            CommandLine.Parse([], name => name == "AOTSERVE_REUSE_PORT" ? "1" : null)])
        {
            if (OperatingSystem.IsLinux())
            {
                Assert.True(result.Options?.Listen.ReusePort);
            }
            else
            {
                Assert.StartsWith("--reuse-port: ", result.Error, StringComparison.Ordinal);
            }
        }

        Assert.False(Parse().Options?.Listen.ReusePort);
        Assert.Equal("--reuse-port takes no value; give it as --reuse-port", Parse("--reuse-port=yes").Error);
    }

    private static ParsedCommand Parse(params string[] args) => CommandLine.Parse(args, _ => null);
}
