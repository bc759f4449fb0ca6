using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using AotServe.Fuzzing;
using AotServe.Sites.Rules;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AotServe.Tests.Sites.Rules;

public class PathPatternTests
{
    /// <summary>Pieces of patterns and paths that meet often enough.</summary>
    private static readonly string[] Segments = ["a", "b", "ab", "aab", ":x", "a:x", ":y.b", "*", "a*", "*b", "é", "%61", "x.jpg", "*.jpg"];

    private static readonly Gen<string[]> Patterns =
        Gen.Elements(Segments).ListOf().Select(list => "/" + string.Join('/', list)).ListOf().Select(list => list.ToArray());

    private static readonly Gen<string> Paths =
        Gen.Elements("a", "b", "ab", "x.jpg").ListOf().Select(list => string.Join('/', list));

    [Theory]
    [InlineData("/", "", "")]
    [InlineData("/a", "a", "")]
    [InlineData("/a", "a/", "")]
    [InlineData("/a/", "a", "")]
    [InlineData("/a/b", "a/b", "")]
    [InlineData("/*", "", "splat=")]
    [InlineData("/*", "a/b/", "splat=a/b/")]
    [InlineData("/blog/*", "blog", "splat=")]
    [InlineData("/blog/*", "blog/", "splat=")]
    [InlineData("/blog/*", "blog/2024/x", "splat=2024/x")]
    [InlineData("/img*", "img/x", "splat=/x")]
    [InlineData("/*.jpg", "a/b.jpg", "splat=a/b")]
    [InlineData("/*.jpg", ".jpg", "splat=")]
    [InlineData("/a/*/b", "a/x/y/b", "splat=x/y")]
    [InlineData("/a/*/b", "a/x/b/", "splat=x")]
    [InlineData("/*/:last", "a/b/c", "splat=a/b last=c")]
    [InlineData("/movies/:title", "movies/Heat", "title=Heat")]
    [InlineData("/movies/:title", "movies/Heat/", "title=Heat")]
    [InlineData("/news/:year/:month/:date/:slug", "news/2004/02/12/my-story", "year=2004 month=02 date=12 slug=my-story")]
    [InlineData("/blog/:slug.html", "blog/a.b.html", "slug=a.b")]
    [InlineData("/v:n/x", "v2/x", "n=2")]
    [InlineData("/caf%C3%A9", "café", "")]
    [InlineData("/café", "café", "")]
    [InlineData("/a%2Ab", "a*b", "")]
    [InlineData("/a%3Ab", "a:b", "")]
    [InlineData("/12:30", "12:30", "")]
    public void A_pattern_matches_and_captures(string pattern, string path, string captured) =>
        Assert.Equal(captured, Match(pattern, path));

    [Theory]
    [InlineData("/", "a")]
    [InlineData("/a", "")]
    [InlineData("/a", "A")]
    [InlineData("/a", "ab")]
    [InlineData("/a", "a/b")]
    [InlineData("/a/b", "a")]
    [InlineData("/blog/*", "blogs")]
    [InlineData("/blog/*", "blo")]
    [InlineData("/*.jpg", "a.jpeg")]
    [InlineData("/*.jpg", "")]
    [InlineData("/a/*/b", "a/b")]
    [InlineData("/:x", "")]
    [InlineData("/:x", "a/b")]
    [InlineData("/:x/:y", "a")]
    [InlineData("/v:n", "v")]
    [InlineData("/ab*ba", "aba")]
    public void A_pattern_does_not_match(string pattern, string path) => Assert.Null(Match(pattern, path));

