using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using AotServe.Sites.Rules;
using Xunit;

namespace AotServe.Tests.Sites.Rules;

public class HashedNameTests
{
    private const string Hexadecimal = "0123456789abcdef";
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const string Base64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    [Theory]
    [InlineData("app.3f2a9c1b.js")]
    [InlineData("assets/index-BX7s9dKq.js")]
    [InlineData("assets/index-B7x-2sdK.css")]
    [InlineData("assets/index-DiwrgTda.js")]
    [InlineData("assets/guide_getting-started.md.BX7s9dKq.lean.js")]
    [InlineData("main.9f86d081.chunk.css")]
    [InlineData("main.9f86d081.chunk.css.map")]
    [InlineData("app.3f2a9c1b.js.br")]
    [InlineData("_app/immutable/entry/start.BX7s9dKq.js")]
    [InlineData("_app/immutable/chunks/BX7s9dKq.js")]
    [InlineData("docs/_astro/photo.DkF3_x9a_Z1abc.webp")]
    [InlineData("_next/static/css/1a2b3c4d5e6f7890.css")]
    [InlineData("_next/static/qDh1Ya9bXk/_buildManifest.js")]
    [InlineData("_nuxt/lgk26c31.js")]
    [InlineData("static/js/main.4f3a2b1c.js")]
    [InlineData("static/media/logo.9f86d081884c7d659a2f.svg")]
    [InlineData("chunk-2CUZ3MJX.js")]
    [InlineData("chunk-HXQBVLPA.js")]
    [InlineData("media/roboto-5FQZJX2V.woff2")]
    [InlineData("runtime.8a5b7c2f3d4e5f60.js")]
    [InlineData("app-3f2a9c1b7d8e9f0a1b2c.js")]
    [InlineData("base.55e7cbb9ba48.css")]
    [InlineData("logo.3f2a9c1b.svg")]
    [InlineData("application-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.css")]
    [InlineData("main.min.9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.css")]
    public void A_hash_is_seen(string path) => Assert.True(IsCertain(path));

    [Theory]
    [InlineData("_next/data/app.3f2a9c1b.json")]
    [InlineData("x_nuxt/app.js")]
    [InlineData("_nuxt/builds/latest.json")]
    [InlineData("assets/index-BX7s9dKq.html")]
    [InlineData("assets/film-BX7s9dKq.mp4")]
    [InlineData("3f2a9c1b.js")]
    [InlineData("BX7s9dKq.js")]
    [InlineData("3f2a9c1b.d/readme.txt")]
    [InlineData("app-3f2a9c1b")]
    [InlineData("user-3f2504e0-4f89-11d3-9a0c-0305e82c3301.js")]
    [InlineData("app-1234567.js")]
    [InlineData("photo-20240101a.js")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a/")]
    [InlineData(".js")]
    public void What_only_looks_like_one_is_not(string path) => Assert.False(IsCertain(path));

    /// <summary>A name that is pinned wrongly is the worse fault.</summary>
    [Fact]
    public void None_of_three_hundred_ordinary_names_is_pinned()
    {
        string[] names = Names("ordinary.txt");
        Assert.InRange(names.Length, 290, 400);
        Assert.DoesNotContain(names, IsCertain);
    }

    /// <summary>Files of the builds in seven packages of npm, drawn at random (Vite and Nuxt).</summary>
    [Fact]
    public void Nine_of_ten_files_of_real_builds_are_seen()
    {
        string[] names = Names("hashed.txt");
        string[] missed = [.. names.Where(name => !IsCertain(name))];
        Assert.True(missed.Length * 10 <= names.Length, $"{missed.Length} of {names.Length}: {string.Join(" ", missed)}");
    }

    [Theory]
    [InlineData("assets/index-{0}.js", Base64Url, 8)]
    [InlineData("assets/chunks/framework.{0}.js", Base64Url, 8)]
    [InlineData("main-{0}.js", Base32, 8)]
    [InlineData("media/inter-{0}.woff2", Base32, 8)]
    [InlineData("static/js/main.{0}.js", Hexadecimal, 8)]
    [InlineData("main.{0}.js", Hexadecimal, 16)]
    [InlineData("static/css/main.{0}.css", Hexadecimal, 20)]
    public void Nine_of_ten_hashes_that_bundlers_could_write_are_seen(string form, string alphabet, int length)
    {
        var random = new Random(1);
        int seen = 0;
        for (int i = 0; i < 10_000; i++)
        {
            seen += IsCertain(string.Format(CultureInfo.InvariantCulture, form, random.GetString(alphabet, length))) ? 1 : 0;
        }

        Assert.InRange(seen, 9_000, 10_000);
    }

    private static string[] Names(string file) =>
        File.ReadAllLines(Path.Combine(Repository.Root, "tests/AotServe.Tests/Sites/Rules/Names", file));

    private static bool IsCertain(string path) => HashedName.IsCertain(Encoding.UTF8.GetBytes(path));
}
