using System;
using System.Linq;
using System.Text;
using AotServe.Http;
using AotServe.Sites.Paths;
using AotServe.Sites.Rules;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AotServe.Tests.Sites.Rules;

public class RedirectRulesTests
{
    [Theory]
    // Cloudflare's documentation
    [InlineData("/home301 / 301", "/home301", "301 /")]
    [InlineData("/home302 / 302", "/home302", "302 /")]
    [InlineData("/querystrings /?query=string 301", "/querystrings?a=b", "301 /?query=string")]
    [InlineData("/twitch https://twitch.tv", "/twitch", "301 https://twitch.tv")]
    [InlineData("/trailing /trailing/ 301", "/trailing", "301 /trailing/")]
    [InlineData("/trailing /trailing/ 301", "/trailing/", "")]
    [InlineData("/notrailing/ /nottrailing 301", "/notrailing/", "301 /nottrailing")]
    [InlineData("/page/ /page2/#fragment 301", "/page/?q", "301 /page2/?q#fragment")]
    [InlineData("/blog/* https://blog.my.domain/:splat # Blog migration", "/blog/a/b", "301 https://blog.my.domain/a/b")]
    [InlineData("/products/:code/:name /products?code=:code&name=:name", "/products/1/t%20x", "301 /products?code=1&name=t%20x")]
    [InlineData("/a /b 200\n/b /c 200", "/a", "200 b")]
    // Netlify's documentation
    [InlineData("/news/* /blog/:splat", "/news/2004/01/10/my-story", "301 /blog/2004/01/10/my-story")]
    [InlineData("/news/:month/:date/:year/:slug /blog/:year/:month/:date/:slug", "/news/02/12/2004/my-story", "301 /blog/2004/02/12/my-story")]
    [InlineData("/news/:year/:month/:date /blog-:year-:month-:date.html", "/news/2004/02/12", "301 /blog-2004-02-12.html")]
    [InlineData("/store id=:id /blog/:id 301", "/store?id=my-blog-post", "301 /blog/my-blog-post")]
    [InlineData("/articles id=:id tag=:tag /posts/:tag/:id 301", "/articles?tag=x&id=7", "301 /posts/x/7")]
    [InlineData("/articles id=:id tag=:tag /posts/:tag/:id 301", "/articles?id=7", "")]
    [InlineData("/articles id=:id /posts/:id 301", "/articles?id=7&tag=x", "")]
    [InlineData("/path/* p=:v /other/:v/:splat 301\n/path/* /other/:splat 301", "/path/a?p=1", "301 /other/1/a")]
    [InlineData("/path/* p=:v /other/:v/:splat 301\n/path/* /other/:splat 301", "/path/a?q=1", "301 /other/a?q=1")]
    [InlineData("/* /index.html 200", "/any/where", "200 index.html")]
    [InlineData("/en/* /en/404.html 404", "/en/x", "404 en/404.html")]
    [InlineData("/app/ /app/index.html 200!", "/app/", "200 app/index.html")]
    // their meeting points
    [InlineData("/a /b", "/a/", "301 /b")]
    [InlineData("/a /b", "/a?x=1&y", "301 /b?x=1&y")]
    [InlineData("/a /b?y=2", "/a?x=1", "301 /b?y=2")]
    [InlineData("/a id=5 /b", "/a?id=5", "301 /b")]
    [InlineData("/a id=5 /b", "/a?id=%35", "301 /b")]
    [InlineData("/a id=5 /b", "/a?id=6", "")]
    [InlineData("/a id=:id /b", "/a?id=1&id=2", "")]
    [InlineData("/a id=:id /b/:id", "/a?&&id=1&&", "301 /b/1")]
    [InlineData("/a id=:id /b/:id", "/a?a&b&c&d&e&f&g&h&i&j&k&l&m&n&o&p&q&r&id=1", "")]
    [InlineData("/* /x\n/* /x\n/* /x\n/* /y", "/x", "301 /y")]
    [InlineData("/a id=:id /b?x=:id", "/a?id=a+b%26c", "301 /b?x=a%20b%26c")]
    [InlineData("/a /b 303\n/a /c 307", "/a", "303 /b")]
    [InlineData("/:x /b 308\n/a /c 307", "/a", "308 /b")]
    [InlineData("/a /c 307\n/:x /b 308", "/a", "307 /c")]
    [InlineData("/* /", "/", "")]
    [InlineData("/* /", "/a", "301 /")]
    [InlineData("/* /a/../b", "/b", "")]
    [InlineData("/x /Special:Search", "/x", "301 /Special:Search")]
    [InlineData("/x https://a.example:8080/y?z=1#w", "/x?q", "301 https://a.example:8080/y?z=1#w")]
    [InlineData("/x /café", "/x", "301 /caf%C3%A9")]
    [InlineData("/x /a\\b\"c", "/x", "301 /a%5Cb%22c")]
    [InlineData("/a/* /b/:splat", "/a", "301 /b/")]
    [InlineData("/a /b 200", "/a", "200 b")]
    [InlineData("/a/* /:splat/x 200", "/a/.git", "")]
    public void A_rule_leads_where_its_documentation_says(string rules, string target, string outcome) =>
        Assert.Equal(outcome, Apply(rules, target));

