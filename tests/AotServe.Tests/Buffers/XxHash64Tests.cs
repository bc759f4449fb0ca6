using System;
using System.Linq;
using System.Numerics;
using System.Text;
using AotServe.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AotServe.Tests.Buffers;

public sealed class XxHash64Tests
{
    [Theory]
    [InlineData("", 0xef46db3751d8e999)]
    [InlineData("a", 0xd24ec4f1a98c6e5b)]
    [InlineData("abc", 0x44bc2cf5ad770999)]
    [InlineData("Nobody inspects the spammish repetition", 0xfbcea83c8a378bf1)]
    public void The_published_values_are_given(string text, ulong hash) =>
        Assert.Equal(hash, XxHash64.Compute(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void In_pieces_the_hash_is_the_same() =>
        Prop.ForAll(Gen.Choose(0, 300).ToArbitrary(), Gen.Choose(0, 9).ToArbitrary(), (length, stripes) =>
        {
            byte[] bytes = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))];
            int first = Math.Min(stripes, length / XxHash64.StripeLength) * XxHash64.StripeLength;
            int rest = length / XxHash64.StripeLength * XxHash64.StripeLength;
            var hash = new XxHash64();
            hash.Append(bytes.AsSpan(0, first));
            hash.Append(bytes.AsSpan(first, rest - first));
            return hash.Finish(bytes.AsSpan(rest)) == XxHash64.Compute(bytes);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void One_bit_changes_about_half_of_the_hash()
    {
        byte[] bytes = new byte[64];
        ulong before = XxHash64.Compute(bytes);
        for (int bit = 0; bit < 8 * bytes.Length; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.InRange(BitOperations.PopCount(before ^ XxHash64.Compute(bytes)), 12, 52);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }
}
