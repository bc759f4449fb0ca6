using AotServe.Cli;
using Xunit;

namespace AotServe.Tests.Cli;

/// <summary>The options for what the process gives up.</summary>
public sealed class WallOptionTests
{
    [Fact]
    public void The_sandbox_is_on_and_the_rest_off_until_asked_for()
    {
        ServerOptions none = Options(null);
        Assert.False(none.NoSandbox || none.Verbose);
        Assert.Null(none.User);
        ServerOptions all = Options(null, "--no-sandbox", "--verbose", "--user", "www-data:33");
        Assert.True(all.NoSandbox && all.Verbose);
        Assert.Equal("www-data:33", all.User);
    }

    [Fact]
    public void A_switch_is_on_or_off_in_the_environment()
    {
        Assert.True(Options("1").NoSandbox);
        Assert.False(Options("0").NoSandbox);
        Assert.Equal("AOTSERVE_NO_SANDBOX: 'maybe' is neither on nor off; give 1 or 0", CommandLine.Parse([], Environment("maybe")).Error);
    }

    [Fact]
    public void A_switch_takes_no_value() =>
        Assert.Equal("--verbose takes no value; give it as --verbose", CommandLine.Parse(["--verbose=1"], Environment(null)).Error);

    private static System.Func<string, string?> Environment(string? noSandbox) =>
        name => name == "AOTSERVE_NO_SANDBOX" ? noSandbox : null;

    private static ServerOptions Options(string? noSandbox, params string[] args) =>
        CommandLine.Parse(args, Environment(noSandbox)).Options!;
}
