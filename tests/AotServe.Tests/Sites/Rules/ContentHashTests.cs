using System.Text;
using AotServe.Sites.Rules;
using Xunit;

namespace AotServe.Tests.Sites.Rules;

public class ContentHashTests
{
    [Theory]
    [InlineData("app.3f2a9c1b.js")]
    [InlineData("assets/index-BX7s9dKq.js")]
    [InlineData("index-B7x-2sdK.css")] // base64url
    [InlineData("main.9f86d081.chunk.css")]
    [InlineData("main.9f86d081.chunk.css.map")]
    [InlineData("_app/start.BX7s9dKq.js")]
    [InlineData("chunk-2CUZ3MJX.js")] // esbuild
    [InlineData("main-5FQZJX2V.js")]
    [InlineData("runtime.8a5b7c2f3d4e5f60.js")]
    [InlineData("app-3f2a9c1b7d8e9f0a1b2c.js")]
    [InlineData("base.55e7cbb9ba48.css")]
    [InlineData("logo_3f2a9c1b.svg")]
    [InlineData("application-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.css")]
    [InlineData("main.min.9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.css")]
    [InlineData("9f86d081884c7d65.js")]
    [InlineData("APP.3F2A9C1B.JS")]
    public void A_hash_is_seen(string path) => Assert.True(ContentHash.IsInName(Encoding.UTF8.GetBytes(path)));

    [Theory]
    [InlineData("jquery-3.7.1.min.js")]
    [InlineData("2024-report.pdf")]
    [InlineData("photo-20240101.jpg")]
    [InlineData("photo.20240101.jpg")]
    [InlineData("photo-20240101a.jpg")]
    [InlineData("20240101.jpg")]
    [InlineData("backup-20240101T120000.zip")]
    [InlineData("holiday-DSC01234.jpg")]
    [InlineData("holiday-IMG_1234.jpg")]
    [InlineData("app-Release2.js")]
    [InlineData("photo-3rdPlace.jpg")]
    [InlineData("icon-2x-large.png")]
    [InlineData("lib-v1-2-3-a.js")]
    [InlineData("style.css")]
    [InlineData("app.bundle.js")]
    [InlineData("app.deadbeef.js")]
    [InlineData("facade42.js")]
    [InlineData("bootstrap.5e3f1a2.js")]
    [InlineData("3f2a9c1b.js")]
    [InlineData("BX7s9dKq.js")]
    [InlineData("3f2a9c1b.d/readme.txt")]
    [InlineData("user-3f2504e0-4f89-11d3-9a0c-0305e82c3301.jpg")]
    [InlineData("3f2504e0-4f89-11d3-9a0c-0305e82c3301.jpg")]
    [InlineData("archive.tar.gz")]
    [InlineData("license")]
    [InlineData("app-3f2a9c1b")]
    [InlineData("")]
    [InlineData(".")]
    public void What_only_looks_like_one_is_not(string path) => Assert.False(ContentHash.IsInName(Encoding.UTF8.GetBytes(path)));

    [Theory]
    [InlineData("index.html", "text/html; charset=utf-8", "no-cache")]
    [InlineData("app.3f2a9c1b.html", "text/html; charset=utf-8", "no-cache")]
    [InlineData("app.3f2a9c1b.js", "text/javascript; charset=utf-8", "max-age=31536000, immutable")]
    [InlineData("app.js", "text/javascript; charset=utf-8", "max-age=3600")]
    public void Files_are_kept_as_long_as_their_kind_lets_them(string path, string mediaType, string value) =>
        Assert.Equal(value, Of(CachePolicy.Default, path, mediaType));

    [Theory]
    [InlineData("a/b.js", "max-age=60")]
    [InlineData("b.js", "max-age=60")]
    [InlineData("assets/x", "public, max-age=5")]
    [InlineData("raw/x.css", "")]
    [InlineData("x.css", "max-age=3600")]
    public void The_first_rule_that_matches_counts_then_the_defaults(string path, string value) => Assert.Equal(
        value,
        Of(Policy("*.js=max-age=60", "/assets/*= public, max-age=5", "/assets/x=no-store", "/raw/*=off"), path, "text/css"));

    [Theory]
    [InlineData("no-store", "no-store")]
    [InlineData("off", "")]
    public void A_rule_may_be_for_all(string rule, string value) =>
        Assert.Equal(value, Of(Policy(rule), "index.html", "text/html"));

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

    private static string Of(CachePolicy policy, string path, string mediaType) =>
        Encoding.UTF8.GetString(policy.ValueFor(Encoding.UTF8.GetBytes(path), Encoding.UTF8.GetBytes(mediaType)));
}
