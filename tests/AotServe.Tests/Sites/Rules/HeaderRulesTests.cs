using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using AotServe.Http;
using AotServe.Sites.Rules;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AotServe.Tests.Sites.Rules;

public class HeaderRulesTests
{
    /// <summary>The example of Cloudflare's documentation, less the rule that names a host.</summary>
    private const string Documented = """
        # This is a comment
        /secure/page
        	X-Frame-Options: DENY
        	X-Content-Type-Options: nosniff
        	Referrer-Policy: no-referrer

        /static/*
        	Access-Control-Allow-Origin: *
        	X-Robots-Tag: nosnippet

        /static/styles.css
        	X-Robots-Tag: noindex

        /*
          Content-Security-Policy: default-src 'self';

        /*.jpg
          ! Content-Security-Policy

        /movies/:title
          x-movie-name: You are watching ":title"
        """;

    [Theory]
    [InlineData("secure/page", "X-Frame-Options: DENY|X-Content-Type-Options: nosniff|Referrer-Policy: no-referrer|Content-Security-Policy: default-src 'self';")]
    [InlineData("static/image.jpg", "Access-Control-Allow-Origin: *|X-Robots-Tag: nosnippet")]
    [InlineData("static/styles.css", "Access-Control-Allow-Origin: *|X-Robots-Tag: nosnippet, noindex|Content-Security-Policy: default-src 'self';")]
    [InlineData("movies/Heat", "Content-Security-Policy: default-src 'self';|x-movie-name: You are watching \"Heat\"")]
    [InlineData("", "Content-Security-Policy: default-src 'self';")]
    public void The_documented_example_does_what_its_documentation_says(string path, string fields) =>
        Assert.Equal(fields, Apply(Documented, path));

    [Fact]
    public void Values_of_one_name_are_joined_within_a_rule_too() => // Netlify's example
        Assert.Equal(
            "cache-control: max-age=0, no-cache, no-store, must-revalidate",
            Apply("/*\n  cache-control: max-age=0\n  cache-control: no-cache\n  cache-control: no-store\n  cache-control: must-revalidate", "a"));

    [Theory]
    [InlineData("/*\n  X: :splat", "a b/\"c\r\nd", "X: a%20b/%22c%0D%0Ad")]
    [InlineData("/*\n  X: :splat", "", "X: ")]
    [InlineData("/:a/*\n  X: :a and :splat, not :other or 12:30", "é/b", "X: %C3%A9 and b, not :other or 12:30")]
    public void What_comes_from_the_request_is_encoded(string rules, string path, string field) =>
        Assert.Equal(field, Apply(rules, path));

    [Theory]
    [InlineData("\uFEFF/*\r\n  A: b\r\n\r\n#c\r\n", "A: b")]
    [InlineData("/*\nA: b", "A: b")]
    [InlineData("/*\n\t A :b", "A: b")]
    [InlineData("/*\n  ! A\n  A: b", "A: b")]
    [InlineData("/*\n  A: b\n  !A", "")]
    [InlineData("/a\n/b\n  A: b", "")]
    [InlineData("/a\n  A: b\n/a/\n  B: c\n/a/*\n  C: d", "A: b|B: c|C: d")]
    public void Whitespace_and_order_are_read_as_people_write_them(string rules, string fields) =>
        Assert.Equal(fields, Apply(rules, "a"));

    [Theory]
    [InlineData("  A: b", "1: '")]
    [InlineData("/*\n\n# c\n  A b", "4: '")]
    [InlineData("/*\n  A:", "2: '")]
    [InlineData("/*\n  Content-Length: 5", "2: '")]
    [InlineData("/*\n  ! Connection", "2: '")]
    [InlineData("/*\n  ! A: b", "2: '")]
    [InlineData("/*\n  ! Vary", "2: '")]
    [InlineData("/*\n  ETag: \"x\"", "2: '")]
    [InlineData("/*\n  Basic-Auth: a:b", "2: '")]
    [InlineData("/*\n  A: b\u0001", "2: has a control character")]
    [InlineData("/*\n  A: b\rc", "2: has a control character")]
    [InlineData("/*/*\n  A: b", "1: '/*/*'")]
    [InlineData("https://a.example/*\n  A: b", "1: 'https://a.example/*' names a host")]
    public void A_bad_line_is_named(string rules, string expected)
    {
        Assert.False(HeadersReader.TryRead(Encoding.UTF8.GetBytes(rules), out _, out string? error));
        Assert.StartsWith(expected, error);
        Assert.Contains("; ", error);
        Assert.DoesNotContain(error, c => char.IsControl(c) && c != '\n');
    }