    [Theory]
    [InlineData("/a", "a", true)]
    [InlineData("/a", "a/", false)]
    [InlineData("/a/", "a/", true)]
    [InlineData("/a/", "a", false)]
    [InlineData("/", "", true)]
    [InlineData("/a/*", "a/b/", true)]
    public void Where_the_slash_matters_both_or_neither_end_in_one(string pattern, string path, bool matches) =>
        Assert.Equal(matches, Match(pattern, path, slashMatters: true) is not null);

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("*")]
    [InlineData("https://a.example/")]
    [InlineData("/a?b=c")]
    [InlineData("/a#b")]
    [InlineData("//a")]
    [InlineData("/a//b")]
    [InlineData("/./a")]
    [InlineData("/a/..")]
    [InlineData("/%2e%2e/a")]
    [InlineData("/a\\b")]
    [InlineData("/*/*")]
    [InlineData("/**")]
    [InlineData("/:a/:a")]
    [InlineData("/:splat/*")]
    [InlineData("/:a-:b")]
    [InlineData("/:a*")]
    [InlineData("/%")]
    [InlineData("/%4")]
    [InlineData("/%zz")]
    [InlineData("/a%2Fb")]
    [InlineData("/a%00b")]
    [InlineData("/:a/:b/:c/:d/:e/:f/:g/:h/:i/:j/:k/:l/:m/:n/:o/:p/:q")]
    public void A_pattern_that_could_mean_several_things_or_nothing_is_refused(string pattern)
    {
        Assert.False(PathPatternReader.TryRead(Encoding.UTF8.GetBytes(pattern), out _, out string? error));
        Assert.Contains("; ", error);
    }

    [Fact]
    public void Matching_agrees_with_regular_expressions() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5_000),
        Prop.ForAll(
            Gen.Elements(Segments).ListOf().Select(list => "/" + string.Join('/', list)).ToArbitrary(),
            Gen.Elements("a", "b", "ab", "aab", "aaab", "x.b", "é", "x.jpg").ListOf().Select(list => list.ToArray()).ToArbitrary(),
            ArbMap.Default.ArbFor<bool>(),
            (string pattern, string[] path, bool slash) =>
            {
                if (!PathPatternReader.TryRead(Encoding.UTF8.GetBytes(pattern), out _, out _))
                {
                    return;
                }

                string text = string.Join('/', path) + (slash && path.Length > 0 ? "/" : "");
                Assert.True(Expected(pattern, text) == Match(pattern, text), $"{pattern} on {text}: {Match(pattern, text)}");
            }));

    [Fact]
    public void Reading_a_pattern_never_throws() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5_000),
        Prop.ForAll(
            Gen.Elements("/", "*", ":a", ":b", "%", "%2", "%41", "a", ".", "..", "?", "#", "\\", "é", "://").ListOf().Select(string.Concat).ToArbitrary(),
            text => PathPatternReader.TryRead(Encoding.UTF8.GetBytes(text), out _, out string? error) == error is null));

    [Fact]
    public void The_tree_finds_every_rule_that_matches_and_no_other() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000),
        Prop.ForAll(Patterns.ToArbitrary(), Paths.ToArbitrary(), (string[] texts, string path) =>
        {
            PathPattern[] patterns = Read(texts);
            ulong[] found = new ulong[(patterns.Length / 64) + 1];
            Captures captures = CapturesOf(path);
            new PathTree(patterns, new int[patterns.Length]).Match(captures, found);
            for (int i = 0; i < patterns.Length; i++)
            {
                Captures own = CapturesOf(path);
                Assert.Equal(patterns[i].Match(ref own), (found[i / 64] >> (i % 64) & 1) != 0);
            }
        }));

    /// <summary>What a file of rules is refused by: no path takes more steps than the tree says.</summary>
    [Fact]
    public void No_path_takes_more_steps_than_the_tree_says() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5_000),
        Prop.ForAll(Patterns.ToArbitrary(), Paths.ToArbitrary(), (string[] texts, string path) =>
        {
            PathPattern[] patterns = Read(texts);
            var tree = new PathTree(patterns, new int[patterns.Length]);
            Captures captures = CapturesOf(path);
            tree.Match(captures, new ulong[(patterns.Length / 64) + 1], out long steps);
            Assert.InRange(steps, 1, tree.MostSteps(out int last));
            Assert.InRange(last, 0, Math.Max(0, patterns.Length - 1));
        }));

    /// <summary>Thousands of rules that have their beginnings in common, and a path that nearly matches all of them.</summary>
    [Theory]
    [InlineData("/{0}", "x", 2)]
    [InlineData("/a/b/c/{0}", "a/b/c/x", 10)]
    [InlineData("/:a/:b/:c/:d/:e/x{0}", "1/2/3/4/5/x", 10)]
    [InlineData("/a/:b/c/:d/{0}", "a/a/c/c/x", 10)]
    [InlineData("/:x{0}/b", "a/c", 10_010)]
    [InlineData("/*/a/{0}", "a/a/a/a/x", 20_010)]
    public void The_steps_do_not_grow_with_rules_that_begin_alike(string rule, string path, int most)
    {
        PathPattern[] patterns = Read([.. Enumerable.Range(0, 5_000).Select(i => string.Format(null, rule, i))]);
        var tree = new PathTree(patterns, new int[patterns.Length]);
        Captures captures = CapturesOf(path);
        tree.Match(captures, new ulong[(patterns.Length / 64) + 1], out long steps);
        Assert.InRange(steps, 1, most);
        Assert.InRange(tree.MostSteps(out _), steps, RuleFile.MaxSteps);
    }

    private static PathPattern[] Read(string[] texts) =>
        [.. texts.Select(text => PathPatternReader.TryRead(Encoding.UTF8.GetBytes(text), out PathPattern? pattern, out _) ? pattern : null).OfType<PathPattern>()];

    private static Captures CapturesOf(string path) =>
        new(Encoding.UTF8.GetBytes(path), default, new (int, int)[RuleFile.MaxCaptures], new int[Captures.PlacesLength]);

    /// <summary>What the pattern captures, or null where it does not match.</summary>
    private static string? Match(string pattern, string path, bool slashMatters = false)
    {
        if (!PathPatternReader.TryRead(Encoding.UTF8.GetBytes(pattern), out PathPattern? read, out string? error))
        {
            throw new ArgumentException(error);
        }

        Captures captures = CapturesOf(path);
        if (!read.Match(ref captures) || (slashMatters && !read.HasSlashAs(captures)))
        {
            return null;
        }

        Assert.Equal(read.Names.Length, captures.FromPath);
        var values = new List<string>();
        for (int i = 0; i < read.Names.Length; i++)
        {
            values.Add($"{read.Names[i]}={Encoding.UTF8.GetString(captures[i])}");
        }

        return string.Join(' ', values);
    }

    /// <summary>The same by the platform's regular expressions, which read bytes as Latin-1.</summary>
    private static string? Expected(string pattern, string path)
    {
        Match match = ReferencePattern.Match(Latin1(pattern), Latin1(path));
        IEnumerable<string> names = Regex.Matches(pattern, @":([A-Za-z]\w*)|\*").Select(found => found.Value == "*" ? "splat" : found.Value[1..]);
        return match.Success
            ? string.Join(' ', names.Select(name => $"{name}={Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(match.Groups[name].Value))}"))
            : null;
    }

    private static string Latin1(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
