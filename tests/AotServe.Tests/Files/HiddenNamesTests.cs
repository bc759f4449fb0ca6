using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using AotServe.Files;
using AotServe.Fuzzing;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AotServe.Tests.Files;

/// <summary>What the patterns of --hide hide.</summary>
public sealed class HiddenNamesTests
{
    private static readonly Gen<string> Segment =
        Gen.Elements("a", "b", "ab", "é", "*", "?", "**", ".").ListOf().Select(parts => string.Concat(parts));

    private static readonly Gen<string> Pattern =
        Segment.ListOf().Select(segments => string.Join('/', segments)).Where(text => text.Trim('/').Length > 0);

    private static readonly Gen<string> Path = Gen.Elements("a", "b", "é", ".").NonEmptyListOf()
        .Select(parts => string.Concat(parts)).NonEmptyListOf().Select(segments => string.Join('/', segments));

    [Theory]
    [InlineData("*.bak", "a.bak", true)]
    [InlineData("*.bak", "x/y/a.bak", true)]
    [InlineData("*.bak", "x.bak/y/a", true)]
    [InlineData("*.bak", "a.bak2", false)]
    [InlineData("*.bak", "bak", false)]
    [InlineData("drafts", "drafts", true)]
    [InlineData("drafts", "a/drafts/b", true)]
    [InlineData("drafts", "adrafts", false)]
    [InlineData("/drafts", "drafts/b", true)]
    [InlineData("/drafts", "a/drafts", false)]
    [InlineData("drafts/", "a/drafts/b", true)]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "a/b/c", true)]
    [InlineData("a/b", "x/a/b", false)]
    [InlineData("a/*", "a/b", true)]
    [InlineData("a/*", "a", false)]
    [InlineData("a/*.md", "a/x/b.md", false)]
    [InlineData("a/**/b", "a/b", true)]
    [InlineData("a/**/b", "a/x/y/b", true)]
    [InlineData("a/**/b", "a/xb", false)]
    [InlineData("**/private", "private", true)]
    [InlineData("**/private", "a/b/private/c", true)]
    [InlineData("**/private", "a/unprivate", false)]
    [InlineData("/a/**", "a/b", true)]
    [InlineData("/a/**", "a", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "aéc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("/a?c", "a/c", false)]
    [InlineData("[ab]", "a", false)]
    [InlineData("[ab]", "[ab]", true)]
    [InlineData("A", "a", false)]
    public void A_pattern_hides_names_and_what_is_beneath(string pattern, string path, bool hidden) =>
        Assert.Equal(hidden, Read([pattern], ignoreCase: false).Contains(Encoding.UTF8.GetBytes(path)));

    /// <summary>What ext4 with casefold, APFS or HFS+ find by an ASCII name; no such file system could be made here.</summary>
    [Theory]
    [InlineData("a.BAK", true)]
    [InlineData("Secret.html", true)]
    [InlineData("\u017Fecret.html", true)]
    [InlineData("sec\u00ADret.html", true)]
    [InlineData("\u200Dsecret.html", true)]
    [InlineData("x/pa\u00DF/y", true)]
    [InlineData("x/PA\u1E9E/y", true)]
    [InlineData("o\uFB03ce", true)]
    [InlineData("\u212Aey", true)]
    [InlineData("s\u00E9cret.html", false)]
    [InlineData("\u00E9`", false)]
    [InlineData("\u00C4rger.txt", true)]
    [InlineData("x/a\u0308RGER.txt/y", true)]
    [InlineData("arger.txt", false)]
    [InlineData("caf\u00E9", true)]
    [InlineData("CAFE\u0301", true)]
    [InlineData("cafes", false)]
    public void Where_case_is_ignored_no_other_way_to_write_a_name_gets_by(string path, bool hidden)
    {
        HiddenNames names = Read(["*.Bak", "secret.html", "pass", "office", "key", "@", "\u00E4rger.txt", "caf?"], ignoreCase: true);
        byte[] bytes = Encoding.UTF8.GetBytes(path);
        Assert.Equal(hidden, new Exclusions(names, [], [], new WithheldFiles(), ignoreCase: true).IsHidden(bytes));
    }

    [Fact]
    public void The_root_itself_is_never_hidden() => Assert.False(Read(["*", "**", "/**"], ignoreCase: false).Contains(""u8));

    [Fact]
    public void Matching_agrees_with_a_regular_expression() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5_000),
        Prop.ForAll(Pattern.ToArbitrary(), Path.ToArbitrary(), (string pattern, string path) =>
            Assert.True(
                ReferenceGlob.IsHidden(pattern, path) == Read([pattern], ignoreCase: false).Contains(Encoding.UTF8.GetBytes(path)),
                $"{pattern} on {path}")));

    [Fact]
    public void Several_patterns_hide_what_any_of_them_hides_and_earlier_questions_change_nothing() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(Pattern.ArrayOf().ToArbitrary(), Path.ArrayOf().ToArbitrary(), (string[] patterns, string[] paths) =>
        {
            HiddenNames hidden = Read(patterns, ignoreCase: false);
            Assert.All(paths, path => Assert.Equal(
                patterns.Any(pattern => ReferenceGlob.IsHidden(pattern, path)), hidden.Contains(Encoding.UTF8.GetBytes(path))));
        }));

    /// <summary>
    /// One pass, whatever the path and the patterns are: a step for each byte and each 64 characters of patterns. A step took 1 to
    /// 2 ns where it was measured, so that the longest path takes less than 0.3 ms with all patterns that there may be.
    /// </summary>
    [Theory]
    [InlineData("/drafts/**/*.md", "drafts/a/")]
    [InlineData("/**/*/**/*/**/*.md", "a/")]
    [InlineData("*a*a*a*a*b", "a")]
    [InlineData("**a**a**a**b", "a/a")]
    [InlineData("/a*/**/*a*/**/?b", "aa/")]
    [InlineData("????????????????b", "é")]
    public void The_steps_are_bounded_by_the_lengths(string pattern, string repeated)
    {
        foreach (int patterns in (int[])[1, 3, HiddenNames.MaxLength / (pattern.Length + 1)])
        {
            HiddenNames hidden = Read(Enumerable.Repeat(pattern, patterns), ignoreCase: false);
            byte[] path = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(repeated, 5_000)))[..RootFolder.LongestPath];
            Assert.False(hidden.Contains(path, out long steps));
            long most = path.Length * (((patterns * (pattern.Length + 1L)) + 63) / 64);
            Assert.InRange(steps, 1, most);

            // Other names in the folder, as a request asks for them, take no more than themselves.
            byte[] sibling = [.. path[..(path.AsSpan().LastIndexOf((byte)'/') + 1)], .. "index.html"u8];
            hidden.Contains(sibling, out long more);
            Assert.InRange(more, 0, most * 11 / sibling.Length);
        }
    }

    [Fact]
    public void Too_many_patterns_are_refused()
    {
        Assert.False(HiddenNames.TryRead([.. Enumerable.Repeat("*.bak", 1_000)], ignoreCase: false, "--hide", out _, out string? error));
        Assert.Contains("2048 is the most", error, StringComparison.Ordinal);
    }

    internal static HiddenNames Read(IEnumerable<string> patterns, bool ignoreCase)
    {
        Assert.True(HiddenNames.TryRead([.. patterns], ignoreCase, "--hide", out HiddenNames? hidden, out string? error), error);
        return hidden;
    }
}