    [Fact]
    public void There_are_limits()
    {
        string line = "  A: " + new string('b', RuleFile.MaxLine - 5);
        Assert.NotNull(Read("/*\n" + line));
        Assert.False(HeadersReader.TryRead(Encoding.ASCII.GetBytes("/*\n" + line + "b"), out _, out string? error));
        Assert.StartsWith("2: is longer than 4096 bytes", error);
        string rules = string.Concat(Enumerable.Range(0, RuleFile.MaxRules).Select(i => $"/{i}\n A: b\n"));
        Assert.Equal(RuleFile.MaxRules, Read(rules).Count);
        Assert.False(HeadersReader.TryRead(Encoding.ASCII.GetBytes(rules + "/x\n A: b\n"), out _, out error));
        Assert.StartsWith("10001: ", error);
    }

    [Fact]
    public void A_file_that_says_nothing_is_no_rules()
    {
        Assert.True(HeadersReader.TryRead("\n# nothing\n/a\n"u8, out HeaderRules? rules, out string? error));
        Assert.Null(rules);
        Assert.Null(error);
    }

    [Fact]
    public void Reading_never_throws_and_says_which_line() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5_000),
        Prop.ForAll(
            Gen.Elements("/", "/a", "/*", ":x", "*", "\n", "\n  ", "A", ": ", "b", "! ", "#", "\r", "\0", "%", "é", "https://", "Date", "Set-Cookie")
                .ListOf().Select(string.Concat).ToArbitrary(),
            text =>
            {
                if (!HeadersReader.TryRead(Encoding.UTF8.GetBytes(text), out HeaderRules? rules, out string? error))
                {
                    Assert.Null(rules);
                    Assert.Matches("^[0-9]+: .*; ", error);
                    Assert.DoesNotContain(error, c => char.IsControl(c) && c != '\n');
                }
            }));

    [Fact]
    public void No_path_can_split_an_answer() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000),
        Prop.ForAll<string>(path =>
        {
            string applied = Apply("/*\n  A: x:splat\n  B: :splat", (path ?? "").Trim('/'));
            Assert.DoesNotContain(applied, char.IsControl);
        }));

    /// <summary>What a request may cost is bounded when the file is read; the line that is named belongs to what is too much.</summary>
    [Fact]
    public void Rules_that_a_request_may_have_to_be_compared_with_are_bounded_together()
    {
        string alike = string.Concat(Enumerable.Repeat("/:a/:b/:c/:d/:e/x\n A: b\n", RuleFile.MaxRules));
        Assert.Equal(RuleFile.MaxRules, Read(alike).Count);
        string different = string.Concat(Enumerable.Range(0, RuleFile.MaxRules - 1).Select(i => $"/*/{i}/b/c/d/e/f/g/h\n A: b\n"));
        Assert.False(HeadersReader.TryRead(Encoding.ASCII.GetBytes(different + "/y\n A: b\n"), out _, out string? error));
        Assert.StartsWith("9999: is one of too many rules", error, StringComparison.Ordinal);
    }

    /// <summary>What wildcards stand for may be long, and a rule may name it often: the work ends where the result is of no use.</summary>
    [Fact]
    public void A_value_that_captures_make_too_long_is_told_from_one_that_is_not()
    {
        var overrides = new FieldOverrides();
        string value = string.Concat(Enumerable.Repeat(":splat", 10));
        Read($"/*\n A: {value}\n").Apply(Encoding.ASCII.GetBytes(new string('a', 1_000)), overrides);
        Assert.False(overrides.IsTooLong);
        Read($"/*\n A: {value}\n").Apply(Encoding.ASCII.GetBytes(new string('a', 4_000)), overrides);
        Assert.True(overrides.IsTooLong);
    }

    [Fact]
    public void Applying_a_thousand_rules_allocates_nothing()
    {
        HeaderRules rules = Read(string.Concat(Enumerable.Range(0, 1000).Select(i => $"/p{i}/*\n  X-{i}: :splat\n")) + "/*\n  Y: z\n");
        var response = new Response(new OutputBuffer(4096));
        byte[] path = "p500/some/where"u8.ToArray();
        Apply();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            Apply();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Apply()
        {
            response.Overrides.Clear();
            rules.Apply(path, response.Overrides);
        }
    }

    private static HeaderRules Read(string rules) =>
        HeadersReader.TryRead(Encoding.UTF8.GetBytes(rules), out HeaderRules? read, out string? error) ? read! : throw new ArgumentException(error);

    /// <summary>The fields that the rules put on a 200 for a path, in their order.</summary>
    private static string Apply(string rules, string path)
    {
        var output = new OutputBuffer(256);
        var response = new Response(output);
        response.Reset(isHeadRequest: false, minorVersion: 1, keepAlive: true, nowUnixSeconds: 0);
        Read(rules).Apply(Encoding.UTF8.GetBytes(path), response.Overrides);
        response.Start(200);
        response.EndWithoutBody();
        IEnumerable<string> lines = Encoding.UTF8.GetString(output.Written).Split("\r\n")
            .SkipWhile(line => !line.StartsWith("Date: ", StringComparison.Ordinal)).Skip(1);
        return string.Join('|', lines.Where(line => line.Length > 0));
    }
}
