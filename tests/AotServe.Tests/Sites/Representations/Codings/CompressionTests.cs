using System;
using System.IO;
using System.Linq;
using System.Threading;
using AotServe.Sites.Representations.Codings;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace AotServe.Tests.Sites.Representations.Codings;

public sealed class CompressionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_compressed_unpacks_to_the_same_bytes()
    {
        Gen<byte[]> content = from seed in Gen.Choose(0, 1_000_000)
                              from length in Gen.OneOf(Gen.Choose(1, 2_000), Gen.Choose(60_000, 70_000), Gen.Choose(1, 400_000))
                              from letters in Gen.Choose(1, 60)
                              select Content(seed, length, letters);
        Prop.ForAll(content.ToArbitrary(), bytes =>
        {
            foreach (ContentCodings coding in (ContentCodings[])[ContentCodings.Brotli, ContentCodings.Gzip])
            {
                if (Compress(coding, bytes) is { } packed)
                {
                    Assert.True(packed.Length < bytes.Length);
                    Assert.Equal(bytes, Unpacking.Unpack(coding == ContentCodings.Brotli ? "br" : "gzip", packed));
                }
                else
                {
                    Assert.True(bytes.Length < 200, "Text of few letters becomes smaller, unless it is very short.");
                }
            }
        }).Check(Config.QuickThrowOnFailure);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1024)]
    [InlineData(64 * 1024)]
    [InlineData(200_001)]
    public void What_does_not_become_smaller_is_given_up(int length)
    {
        byte[] noise = new byte[length];
        new System.Random(1).NextBytes(noise);
        Assert.Null(Compress(ContentCodings.Brotli, noise));
        Assert.Null(Compress(ContentCodings.Gzip, noise));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_can_be_broken_off_and_notices_a_file_that_is_shorter(bool isBrotli)
    {
        ContentCodings coding = isBrotli ? ContentCodings.Brotli : ContentCodings.Gzip;
        File.WriteAllBytes(_folder["a"], Content(1, 5_000, 20));
        using SafeFileHandle file = File.OpenHandle(_folder["a"]);
        Assert.False(Compression.TryCompress(coding, file, 5_000, new CancellationToken(canceled: true), out byte[]? bytes));
        Assert.Null(bytes);
        Assert.False(Compression.TryCompress(coding, file, 5_001, default, out bytes));
        Assert.Null(bytes);
        Assert.True(Compression.TryCompress(coding, file, 5_000, default, out bytes));
        Assert.NotNull(bytes);
    }

    private static byte[] Content(int seed, int length, int letters)
    {
        var random = new System.Random(seed);
        return Enumerable.Range(0, length).Select(_ => (byte)(' ' + random.Next(letters))).ToArray();
    }

    private byte[]? Compress(ContentCodings coding, byte[] content)
    {
        File.WriteAllBytes(_folder["a"], content);
        using SafeFileHandle file = File.OpenHandle(_folder["a"]);
        Assert.True(Compression.TryCompress(coding, file, content.Length, default, out byte[]? bytes));
        return bytes;
    }
}
