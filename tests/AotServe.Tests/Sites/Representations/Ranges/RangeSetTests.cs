using System;
using System.Linq;
using System.Text;
using AotServe.Sites.Representations.Ranges;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AotServe.Tests.Sites.Representations.Ranges;

public sealed class RangeSetTests
{
    /// <summary>Ranges that are less apart than this become one.</summary>
    private const int Gap = 80;

    [Theory]
    [InlineData("bytes=0-0", "0+1")]
    [InlineData("bytes=0-499", "0+500")]
    [InlineData("bytes=500-999", "500+500")]
    [InlineData("bytes=500-", "500+500")]
    [InlineData("bytes=0-", "0+1000")]
    [InlineData("bytes=-1", "999+1")]
    [InlineData("bytes=-1000", "0+1000")]
    [InlineData("bytes=-1001", "0+1000")]
    [InlineData("bytes=999-1000", "999+1")]
    [InlineData("bytes=0-18446744073709551615", "0+1000")]
    [InlineData("bytes=-99999999999999999999999999", "0+1000")]
    [InlineData("bytes=0000000000000000000000000001-000000000000000000000000000000002", "1+2")]
    [InlineData("BYTES=0-1", "0+2")]
    [InlineData("bYtEs=0-1", "0+2")]
    [InlineData("bytes= 0-1 ", "0+2")]
    [InlineData("bytes=,0-1,,\t, ", "0+2")]
    [InlineData("bytes=0-1,500-501", "0+2 500+2")]
    [InlineData("bytes=500-501\t,  0-1", "500+2 0+2")]
    [InlineData("bytes=0-1,-1", "0+2 999+1")]
    [InlineData("bytes=1000-,0-1,2000-3000,-0", "0+2")]
    [InlineData("bytes=0-9,5-14", "0+15")]
    [InlineData("bytes=5-14,0-9", "0+15")]
    [InlineData("bytes=0-9,10-19", "0+20")]
    [InlineData("bytes=10-19,0-9", "0+20")]
    [InlineData("bytes=0-9,89-99", "0+100")]
    [InlineData("bytes=0-9,90-99", "0+10 90+10")]
    [InlineData("bytes=90-99,0-9", "90+10 0+10")]
    [InlineData("bytes=0-9,500-509,200-209,10-199", "0+210 500+10")]
    [InlineData("bytes=500-509,0-9,300-309,0-999", "0+1000")]
    [InlineData("bytes=0-9,400-409,800-809,395-415", "0+10 395+21 800+10")]
    [InlineData("bytes=0-,0-,0-", "0+1000")]
    public void Ranges_are_read_clamped_and_coalesced(string value, string expected)
    {
        Assert.Equal(RangeOutcome.Partial, Select(value, 1000, out ByteRange[] ranges));
        Assert.Equal(expected, string.Join(' ', ranges.Select(range => $"{range.First}+{range.Length}")));
    }

    [Theory]
    [InlineData("bytes=1000-")]
    [InlineData("bytes=1000-1001")]
    [InlineData("bytes=-0")]
    [InlineData("bytes=-0,1000-")]
    [InlineData("bytes=9223372036854775807-")]
    [InlineData("bytes=9223372036854775808-")]
    [InlineData("bytes=99999999999999999999-99999999999999999999")]
    public void What_lies_beyond_the_end_is_not_satisfiable(string value) =>
        Assert.Equal(RangeOutcome.Unsatisfiable, Select(value, 1000, out _));

    [Theory]
    [InlineData("")]
    [InlineData("bytes")]
    [InlineData("bytes=")]
    [InlineData("bytes= ")]
    [InlineData("bytes=,")]
    [InlineData("bytes=-")]
    [InlineData("bytes=0")]
    [InlineData("bytes=1-0")]
    [InlineData("bytes=2000-1999")]
    [InlineData("bytes=0-1,1-0")]
    [InlineData("bytes=0-1,x")]
    [InlineData("bytes=0-1 2-3")]
    [InlineData("bytes=0 - 1")]
    [InlineData("bytes=0- 1")]
    [InlineData("bytes=a-1")]
    [InlineData("bytes=0-a")]
    [InlineData("bytes=+0-1")]
    [InlineData("bytes=0-+1")]
    [InlineData("bytes=--1")]
    [InlineData("bytes=0x0-1")]
    [InlineData("bytes=0-1-")]
    [InlineData("bytes=0-1;q=1")]
    [InlineData("bytes=1.0-2")]
    [InlineData("bytes=*")]
    [InlineData("bytes:0-1")]
    [InlineData("bytes =0-1")]
    [InlineData("byte=0-1")]
    [InlineData("items=0-1")]
    [InlineData("0-1")]
    [InlineData("bytes=0-1, bytes=2-3")]
    [InlineData("bytes=99999999999999999999-0")]
    public void Other_units_and_malformed_sets_do_not_count(string value) =>
        Assert.Equal(RangeOutcome.Ignored, Select(value, 1000, out _));

    [Theory]
    [InlineData("bytes=0-")]
    [InlineData("bytes=0-0")]
    [InlineData("bytes=-0")]
    [InlineData("bytes=-1")]
    [InlineData("bytes=-5,0-")]
    public void Of_nothing_there_is_no_part(string value) => Assert.Equal(RangeOutcome.Ignored, Select(value, 0, out _));

    [Fact]
    public void A_range_may_lie_anywhere_in_the_largest_file()
    {
        Assert.Equal(
            RangeOutcome.Partial, Select("bytes=9223372036854775805-,0-0", long.MaxValue, out ByteRange[] ranges));
        Assert.Equal([new ByteRange(long.MaxValue - 2, 2), new ByteRange(0, 1)], ranges);
    }