    [Theory]
    [InlineData("/go/* /:splat", "/go//evil.example", "301 /evil.example")]
    [InlineData("/go* /:splat", "/go/evil.example", "301 /evil.example")]
    [InlineData("/go* /:splat", "/go//evil.example", "301 /evil.example")]
    [InlineData("/go/* /:splat", "/go/%5Cevil.example", "301 /%5Cevil.example")]
    [InlineData("/go/* /:splat", "/go/%09/evil.example", "301 /%09/evil.example")]
    [InlineData("/go u=:u /:u", "/go?u=/evil.example", "301 /%2Fevil.example")]
    [InlineData("/go u=:u /:u", "/go?u=%2F%2Fevil.example", "301 /%2F%2Fevil.example")]
    [InlineData("/go u=:u /:u", "/go?u=%5C%5Cevil.example", "301 /%5C%5Cevil.example")]
    [InlineData("/go u=:u /:u", "/go?u=https://evil.example", "301 /https%3A%2F%2Fevil.example")]
    [InlineData("/go u=:u /x", "/go?u=%0D%0ASet-Cookie:a", "301 /x")]
    [InlineData("/go u=:u /x?:u#:u", "/go?u=%0D%0ASet-Cookie:a", "301 /x?%0D%0ASet-Cookie%3Aa#%0D%0ASet-Cookie%3Aa")]
    [InlineData("/go u=:u https://a.example/:u", "/go?u=//evil.example", "301 https://a.example/%2F%2Fevil.example")]
    [InlineData("/go/* https://a.example/x:splat", "/go/@evil.example", "301 https://a.example/x%40evil.example")]
    public void No_request_chooses_the_host(string rules, string target, string outcome) =>
        Assert.Equal(outcome, Apply(rules, target));

    [Theory]
    [InlineData("/a", "1: has no target")]
    [InlineData("# c\n\n/a b", "3: 'b' is neither")]
    [InlineData("/a //b", "1: '//b' begins with two slashes")]
    [InlineData("/a /\\b", "1: '/\\b' begins with two slashes")]
    [InlineData("/a ftp://b", "1: 'ftp://b' is neither")]
    [InlineData("/a javascript:alert(1)", "1: ")]
    [InlineData("/a /b 300", "1: '300' is no status")]
    [InlineData("/a /b 3010", "1: '3010' is no status")]
    [InlineData("/a /b permanent", "1: 'permanent' is not understood")]
    [InlineData("/a /b 301 302", "1: '302' is not understood")]
    [InlineData("/ /anz 302 Country=au,nz", "1: has the condition 'Country'")]
    [InlineData("/china/* /china/zh-cn/:splat 302 Language=zh", "1: has the condition 'Language'")]
    [InlineData("/admin/* 200! Role=admin", "1: ")]
    [InlineData("/admin/* /admin/:splat 200! Role=admin", "1: has the condition 'Role'")]
    [InlineData("/* /preview/:splat 302 Cookie=preview", "1: has the condition 'Cookie'")]
    [InlineData("http://blog.example/* https://example.com/blog/:splat 301", "1: 'http://blog.example/*' names a host")]
    [InlineData("/api/* https://api.example.com/:splat 200", "1: 'https://api.example.com/:splat' with status 200 would be proxying")]
    [InlineData("/a /a", "1: '/a' leads to itself")]
    [InlineData("/a /a?b", "1: '/a?b' leads to itself")]
    [InlineData("/a/* /a/:splat 302", "1: '/a/:splat' leads to itself")]
    [InlineData("/a /:splat", "1: '/:splat' refers to :splat")]
    [InlineData("/a/:b /c/:d", "1: '/c/:d' refers to :d")]
    [InlineData("/a/:b /c?d=:e", "1: '/c?d=:e' refers to :e")]
    [InlineData("/* https://:splat/", "1: 'https://:splat/' lets a request choose the host")]
    [InlineData("/* https://a.example:splat", "1: ")]
    [InlineData("/:b https://:b.example/", "1: 'https://:b.example/' lets a request choose the host")]
    [InlineData("/a https:///b", "1: 'https:///b' has no valid host")]
    [InlineData("/a https://u@b/", "1: 'https://u@b/' has no valid host")]
    [InlineData("/a id=:id id=:x /b", "1: has the parameter 'id' twice")]
    [InlineData("/a/:id id=:id /b", "1: has :id twice")]
    [InlineData("/a id= /b", "1: 'id=' is no parameter")]
    [InlineData("/a /%zz", "1: '/%zz' has a %")]
    [InlineData("/a /b\u007f", "1: has a control character")]
    public void A_bad_line_is_named(string rules, string expected)
    {
        Assert.False(RedirectsReader.TryRead(Encoding.UTF8.GetBytes(rules), out _, out string? error));
        Assert.StartsWith(expected, error);
        Assert.Contains("; ", error);
        Assert.DoesNotContain(error, c => char.IsControl(c) && c != '\n');
    }

