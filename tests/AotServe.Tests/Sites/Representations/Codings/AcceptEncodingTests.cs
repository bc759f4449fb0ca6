using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using AotServe.Http;
using AotServe.Sites.Representations.Codings;
using AotServe.Tests.Http;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AotServe.Tests.Sites.Representations.Codings;

public sealed class AcceptEncodingTests
{
    private static readonly string[] ByPreference = ["br", "zstd", "gzip", "identity"];

    [Theory]
    [InlineData("gzip, deflate, br, zstd", "br zstd gzip", "br")]
    [InlineData("gzip, deflate, br, zstd", "zstd gzip", "zstd")]
    [InlineData("gzip, deflate, br, zstd", "gzip", "gzip")]
    [InlineData("gzip, deflate, br, zstd", "", "identity")]
    [InlineData("gzip, deflate", "br zstd", "identity")]
    [InlineData("", "br zstd gzip", "identity")]
    [InlineData("br;q=0.5, gzip;q=0.8", "br zstd gzip", "gzip")]
    [InlineData("br;q=0.5, gzip;q=0.8", "br zstd", "br")]
    [InlineData("br;q=0.5, gzip;q=0.501", "br gzip", "gzip")]
    [InlineData("gzip;q=0.5, identity", "gzip", "identity")]
    [InlineData("gzip;q=0.5, identity;q=0.5", "gzip", "gzip")]
    [InlineData("gzip;q=0.001", "gzip", "gzip")]
    [InlineData("gzip;q=0", "gzip", "identity")]
    [InlineData("gzip;q=0.000", "gzip", "identity")]
    [InlineData("gzip;q=0.", "gzip", "identity")]
    [InlineData("identity;q=0", "gzip", "identity")]
    [InlineData("identity;q=0, gzip;q=0.001", "gzip", "gzip")]
    [InlineData("identity;q=0, gzip", "br", "identity")]
    [InlineData("identity;q=0, *", "gzip", "gzip")]
    [InlineData("*", "zstd gzip", "zstd")]
    [InlineData("*;q=0", "br zstd gzip", "identity")]
    [InlineData("*;q=0, gzip", "br zstd gzip", "gzip")]
    [InlineData("gzip;q=0.5, *;q=0.8", "gzip", "identity")]
    [InlineData("gzip;q=0.5, *;q=0.8", "br gzip", "br")]
    [InlineData("br;q=0, *", "br gzip", "gzip")]
    [InlineData("x-gzip", "br gzip", "gzip")]
    [InlineData("X-GZip;Q=0.3", "br gzip", "gzip")]
    [InlineData("GZIP ; q=0.3\t,\tBr ;\tq=0.2", "br gzip", "gzip")]
    [InlineData(", ,gzip,,", "gzip", "gzip")]
    [InlineData("gzip, gzip;q=0", "gzip", "gzip")]
    [InlineData("gzip;q=0, x-gzip", "gzip", "identity")]
    public void What_is_chosen_of_what_there_is(string field, string available, string chosen)
    {
        Assert.Equal(chosen, Choose([field], available.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(chosen, Oracle([field], available.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Theory]
    [InlineData("gzip;q=1.001")]
    [InlineData("gzip;q=2")]
    [InlineData("gzip;q=0.0001")]
    [InlineData("gzip;q=.5")]
    [InlineData("gzip;q=-1")]
    [InlineData("gzip;q=1,5")]
    [InlineData("gzip;q=")]
    [InlineData("gzip;q")]
    [InlineData("gzip;")]
    [InlineData("gzip;q =1")]
    [InlineData("gzip;q= 1")]
    [InlineData("gzip;q=\"1\"")]
    [InlineData("gzip;level=9")]
    [InlineData("gzip;q=1;level=9")]
    [InlineData("gzip br")]
    [InlineData(";q=1")]
    [InlineData("gzip2")]
    [InlineData("agzip")]
    public void A_member_that_breaks_the_grammar_is_passed_over_and_the_others_count(string member)
    {
        // "gzip;q=1,5" is two members, of which the first is well-formed.
        string expected = member.StartsWith("gzip;q=1,", StringComparison.Ordinal) ? "gzip" : "identity";
        Assert.Equal(expected, Choose([member], ["gzip"]));
        Assert.Equal("br", Choose([member + ", br"], ["br"]));
        Assert.Equal("br", Choose(["br, " + member], ["br"]));
    }

    [Fact]
    public void Without_the_field_the_file_is_sent_as_it_is()
    {
        Assert.Equal("identity", Choose([], ["br", "zstd", "gzip"]));
        Assert.Equal(ContentCodings.Identity, AcceptEncoding.Read(Request([])).Accepted);
    }

    /// <summary>A head has room for thousands of members, which would cost more than the response.</summary>
    [Fact]
    public void Members_behind_the_hundredth_are_ignored()
    {
        string many = string.Concat(Enumerable.Repeat("a,", 99));
        Assert.Equal("br", Choose([many + "br"], ["br"]));
        Assert.Equal("identity", Choose([many + "a, br"], ["br"]));
        Assert.Equal("identity", Choose([many + "a", "br"], ["br"]));
    }

    [Fact]
    public void Several_lines_are_one_list()
    {
        Assert.Equal("br", Choose(["gzip;q=0.5", "br"], ["br", "gzip"]));
        Assert.Equal("gzip", Choose(["*;q=0", "", "gzip"], ["br", "gzip"]));
        Assert.Equal("identity", Choose(["gzip;q=0", "gzip"], ["gzip"]));
    }

    [Fact]
    public void Any_field_chooses_as_the_rules_read_one_by_one_do()
    {
        Gen<string> codings = Gen.Elements("br", "zstd", "gzip", "x-gzip", "identity", "*", "BR", "deflate", "", "g zip");
        Gen<string> weights = Gen.Elements(
            "", "", ";q=1", ";q=0", ";q=0.5", "; q=0.25", " ;Q=0.250", ";q=0.999", ";q=1.000", ";q=1.1", ";q=0.0001", ";q=x",
            ";x=1", ";q=0.5;x");
        Gen<string> member = from coding in codings from weight in weights select coding + weight;
        Gen<string[]> lines = member.ArrayOf().Select(members => string.Join(", ", members)).ArrayOf();
        Gen<string[]> available = Gen.SubListOf("br", "zstd", "gzip").Select(list => list.ToArray());
        Prop.ForAll(lines.ToArbitrary(), available.ToArbitrary(), (fields, files) =>
        {
            fields = fields.Take(20).ToArray();
            Assert.Equal(Oracle(fields, files), Choose(fields, files));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));
    }

    [Fact]
    public void Any_bytes_are_read_without_harm()
    {
        Gen<char> bytes = Gen.OneOf(Gen.Elements([.. "gzipbr;,q=01.5* \t"]), Gen.Choose(0x21, 0xff).Select(code => (char)code))
            .Where(letter => letter != 0x7f);
        Prop.ForAll(bytes.ArrayOf().Select(letters => new string(letters)).ToArbitrary(), text =>
            Assert.Contains(Choose([text], ByPreference[..3]), ByPreference)).Check(Config.QuickThrowOnFailure);
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        RequestHead head = Request(["gzip, deflate;q=0.5, br, zstd", "*;q=0.1"]);
        AcceptEncoding.Read(head);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ContentCodings chosen = AcceptEncoding.Read(head).Choose(ContentCodings.Brotli | ContentCodings.Gzip);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(ContentCodings.Brotli, chosen);
    }

    private static RequestHead Request(string[] fields) => Parsing.Accept(
        "GET / HTTP/1.1\r\nHost: a\r\n" + string.Concat(fields.Select(field => $"Accept-Encoding: {field}\r\n")) + "\r\n");

    private static string Choose(string[] fields, string[] available)
    {
        ContentCodings set = available.Aggregate(ContentCodings.Identity, (all, name) => all | Coding(name));
        ContentCodings chosen = AcceptEncoding.Read(Request(fields)).Choose(set);
        return ByPreference.Single(name => Coding(name) == chosen);
    }

    private static ContentCodings Coding(string name) => name switch
    {
        "br" => ContentCodings.Brotli,
        "zstd" => ContentCodings.Zstandard,
        "gzip" => ContentCodings.Gzip,
        _ => ContentCodings.Identity,
    };

    /// <summary>RFC 9110 §12.5.3 with a regular expression and decimals.</summary>
    private static string Oracle(string[] fields, string[] available)
    {
        var listed = new Dictionary<string, decimal>();
        foreach (string member in string.Join(',', fields).Split(','))
        {
            Match match = Regex.Match(
                member, @"^[ \t]*([^ \t;]+)(?:[ \t]*;[ \t]*[qQ]=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?[ \t]*$");
            if (match.Success)
            {
                string name = match.Groups[1].Value.ToLowerInvariant();
                listed.TryAdd(
                    name == "x-gzip" ? "gzip" : name,
                    match.Groups[2].Success ? decimal.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) : 1);
            }
        }

        // Below all that is listed, and above nothing.
        decimal Weight(string name) => listed.TryGetValue(name, out decimal own) ? own
            : listed.TryGetValue("*", out decimal others) ? others
            : 0;
        return available.Where(name => Weight(name) > 0).Append("identity")
            .OrderByDescending(Weight).ThenBy(name => Array.IndexOf(ByPreference, name)).First();
    }
}
