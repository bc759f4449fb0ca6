using System;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using AotServe.Sites.Access;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AotServe.Tests.Sites.Access;

/// <summary>The hash functions, against published vectors and against the platform's own.</summary>
public sealed class Sha256Tests
{
    private static readonly Arbitrary<byte[]> Bytes = Gen.Choose(0, 300)
        .SelectMany(length => Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(length)).ToArbitrary();

    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public void The_vectors_of_FIPS_180_come_out(string message, string hash) => Assert.Equal(hash, Hash(Encoding.ASCII.GetBytes(message)));

    [Fact]
    public void Every_length_up_to_several_blocks_hashes_as_on_the_platform()
    {
        byte[] message = new byte[260];
        new Random(1).NextBytes(message);
        for (int length = 0; length <= message.Length; length++)
        {
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(message.AsSpan(0, length))), Hash(message[..length]));
        }
    }

    [Theory]
    [InlineData("4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")]
    [InlineData("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")]
    public void The_vectors_of_RFC_4231_come_out(string key, string message, string code)
    {
        byte[] actual = new byte[Sha256.HashLength];
        new HmacSha256(Convert.FromHexString(key)).Hash(Convert.FromHexString(message), actual);
        Assert.Equal(code, Convert.ToHexStringLower(actual));
    }

    [Fact]
    public void Every_key_and_message_gives_the_code_of_the_platform() => Check.One(
        Config.QuickThrowOnFailure,
        Prop.ForAll(Bytes, Bytes, (byte[] key, byte[] message) =>
        {
            byte[] actual = new byte[Sha256.HashLength];
            new HmacSha256(key).Hash(message, actual);
            Assert.Equal(HMACSHA256.HashData(key, message), actual);
        }));

    [Theory]
    [InlineData("passwd", "salt", 1, "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc")] // RFC 7914 §11
    [InlineData("Password", "NaCl", 80000, "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56")]
    public void The_vectors_of_RFC_7914_come_out(string password, string salt, int iterations, string key)
    {
        byte[] actual = new byte[Sha256.HashLength];
        Assert.True(Pbkdf2.TryDeriveKey(Encoding.ASCII.GetBytes(password), Encoding.ASCII.GetBytes(salt), iterations, CancellationToken.None, actual));
        Assert.Equal(key, Convert.ToHexStringLower(actual));
    }

    [Fact]
    public void Every_password_salt_and_count_gives_the_key_of_the_platform() => Check.One(
        Config.QuickThrowOnFailure,
        Prop.ForAll(Bytes, Bytes, Gen.Choose(1, 50).ToArbitrary(), (byte[] password, byte[] salt, int iterations) =>
        {
            salt = salt.AsSpan(0, Math.Min(salt.Length, Pbkdf2.LongestSalt)).ToArray();
            byte[] actual = new byte[Sha256.HashLength];
            Assert.True(Pbkdf2.TryDeriveKey(password, salt, iterations, CancellationToken.None, actual));
            Assert.Equal(Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, actual.Length), actual);
        }));

    private static string Hash(byte[] message)
    {
        byte[] hash = new byte[Sha256.HashLength];
        Sha256.Hash(message, hash);
        return Convert.ToHexStringLower(hash);
    }
}