    [Theory]
    [InlineData("301")]
    [InlineData("200")]
    [InlineData("301!")]
    public void A_target_that_captures_make_too_long_is_answered_with_414(string status)
    {
        string target = "/t/" + string.Concat(Enumerable.Repeat(":splat", 10));
        string path = "/" + new string('a', 4_000);
        var output = new OutputBuffer(256);
        var response = new Response(output);
        response.Reset(isHeadRequest: false, minorVersion: 1, keepAlive: true, nowUnixSeconds: 0);
        var resolved = new ResolvedPath(new byte[ResolvedPath.BufferLength]);
        Assert.Equal(RequestPathStatus.Valid, resolved.Resolve(Encoding.ASCII.GetBytes(path)));
        RedirectOutcome outcome = Read($"/* {target} {status}").Apply(ref resolved, default, forcedOnly: false, response);
        Assert.Equal((RedirectOutcome.Answered, 414), (outcome, response.Status));
    }

    [Fact]
    public void Rules_that_a_request_may_have_to_be_compared_with_are_bounded_together()
    {
        string query = string.Join(' ', Enumerable.Range(0, 15).Select(i => $"p{i}=1"));
        string rules = string.Concat(Enumerable.Range(0, 1_000).Select(i => $"/a {query} /t{i}\n"));
        Assert.False(RedirectsReader.TryRead(Encoding.ASCII.GetBytes(rules + "/b /c\n"), out _, out string? error));
        Assert.StartsWith("1000: is one of too many rules", error, StringComparison.Ordinal);
        Assert.Equal(5_000, Read(string.Concat(Enumerable.Range(0, 5_000).Select(i => $"/:x/a/b/{i} /t\n"))).Count);
    }

