using AotServe.Cli;
using Xunit;

namespace AotServe.Tests.Cli;

public sealed class CompressOptionTests
{
    [Theory]
    [InlineData(null, false)]
    [InlineData(null, true, "--compress")]
    [InlineData("1", true)]
    [InlineData("0", false)]
    [InlineData("0", true, "--compress")]
    public void Compression_is_a_switch_that_is_off(string? variable, bool expected, params string[] arguments) =>
        Assert.Equal(expected, Parse(variable, arguments).Options!.Site.Compress);

    [Fact]
    public void It_takes_no_value()
    {
        Assert.Contains("--compress takes no value", Parse(null, "--compress=br").Error);
        Assert.StartsWith("AOTSERVE_COMPRESS: 'br'", Parse("br").Error);
    }

    private static ParsedCommand Parse(string? variable, params string[] arguments) =>
        CommandLine.Parse(arguments, name => name == "AOTSERVE_COMPRESS" ? variable : null);
}
