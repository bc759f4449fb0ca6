using System.Text;
using AotServe.Sites.Rules;
using Xunit;

namespace AotServe.Tests.Sites.Rules;

public class CachePolicyTests
{
    [Theory]
    [InlineData("index.html", "no-cache")]
    [InlineData("app.3f2a9c1b.html", "no-cache")]
    [InlineData("app.3f2a9c1b.js", "max-age=31536000, immutable")]
    [InlineData("app.js", "no-cache")]
    [InlineData("style.css", "no-cache")]
    [InlineData("data.json", "no-cache")]
    [InlineData("assets/live-BX7s9dKq.m3u8", "no-cache")]
    [InlineData("stream.3f2a9c1b.mpd", "no-cache")]
    public void Only_what_never_changes_is_kept_without_asking(string path, string value) =>
        Assert.Equal(value, Of(CachePolicy.Default, path));

    [Theory]
    [InlineData("a/b.js", "max-age=60")]
    [InlineData("b.js", "max-age=60")]
    [InlineData("assets/x", "public, max-age=5")]
    [InlineData("raw/x.css", "")]
    [InlineData("x.css", "no-cache")]
    public void The_first_rule_that_matches_counts_then_the_defaults(string path, string value) => Assert.Equal(
        value,
        Of(Policy("*.js=max-age=60", "/assets/*= public, max-age=5", "/assets/x=no-store", "/raw/*=off"), path));

    [Theory]
    [InlineData("no-store", "no-store")]
    [InlineData("off", "")]
    public void A_rule_may_be_for_all(string rule, string value) =>
        Assert.Equal(value, Of(Policy(rule), "index.html"));

    [Theory]
    [InlineData("*.js")]
    [InlineData("*.js=")]
    [InlineData("*.js=a\r\nb")]
    [InlineData("**.js=a")]
    [InlineData("=a")]
    [InlineData("60")]
    [InlineData("")]
    public void A_rule_that_makes_no_sense_is_refused(string rule)
    {
        Assert.False(Policy("no-cache").TryAdd(rule, out _, out string? error));
        Assert.DoesNotContain('\n', error);
    }

    private static CachePolicy Policy(params string[] rules)
    {
        CachePolicy policy = CachePolicy.Default;
        foreach (string rule in rules)
        {
            Assert.True(policy.TryAdd(rule, out CachePolicy? longer, out _));
            policy = longer;
        }

        return policy;
    }

    private static string Of(CachePolicy policy, string path) =>
        Encoding.UTF8.GetString(policy.ValueFor(Encoding.UTF8.GetBytes(path)));
}