    [Theory]
    [InlineData(16, 1)]
    [InlineData(17, 0)]
    public void Too_many_parts_do_not_count(int parts, int outcome)
    {
        string value = "bytes=" + string.Join(',', Enumerable.Range(0, parts).Select(i => $"{i * 1000}-{i * 1000 + 1}"));
        Assert.Equal((RangeOutcome)outcome, Select(value, 1_000_000, out _));
        // One more that makes them one.
        Assert.Equal(RangeOutcome.Partial, Select(value + ",0-", 1_000_000, out ByteRange[] ranges));
        Assert.Single(ranges);
    }

    [Theory]
    [InlineData(100, 1)]
    [InlineData(101, 0)]
    [InlineData(8000, 0)]
    public void Too_many_members_do_not_count_even_if_they_come_to_one_part(int members, int outcome) =>
        Assert.Equal(
            (RangeOutcome)outcome, Select("bytes=" + string.Join(',', Enumerable.Repeat("0-0", members)), 10, out _));

    [Fact]
    public void What_is_sent_is_what_was_asked_for_and_little_between()
    {
        Gen<(int, int)> spec = Gen.Zip(Gen.Choose(-50, 2100), Gen.Choose(0, 400))
            .Select(pair => (pair.Item1, pair.Item2));
        Prop.ForAll(Arb.From(Gen.ListOf(spec).Where(list => list.Count is > 0 and <= RangeSet.MaxSpecs)), specs =>
        {
            const int Length = 2000;
            // A negative first stands for a suffix.
            string value = "bytes=" + string.Join(',', specs.Select(
                s => s.Item1 < 0 ? $"-{-s.Item1}" : s.Item2 == 400 ? $"{s.Item1}-" : $"{s.Item1}-{s.Item1 + s.Item2}"));
            bool[] wanted = new bool[Length];
            foreach ((int first, int length) in specs)
            {
                int begin = first < 0 ? Length + first : first;
                int end = first < 0 || length == 400 ? Length : Math.Min(Length, first + length + 1);
                for (int i = begin; i < end; i++)
                {
                    wanted[i] = true;
                }
            }

            RangeOutcome outcome = Select(value, Length, out ByteRange[] ranges);
            Assert.Equal(wanted.Contains(true) ? RangeOutcome.Partial : RangeOutcome.Unsatisfiable, outcome);
            bool[] sent = new bool[Length];
            foreach (ByteRange range in ranges)
            {
                // Never twice; the ends are wanted, and what is not wanted between them is no longer than a part's head.
                Assert.True(range.First >= 0 && range.Length > 0 && range.End <= Length);
                Assert.True(wanted[range.First] && wanted[range.End - 1]);
                int gap = 0;
                for (long i = range.First; i < range.End; i++)
                {
                    Assert.False(sent[i]);
                    sent[i] = true;
                    gap = wanted[i] ? 0 : gap + 1;
                    Assert.True(gap < Gap);
                }
            }

            Assert.All(Enumerable.Range(0, Length), i => Assert.True(sent[i] || !wanted[i]));
            ByteRange[] sorted = [.. ranges.OrderBy(range => range.First)];
            Assert.All(sorted.Zip(sorted.Skip(1)), pair => Assert.True(pair.Second.First - pair.First.End >= Gap));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    [Fact]
    public void The_parts_come_in_the_order_of_the_first_that_went_into_each()
    {
        Gen<int> place = Gen.Choose(0, 40);
        Prop.ForAll(Arb.From(Gen.ListOf(place).Where(list => list.Count is > 0 and <= RangeSet.MaxSpecs)), places =>
        {
            // Blocks of 50 bytes: neighbours become one part, others are 50 bytes or more apart, which is near too.
            string value = "bytes=" + string.Join(',', places.Select(p => $"{p * 50}-{p * 50 + 49}"));
            RangeOutcome outcome = Select(value, 41 * 50, out ByteRange[] ranges);
            if (outcome == RangeOutcome.Ignored)
            {
                return;
            }

            int[] firstUse = [.. ranges.Select(
                range => places.ToList().FindIndex(p => p * 50 >= range.First && p * 50 < range.End))];
            Assert.Equal(firstUse.Order(), firstUse);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    [Fact]
    public void No_bytes_make_it_throw()
    {
        Gen<string> pieces = Gen.Elements(
            "bytes", "=", "-", ",", "0", "1", "9", "99999999999999999999", " ", "\t", "\0", "ÿ", "x", "0-1", "5-", "-3");
        Prop.ForAll(
            Arb.From(Gen.ListOf(pieces).Select(list => "bytes=" + string.Concat(list))),
            Gen.Choose(0, 200).ToArbitrary(),
            (value, length) =>
            {
                RangeOutcome outcome = Select(value, length, out ByteRange[] ranges);
                Assert.Equal(outcome == RangeOutcome.Partial, ranges.Length > 0);
                Assert.All(ranges, range => Assert.True(range.First >= 0 && range.Length > 0 && range.End <= length));
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
        Prop.ForAll(
            ArbMap.Default.ArbFor<byte[]>(),
            bytes =>
            {
                RangeSet.Select(bytes, 100, new ByteRange[RangeSet.MaxSpecs], out _);
                RangeSet.Select([.. "bytes="u8, .. bytes], 100, new ByteRange[RangeSet.MaxSpecs], out _);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    private static RangeOutcome Select(string value, long length, out ByteRange[] ranges)
    {
        var space = new ByteRange[RangeSet.MaxSpecs];
        RangeOutcome outcome = RangeSet.Select(Encoding.Latin1.GetBytes(value), length, space, out int count);
        ranges = outcome == RangeOutcome.Partial ? space[..count] : [];
        return outcome;
    }
}
