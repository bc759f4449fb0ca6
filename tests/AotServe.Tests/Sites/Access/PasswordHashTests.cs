using System;
using System.Text;
using System.Threading;
using AotServe.Sites.Access;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AotServe.Tests.Sites.Access;

/// <summary>How passwords are kept.</summary>
public sealed class PasswordHashTests
{
    private const string Salt = "c2FsdHNhbHQ";
    private const string Key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    [Fact]
    public void A_hash_is_written_in_the_form_that_names_its_function_and_count()
    {
        string text = PasswordHash.Make("secret"u8, new byte[16], 1_000).ToString();
        Assert.Matches(@"^\$pbkdf2-sha256\$i=1000\$A{22}\$[A-Za-z0-9+/]{43}$", text);
    }

    [Fact]
    public void What_was_written_is_read_and_knows_its_password_and_no_other() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(50),
        Prop.ForAll(
            ArbMap.Default.ArbFor<NonNull<string>>(),
            ArbMap.Default.ArbFor<NonNull<string>>(),
            (NonNull<string> password, NonNull<string> other) =>
            {
                byte[] right = Encoding.UTF8.GetBytes(password.Get);
                byte[] wrong = Encoding.UTF8.GetBytes(other.Get);
                string text = PasswordHash.Make(right, Encoding.ASCII.GetBytes("some salt"), 1_000).ToString();
                Assert.True(PasswordHash.TryParse(text, out PasswordHash? read));
                Assert.Equal(text, read.ToString());
                Assert.True(Verify(read, right));
                Assert.Equal(right.AsSpan().SequenceEqual(wrong), Verify(read, wrong));
                Assert.False(Verify(read, [.. right, (byte)'x']));
            }));

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("$apr1$x$y")]
    [InlineData("{SHA}" + Key)]
    [InlineData("$pbkdf2-sha512$i=1000$" + Salt + "$" + Key)]
    [InlineData("$pbkdf2-sha256$1000$" + Salt + "$" + Key)]
    [InlineData("$pbkdf2-sha256$i=$" + Salt + "$" + Key)]
    [InlineData("$pbkdf2-sha256$i=999$" + Salt + "$" + Key)]
    [InlineData("$pbkdf2-sha256$i=10000001$" + Salt + "$" + Key)]
    [InlineData("$pbkdf2-sha256$i=99999999999$" + Salt + "$" + Key)]
    [InlineData("$pbkdf2-sha256$i=+1000$" + Salt + "$" + Key)]
    [InlineData("$pbkdf2-sha256$i=1000$c2FsdA$" + Key)]
    [InlineData("$pbkdf2-sha256$i=1000$" + Salt + "$" + Key + "=")]
    [InlineData("$pbkdf2-sha256$i=1000$" + Salt + "$" + Key + "A")]
    [InlineData("$pbkdf2-sha256$i=1000$" + Salt + "$ " + Key)]
    [InlineData("$pbkdf2-sha256$i=1000$" + Salt)]
    [InlineData("$pbkdf2-sha256$i=1000$" + Salt + "$" + Key + "$")]
    [InlineData("$pbkdf2-sha256$i=1000$c2Fsd*hzYWx0$" + Key)]
    public void Anything_else_is_no_hash(string text) => Assert.False(PasswordHash.TryParse(text, out _));

    [Fact]
    public void A_count_salt_and_key_within_bounds_are_read()
    {
        Assert.True(PasswordHash.TryParse("$pbkdf2-sha256$i=1000$" + Salt + "$" + Key, out PasswordHash? hash));
        Assert.Equal(1_000, hash.Cost.Iterations);
    }

    private static bool Verify(PasswordHash hash, byte[] password)
    {
        Assert.True(hash.TryVerify(password, atLeast: default, CancellationToken.None, out bool isSame));
        return isSame;
    }
}
