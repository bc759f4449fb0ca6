using System;
using System.Collections.Generic;
using System.Linq;
using AotServe.Http;
using Xunit;
using static AotServe.Tests.Http.Parsing;

namespace AotServe.Tests.Http;

public class FieldSectionTests
{
    private const string Start = "GET / HTTP/1.1\r\nHost: a\r\n";

    [Fact]
    public void Names_are_kept_as_sent_and_values_lose_the_whitespace_around_them()
    {
        RequestHead head = Accept(Start + "X-A:\t b\tc \t\r\nx-empty:\r\nx-blank: \t \r\nx-a:2\r\n~!: é\r\n\r\n");
        IEnumerable<string> lines = Enumerable.Range(0, head.FieldCount)
            .Select(i => $"{Text(head.FieldName(i))}={Text(head.FieldValue(i))}");
        Assert.Equal(["Host=a", "X-A=b\tc", "x-empty=", "x-blank=", "x-a=2", "~!=é"], lines);
    }

    [Fact]
    public void A_field_is_found_whatever_its_case_and_again_after_the_first()
    {
        RequestHead head = Accept(Start + "ACCEPT: x\r\nacCept: y\r\n\r\n");
        Assert.True(head.TryGetField("accept"u8, out ReadOnlySpan<byte> value));
        Assert.Equal("x", Text(value));
        Assert.Equal(2, head.IndexOfField("accept"u8, 2));
        Assert.Equal(-1, head.IndexOfField("accept"u8, 3));
        Assert.False(head.TryGetField("accep"u8, out value));
        Assert.True(value.IsEmpty);
    }

    [Fact]
    public void Each_byte_is_judged_in_a_name()
    {
        const string Token = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ:";
        for (int value = 0; value < 256; value++)
        {
            (ParseStatus status, _) = Parse($"{Start}x{(char)value}y: z\r\n\r\n");
            Assert.Equal(Token.Contains((char)value) ? ParseStatus.Complete : ParseStatus.Rejected, status);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(40)]
    public void Each_byte_is_judged_in_a_value_wherever_it_stands(int before)
    {
        for (int value = 0; value < 256; value++)
        {
            string line = $"x: y{new string('a', before)}{(char)value}z\r\n";
            (ParseStatus status, RequestHead head) = Parse($"{Start}{line}\r\n");
            bool good = value is '\t' or (>= 0x20 and < 0x7F) or >= 0x80;
            Assert.Equal(good ? ParseStatus.Complete : ParseStatus.Rejected, status);
            Rejection wrong = value is '\r' or '\n' ? Rejection.BadLineEnd : Rejection.BadFieldValue;
            Assert.Equal(good ? Rejection.None : wrong, head.Rejection);
        }
    }

    [Theory]
    [InlineData("x\r\n", nameof(Rejection.BadFieldName))]
    [InlineData(": x\r\n", nameof(Rejection.BadFieldName))]
    [InlineData("\0: x\r\n", nameof(Rejection.BadFieldName))]
    [InlineData("x : y\r\n", nameof(Rejection.SpaceBeforeColon))]
    [InlineData("x\t: y\r\n", nameof(Rejection.SpaceBeforeColon))]
    [InlineData("x y: z\r\n", nameof(Rejection.SpaceBeforeColon))]
    [InlineData(" x: y\r\n", nameof(Rejection.FoldedField))]
    [InlineData("x: y\r\n z\r\n", nameof(Rejection.FoldedField))]
    [InlineData("x: y\r\n\tz\r\n", nameof(Rejection.FoldedField))]
    [InlineData("x: y\r\n \r\n", nameof(Rejection.FoldedField))]
    [InlineData("x: y\n", nameof(Rejection.BadLineEnd))]
    [InlineData("x: y\r\r\n", nameof(Rejection.BadLineEnd))]
    [InlineData("\n", nameof(Rejection.BadLineEnd))]
    [InlineData("x\n", nameof(Rejection.BadLineEnd))]
    [InlineData("\rx", nameof(Rejection.BadLineEnd))]
    [InlineData("x: y\r\n\n", nameof(Rejection.BadLineEnd))]
    public void A_malformed_line_is_refused_before_the_section_ends(string lines, string rejection) =>
        Refuse(Start + lines, Enum.Parse<Rejection>(rejection), 400);

    [Fact]
    public void Whitespace_before_the_first_field_line_is_refused() =>
        Refuse("GET / HTTP/1.1\r\n Host: a\r\n\r\n", Rejection.FoldedField, 400);

    [Fact]
    public void Of_two_broken_rules_the_first_in_the_bytes_is_named()
    {
        Refuse(Start + "Content-Length: x\r\n y\r\n\r\n", Rejection.BadContentLength, 400);
        Refuse("GET / HTTP/7.0\r\n\0", Rejection.UnsupportedVersion, 505);
        Refuse("GET / HTTP/1.1\r\nx : y\r\n\r\n", Rejection.SpaceBeforeColon, 400);
    }

    [Fact]
    public void A_hundred_lines_are_taken_and_one_more_is_431()
    {
        string lines = string.Concat(Enumerable.Repeat("x: y\r\n", HttpLimits.FieldLines - 1));
        Assert.Equal(HttpLimits.FieldLines, Accept(Start + lines + "\r\n").FieldCount);
        Refuse(Start + lines + "x", Rejection.TooManyFieldLines, 431);
    }

    [Fact]
    public void A_section_of_32_KiB_is_taken_and_a_longer_one_is_431_before_it_ends()
    {
        int room = HttpLimits.FieldSection - "Host: a\r\nx: \r\n".Length;
        Accept(Start + "x: " + new string('y', room) + "\r\n\r\n");
        Refuse(Start + "x: " + new string('y', room + 1) + "\r\n\r\n", Rejection.FieldSectionTooLarge, 431);
        NeedMore(Start + "x: " + new string('y', room + 1));
        Refuse(Start + "x: " + new string('y', room + 2), Rejection.FieldSectionTooLarge, 431);
        Refuse(Start + new string('x', 33_000), Rejection.FieldSectionTooLarge, 431);
        Refuse(Start + "x: " + new string('y', room) + "\r\nz", Rejection.FieldSectionTooLarge, 431);
    }

    [Fact]
    public void A_head_is_no_longer_than_the_limits_of_its_parts()
    {
        string line = "GET /" + new string('a', HttpLimits.RequestLine - 14) + " HTTP/1.1\r\n";
        string fields = "Host: a\r\nx: " + new string('y', HttpLimits.FieldSection - 14) + "\r\n";
        Assert.True(Accept("\r\n" + line + fields + "\r\n").Length <= HttpLimits.RequestLine + HttpLimits.FieldSection + 8);
    }
}
