using System;
using System.Globalization;
using AotServe.Http;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using static AotServe.Tests.Http.Parsing;

namespace AotServe.Tests.Http;

public class HttpDateTests
{
    private static readonly long First = DateTimeOffset.MinValue.ToUnixTimeSeconds();
    private static readonly long Last = DateTimeOffset.MaxValue.ToUnixTimeSeconds();
    private static readonly long Now = At("2026-07-01T12:00:00Z");

    [Fact]
    public void Any_second_is_written_as_NET_writes_it_and_read_back()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<long>(), (long number) =>
        {
            long seconds = First + (long)((ulong)number * 0x9E3779B97F4A7C15 % (ulong)(Last - First + 1));
            string text = Format(seconds);
            return text == DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("r", CultureInfo.InvariantCulture)
                && Parse(text) == seconds;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(long.MinValue, "Mon, 01 Jan 0001 00:00:00 GMT")]
    [InlineData(0, "Thu, 01 Jan 1970 00:00:00 GMT")]
    [InlineData(951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT")]
    [InlineData(long.MaxValue, "Fri, 31 Dec 9999 23:59:59 GMT")]
    public void Years_beyond_four_digits_are_clamped(long seconds, string text) => Assert.Equal(text, Format(seconds));

    [Theory]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT")]
    [InlineData("Sunday, 06-Nov-94 08:49:37 GMT")]
    [InlineData("Sun Nov  6 08:49:37 1994")]
    [InlineData("Mon, 06 Nov 1994 08:49:37 GMT")]
    public void The_three_formats_are_read(string text) => Assert.Equal(784_111_777, Parse(text));

    [Theory]
    [InlineData("Sun Nov 16 08:49:37 1994", "1994-11-16T08:49:37Z")]
    [InlineData("Wednesday, 29-Feb-28 00:00:00 GMT", "2028-02-29T00:00:00Z")]
    [InlineData("Sat, 31 Dec 2016 23:59:60 GMT", "2017-01-01T00:00:00Z")]
    [InlineData("Wednesday, 01-Jul-76 12:00:00 GMT", "2076-07-01T12:00:00Z")]
    [InlineData("Thursday, 01-Jul-76 12:00:01 GMT", "1976-07-01T12:00:01Z")]
    [InlineData("Sunday, 01-Aug-76 00:00:00 GMT", "1976-08-01T00:00:00Z")]
    [InlineData("Friday, 31-Dec-99 23:59:59 GMT", "1999-12-31T23:59:59Z")]
    [InlineData("Saturday, 01-Jan-00 00:00:00 GMT", "2000-01-01T00:00:00Z")]
    public void A_year_of_two_digits_is_the_last_that_is_not_more_than_50_years_ahead(string text, string time) =>
        Assert.Equal(At(time), Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData(",")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GM")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMTx")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 UTC")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 gmt")]
    [InlineData("sun, 06 Nov 1994 08:49:37 GMT")]
    [InlineData("Xxx, 06 Nov 1994 08:49:37 GMT")]
    [InlineData("Sun, 6 Nov 1994 08:49:37 GMT")]
    [InlineData("Sun, 06 Nov 94 08:49:37 GMT")]
    [InlineData("Sun, 06 nov 1994 08:49:37 GMT")]
    [InlineData("Sun, 06 Xxx 1994 08:49:37 GMT")]
    [InlineData("Sun, 00 Nov 1994 08:49:37 GMT")]
    [InlineData("Sun, 31 Nov 1994 08:49:37 GMT")]
    [InlineData("Sun, 29 Feb 1900 08:49:37 GMT")]
    [InlineData("Sun, 06 Nov 0000 08:49:37 GMT")]
    [InlineData("Sun, 06 Nov 1994 24:00:00 GMT")]
    [InlineData("Sun, 06 Nov 1994 08:60:37 GMT")]
    [InlineData("Sun, 06 Nov 1994 08:49:61 GMT")]
    [InlineData("Sun, 06 Nov 1994 8:49:37 GMT0")]
    [InlineData("Sun, +6 Nov 1994 08:49:37 GMT")]
    [InlineData("Sun, 06-Nov-94 08:49:37 GMT")]
    [InlineData("Sunday, 06 Nov 94 08:49:37 GMT")]
    [InlineData("Sunday, 06-Nov-1994 08:49:37 GMT")]
    [InlineData("Sunday, 29-Feb-27 00:00:00 GMT")]
    [InlineData("Sun Nov 6 08:49:37 1994")]
    [InlineData("Sun Nov  6 08:49:37 1994 GMT")]
    [InlineData("Sun Nov  6 08:49:37 94")]
    [InlineData("Sunday Nov  6 08:49:37 1994")]
    public void Anything_else_is_no_date(string text) => Assert.Null(Parse(text));

    [Fact]
    public void No_bytes_make_it_throw()
    {
        var random = new Random(5);
        string[] samples =
            ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"];
        for (int i = 0; i < 100_000; i++)
        {
            byte[] text = Bytes(samples[random.Next(3)]);
            for (int changes = random.Next(4); changes > 0; changes--)
            {
                text[random.Next(text.Length)] = (byte)"09 ,:-GSF\xff"[random.Next(10)];
            }

            long now = random.NextInt64(long.MinValue, long.MaxValue);
            if (HttpDate.TryParse(text.AsSpan(0, random.Next(text.Length + 1)), now, out long seconds))
            {
                Assert.InRange(seconds, First, Last + 1);
            }
        }
    }

    private static long At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).ToUnixTimeSeconds();

    private static string Format(long seconds)
    {
        byte[] bytes = new byte[HttpDate.Length];
        HttpDate.Format(seconds, bytes);
        return Text(bytes);
    }

    private static long? Parse(string text) =>
        HttpDate.TryParse(Bytes(text), Now, out long seconds) ? seconds : null;
}