    [Fact]
    public void Reading_never_throws_and_says_which_line() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5_000),
        Prop.ForAll(
            Gen.Elements("/", "/a", "/*", ":x", ":splat", "*", "\n", " ", "x=", "x=:y", " 301", "200!", "#", "?", "\0", "%", "é", "https://", "a.example", "Country=x")
                .ListOf().Select(string.Concat).ToArbitrary(),
            text =>
            {
                if (!RedirectsReader.TryRead(Encoding.UTF8.GetBytes(text), out RedirectRules? rules, out string? error))
                {
                    Assert.Null(rules);
                    Assert.Matches("^[0-9]+: .*; ", error);
                    Assert.DoesNotContain(error, c => char.IsControl(c) && c != '\n');
                }
            }));

    [Fact]
    public void Whatever_the_rule_and_the_request_a_path_leads_to_this_host_and_a_URL_to_its_own() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(20_000),
        Prop.ForAll(
            Gen.Elements("/*", "/go/*", "/go*", "/:a/:b", "/:a", "/*/x", "/go u=:u", "/* u=:u").ToArbitrary(),
            Gen.Elements("/", ":splat", ":a", ":b", ":u", "x", ".", "..", "?", "#", "%2F", "%5C", "@", ":", "\\").ListOf().Select(string.Concat).ToArbitrary(),
            Gen.Elements("/", "go", "x", "evil.example", "%2F", "%5C", "\\", "%09", "%0D%0A", "..", ".", "%2e", "@", ":", "https:", "%20", "?u=", "u=", "%")
                .ListOf().Select(list => "/" + string.Concat(list)).ToArbitrary(),
            (string from, string to, string target) =>
            {
                foreach (string origin in (string[])["", "https://good.example"])
                {
                    if (!RedirectsReader.TryRead(Encoding.UTF8.GetBytes($"{from} {origin}/{to}"), out RedirectRules? rules, out _))
                    {
                        continue;
                    }

                    string outcome = Apply(rules!, target);
                    if (!outcome.StartsWith("301 ", StringComparison.Ordinal))
                    {
                        continue;
                    }

                    string location = outcome[4..];
                    Assert.DoesNotContain(location, character => character is <= ' ' or > '~');
                    Assert.Equal(origin.Length == 0 ? "here.example" : "good.example", HostOf(location));
                }
            }));

    [Fact]
    public void The_first_of_a_thousand_rules_wins_as_in_a_search_from_the_top() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(
            Gen.Elements("/a", "/a/b", "/a/*", "/:x", "/:x/b", "/*", "/*/b", "/b", "/a/:y", "/c/:y/d").ListOf().Select(list => list.ToArray()).ToArbitrary(),
            Gen.Elements("/a", "/a/b", "/b", "/a/b/c", "/c/1/d", "/", "/z").ToArbitrary(),
            (string[] patterns, string target) =>
            {
                if (patterns.Length == 0)
                {
                    return;
                }

                string Line(int i) => $"{patterns[i]} https://h{i}.example/";
                string expected = Enumerable.Range(0, patterns.Length).Select(i => Apply(Line(i), target)).FirstOrDefault(found => found.Length > 0, "");
                Assert.Equal(expected, Apply(string.Join('\n', Enumerable.Range(0, patterns.Length).Select(Line)), target));
            }));

    [Fact]
    public void Looking_through_a_thousand_rules_allocates_nothing()
    {
        string lines = string.Concat(Enumerable.Range(0, 1000).Select(i => $"/old/{i}/* /new/{i}/:splat\n/p{i} /q{i}\n")) + "/x/* /index.html 200";
        RedirectRules rules = Read(lines);
        var response = new Response(new OutputBuffer(4096));
        byte[] rewritten = "/x/y"u8.ToArray();
        byte[] unknown = "/old/1000/a"u8.ToArray();
        byte[] buffer = new byte[ResolvedPath.BufferLength];
        Assert.Equal("301 /new/999/a", Apply(rules, "/old/999/a"));
        Look();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            Look();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Look()
        {
            if (ApplyTo(unknown) != RedirectOutcome.None || ApplyTo(rewritten) != RedirectOutcome.Rewritten)
            {
                throw new InvalidOperationException();
            }
        }

        RedirectOutcome ApplyTo(byte[] target)
        {
            var path = new ResolvedPath(buffer);
            path.Resolve(target);
            return rules.Apply(ref path, default, forcedOnly: false, response);
        }
    }

    /// <summary>The host that a browser goes to from <c>http://here.example</c>, by the rules of the WHATWG URL standard.</summary>
    private static string HostOf(string location)
    {
        string url = location.Trim().Replace("\t", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal)
            .Replace("\r", "", StringComparison.Ordinal);
        int end = url.AsSpan().IndexOfAny("?#");
        url = (end < 0 ? url : url[..end]).Replace('\\', '/');
        int colon = url.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && url[..colon].All(char.IsAsciiLetter))
        {
            url = url[(colon + 1)..];
        }
        else if (!url.StartsWith("//", StringComparison.Ordinal))
        {
            return "here.example";
        }

        string authority = url.TrimStart('/').Split('/')[0];
        return authority[(authority.LastIndexOf('@') + 1)..];
    }

    private static string Apply(string rules, string target) =>
        Apply(Read(rules), target);

    private static RedirectRules Read(string rules) =>
        RedirectsReader.TryRead(Encoding.UTF8.GetBytes(rules), out RedirectRules? read, out string? error) ? read! : throw new ArgumentException(error);

    /// <summary>Status and Location, or status and path of a rewrite; empty where no rule is for the target.</summary>
    private static string Apply(RedirectRules rules, string target)
    {
        string[] parts = target.Split('?', 2);
        var path = new ResolvedPath(new byte[ResolvedPath.BufferLength]);
        if (path.Resolve(Encoding.UTF8.GetBytes(parts[0])) != RequestPathStatus.Valid)
        {
            return "";
        }

        var output = new OutputBuffer(256);
        var response = new Response(output);
        response.Reset(isHeadRequest: false, minorVersion: 1, keepAlive: true, nowUnixSeconds: 0);
        byte[] query = Encoding.UTF8.GetBytes(parts.Length > 1 ? parts[1] : "");
        RedirectOutcome outcome = rules.Apply(ref path, query, forcedOnly: false, response);
        if (outcome != RedirectOutcome.Answered)
        {
            string rewritten = Encoding.UTF8.GetString(path.Bytes);
            return outcome == RedirectOutcome.Rewritten ? "200 " + rewritten : outcome == RedirectOutcome.RewrittenNotFound ? "404 " + rewritten : "";
        }

        string[] lines = Encoding.UTF8.GetString(output.Written).Split("\r\n");
        Assert.Equal(7 + 1, lines.Length);
        return $"{response.Status} {lines.Single(line => line.StartsWith("Location: ", StringComparison.Ordinal))["Location: ".Length..]}";
    }
}
