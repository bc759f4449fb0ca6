using System;
using System.Linq;
using System.Text;
using System.Text.Json;
using AotServe.Http;
using AotServe.Observation;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AotServe.Tests.Observation;

/// <summary>What clients sent stays on its line and within its quotes, whatever its bytes are.</summary>
public sealed class LogTextTests
{
    /// <summary>Any bytes, and more often those that mean something to a reader of the log.</summary>
    private static readonly Arbitrary<byte[]> AnyBytes = Gen.Frequency(
        (3, Gen.Choose(0, 255).Select(value => (byte)value)),
        (2, Gen.Elements("\"\\ \n\r\t\b\v\f\u001b\u007fxn0"u8.ToArray())),
        (2, Gen.Elements("é€\U0001f600\u202e\u0085"u8.ToArray()))).ListOf().Select(list => list.ToArray()).ToArbitrary();

    private static readonly Arbitrary<string> AnyText = ArbMap.Default.ArbFor<string>().Generator
        .Select(text => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? ""))).ToArbitrary();

    [Theory]
    [InlineData("plain text, with ~ and !", "plain text, with ~ and !")]
    [InlineData("", "")]
    [InlineData("a\"b\\c", "a\\\"b\\\\c")]
    [InlineData("\b\n\r\t\v\f", "\\b\\n\\r\\t\\v\\f")]
    [InlineData("\0\u0001\u001b[31m\u007f\u0080\u00ff", "\\x00\\x01\\x1b[31m\\x7f\\x80\\xff")]
    [InlineData("\\x1b", "\\\\x1b")]
    public void Text_is_escaped_as_Apache_does(string text, string escaped) =>
        Assert.Equal(escaped, Written(LogText.WriteEscaped, Encoding.Latin1.GetBytes(text)));

    [Theory]
    [InlineData("ann", "ann")]
    [InlineData(" a  b ", "\\x20a\\x20\\x20b\\x20")]
    [InlineData("a\t\"", "a\\t\\\"")]
    public void A_word_has_no_space(string text, string escaped) =>
        Assert.Equal(escaped, Written(LogText.WriteWord, Encoding.Latin1.GetBytes(text)));

    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("a\"b\\c", "\"a\\\"b\\\\c\"")]
    [InlineData("\n\u001bé", "\"\\u000a\\u001b\\u00e9\"")]
    [InlineData("\U0001f600", "\"\\ud83d\\ude00\"")]
    public void Json_is_ASCII(string text, string json) => Assert.Equal(json, Written(LogText.WriteJson, Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Bytes_that_are_no_UTF_8_show_as_their_numbers_in_json() =>
        Assert.Equal("a\\xc3(\\xffé\\xe2\\x82", Parsed(Written(LogText.WriteJson, [.. "a"u8, 0xc3, .. "("u8, 0xff, .. "é"u8, 0xe2, 0x82])));

    [Fact]
    public void Whatever_the_bytes_all_is_visible_and_no_quote_ends_the_field() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000),
        Prop.ForAll(AnyBytes, bytes =>
        {
            foreach (string text in (string[])[Written(LogText.WriteEscaped, bytes), Written(LogText.WriteWord, bytes)])
            {
                AssertVisible(text);
                Assert.True(IsUnquoted(text), text);
            }

            Assert.DoesNotContain(' ', Written(LogText.WriteWord, bytes));
            string json = Written(LogText.WriteJson, bytes);
            AssertVisible(json);
            Assert.True(json is ['"', .., '"'] && IsUnquoted(json[1..^1]), json);
            _ = Parsed(json);
        }));

    [Fact]
    public void Escaped_bytes_can_be_read_back() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000),
        Prop.ForAll(AnyBytes, bytes =>
        {
            Assert.Equal(bytes, Unescape(Written(LogText.WriteEscaped, bytes)));
            Assert.Equal(bytes, Unescape(Written(LogText.WriteWord, bytes)));
        }));

    [Fact]
    public void Text_in_json_is_read_back_as_it_was() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000),
        Prop.ForAll(AnyText, text => Assert.Equal(text, Parsed(Written(LogText.WriteJson, Encoding.UTF8.GetBytes(text))))));

    private static void AssertVisible(string text) => Assert.True(text.All(c => c is >= ' ' and <= '~'), text);

    private static string Parsed(string json) => JsonDocument.Parse(json).RootElement.GetString()!;

    private static string Written(Action<OutputBuffer, ReadOnlySpan<byte>> write, byte[] bytes)
    {
        var output = new OutputBuffer(0);
        write(output, bytes);
        return Encoding.Latin1.GetString(output.Written);
    }

    /// <summary>Whether each quote has a backslash of its own, and no backslash is left at the end to escape what follows.</summary>
    private static bool IsUnquoted(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '"' || (text[i] == '\\' && ++i == text.Length))
            {
                return false;
            }
        }

        return true;
    }

    private static byte[] Unescape(string text)
    {
        var bytes = new System.Collections.Generic.List<byte>();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                bytes.Add((byte)text[i]);
                continue;
            }

            char letter = text[++i];
            if (letter == 'x')
            {
                bytes.Add(Convert.ToByte(text.Substring(i + 1, 2), 16));
                i += 2;
                continue;
            }

            int at = "bntvfr".IndexOf(letter, StringComparison.Ordinal);
            bytes.Add(at < 0 ? (byte)letter : "\b\n\t\v\f\r"u8[at]);
        }

        return [.. bytes];
    }
}
