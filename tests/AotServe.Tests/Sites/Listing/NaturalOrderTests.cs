using System;
using System.Linq;
using System.Text;
using AotServe.Sites.Listing;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AotServe.Tests.Sites.Listing;

/// <summary>The order of names.</summary>
public sealed class NaturalOrderTests
{
    /// <summary>Names that differ where it matters: digits, zeros, case, bytes around the digits, bytes of no UTF-8.</summary>
    private static readonly Arbitrary<byte[]> Names =
        Gen.Elements("0", "00", "1", "10", "9", "a", "A", "b", "B", "/", ":", "-", ".", " ", "\u00ff", "\u0080")
            .ListOf().Select(pieces => Encoding.Latin1.GetBytes(string.Concat(pieces))).ToArbitrary();

    [Fact]
    public void Numbers_count_as_numbers_and_letters_by_the_alphabet()
    {
        string[] ordered =
        [
            "-x", "01", "1", "1.txt", "2", "9", "10", "99999999999999999999998", "99999999999999999999999", "A", "a", "a b",
            "a1", "a01b", "a2", "a10", "B", "b", "Chapter 9", "chapter 10", "z", "é",
        ];
        string[] shuffled = [.. ordered];
        new System.Random(1).Shuffle(shuffled);
        Array.Sort(shuffled, (left, right) => Compare(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right)));
        Assert.Equal(ordered, shuffled);
    }

    [Fact]
    public void It_is_a_total_order() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(20_000),
        Prop.ForAll(Names, Names, Names, (byte[] a, byte[] b, byte[] c) =>
        {
            Assert.Equal(a.SequenceEqual(b), Compare(a, b) == 0);
            Assert.Equal(Compare(a, b), -Compare(b, a));
            if (Compare(a, b) <= 0 && Compare(b, c) <= 0)
            {
                Assert.True(Compare(a, c) <= 0);
            }
        }));

    private static int Compare(byte[] left, byte[] right) => Math.Sign(NaturalOrder.Compare(left, right));
}
