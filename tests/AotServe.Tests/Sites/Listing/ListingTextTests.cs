using System;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using AotServe.Http;
using AotServe.Sites.Listing;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AotServe.Tests.Sites.Listing;

/// <summary>Names, sizes and times in the forms of HTML, URLs and JSON.</summary>
public sealed class ListingTextTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1_000, "1.0 KB")]
    [InlineData(1_049, "1.0 KB")]
    [InlineData(1_050, "1.1 KB")]
    [InlineData(9_949, "9.9 KB")]
    [InlineData(9_950, "10 KB")]
    [InlineData(99_499, "99 KB")]
    [InlineData(999_499, "999 KB")]
    [InlineData(999_500, "1.0 MB")]
    [InlineData(5_000_000_000, "5.0 GB")]
    [InlineData(long.MaxValue, "9.2 EB")]
    public void A_size_is_short_and_rounded(long bytes, string text) =>
        Assert.Equal(text, Written(output => ListingText.WriteSize(output, bytes)));

    [Fact]
    public void A_number_is_grouped_by_three() => Check.One(
        Config.QuickThrowOnFailure,
        Prop.ForAll<long>(number => number < 0
            || Written(output => ListingText.WriteNumber(output, number)) == number.ToString("N0", CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData(0, "1970-01-01T00:00:00Z")]
    [InlineData(-1, "1969-12-31T23:59:59Z")]
    [InlineData(1_709_210_096, "2024-02-29T12:34:56Z")]
    [InlineData(253_402_300_799, "9999-12-31T23:59:59Z")]
    [InlineData(long.MaxValue, "9999-12-31T23:59:59Z")]
    [InlineData(long.MinValue, "0001-01-01T00:00:00Z")]
    public void A_timestamp_is_in_UTC(long seconds, string text) =>
        Assert.Equal(text, Written(output => ListingText.WriteTimestamp(output, seconds)));

    [Theory]
    [InlineData("a b", "a b")]
    [InlineData("<b>\"&'", "&lt;b&gt;&quot;&amp;&#39;")]
    [InlineData("a\nb\u001b\u007f", "a␊b␛␡")]
    [InlineData("gpj\u202e\u2066\u200f\u0085x", "gpj\uFFFD\uFFFD\uFFFD\uFFFDx")]
    [InlineData("Grüße 日本 😀", "Grüße 日本 😀")]
    public void A_name_as_HTML_shows_what_would_not_show(string name, string html) =>
        Assert.Equal(html, Written(output => ListingText.WriteHtml(output, Encoding.UTF8.GetBytes(name))));

    [Fact]
    public void No_name_gets_out_of_its_place_in_HTML() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5_000),
        Prop.ForAll<byte[]>(name =>
        {
            string html = Written(output => ListingText.WriteHtml(output, name));
            Assert.Equal(-1, html.AsSpan().IndexOfAny("<>\"'\n\r\0\u202e"));
            string text = WebUtility.HtmlDecode(html);
            foreach (Rune rune in text.EnumerateRunes())
            {
                Assert.NotEqual(UnicodeCategory.Control, Rune.GetUnicodeCategory(rune));
            }

            Assert.Equal(html, text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
                .Replace(">", "&gt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal)
                .Replace("'", "&#39;", StringComparison.Ordinal));
        }));

    [Fact]
    public void Every_name_as_JSON_is_read_back_as_its_text() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5_000),
        Prop.ForAll<byte[]>(name =>
        {
            string json = Written(output => ListingText.WriteJson(output, name));
            Assert.Equal(Encoding.UTF8.GetString(name), JsonDocument.Parse($"\"{json}\"").RootElement.GetString());
        }));

    [Fact]
    public void Every_name_as_a_URL_is_one_relative_segment_that_decodes_to_its_bytes() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5_000),
        Prop.ForAll(
            ArbMap.Default.ArbFor<byte[]>().Filter(name => name.Length > 0 && Array.TrueForAll(name, octet => octet is not (0 or (byte)'/'))),
            name =>
            {
                string url = Written(output => ListingText.WriteUrl(output, name));
                Assert.Matches("^([A-Za-z0-9._~-]|%[0-9A-F]{2})+$", url);
                Assert.Equal(name, WebUtility.UrlDecodeToBytes(Encoding.ASCII.GetBytes(url), 0, url.Length));
            }));

    private static string Written(Action<OutputBuffer> write)
    {
        var output = new OutputBuffer(1);
        write(output);
        return Encoding.UTF8.GetString(output.Written);
    }
}
