using System.Text;
using System.Threading;
using AotServe.Sites.Access;
using Xunit;

namespace AotServe.Tests.Sites.Access;

public sealed class BcryptTests
{
    /// <summary>The first five are those of Openwall's crypt_blowfish; the last was made by htpasswd -B.</summary>
    [Theory]
    [InlineData("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK")]
    [InlineData("U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a")]
    [InlineData("", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy")]
    [InlineData(
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored",
        "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui")]
    [InlineData("secret pw", "$2y$05$xsQZ6mohOxN4n0ioH2p30Oew.MRS2uQrghh7plLub8IvgjBqm8dzK")]
    public void A_password_has_the_hash_that_others_give_it(string password, string text)
    {
        Assert.True(PasswordHash.TryParse(text, out PasswordHash? hash));
        Assert.Equal(new PasswordCost(0, 32), hash.Cost);
        Assert.True(Verify(hash, password, default));
        Assert.False(Verify(hash, "x" + password, default));
        Assert.True(Verify(hash, password, new PasswordCost(1_000, 64)));
        Assert.False(Verify(hash, "x" + password, new PasswordCost(1_000, 64)));
    }

    [Theory]
    [InlineData("$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$2$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$2a$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$2a$17$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe")]
    [InlineData("$2a$05$CCCCCCCCCCCCCCCCCCCC!.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$2a$5$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeWx")]
    public void What_is_no_such_hash_is_refused(string text) => Assert.False(PasswordHash.TryParse(text, out _));

    [Theory]
    [InlineData("$apr1$abc$def", "MD5 (htpasswd -m)")]
    [InlineData("{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=", "SHA-1 (htpasswd -s)")]
    [InlineData("$6$salt$hash", "SHA-256 or SHA-512 of crypt(3)")]
    [InlineData("$argon2id$v=19$m=1$x", "Argon2")]
    [InlineData("$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "bcrypt of a form or a cost that is not taken ($2a$, $2b$ or $2y$, 4 to 16)")]
    public void Another_form_is_refused_by_its_name(string hash, string name)
    {
        Assert.False(UserFile.TryParse("users", "ann:" + hash, out _, out string? error));
        Assert.Equal($"users:1: the hash is {name}, which is not supported; make one with 'aotserve hash-password', or with htpasswd -B", error);
    }

    /// <summary>A user costs what the dearest of each kind cost together, so that the time does not tell who has which hash.</summary>
    [Fact]
    public void Costs_of_both_kinds_are_combined() =>
        Assert.Equal(new PasswordCost(1_000, 64), new PasswordCost(1_000, 32).Or(new PasswordCost(0, 64)));

    private static bool Verify(PasswordHash hash, string password, PasswordCost atLeast)
    {
        Assert.True(hash.TryVerify(Encoding.UTF8.GetBytes(password), atLeast, CancellationToken.None, out bool isSame));
        return isSame;
    }
}
