using System;
using System.IO;
using System.Runtime.Versioning;
using System.Text;
using System.Threading;
using AotServe.Sites.Access;
using Xunit;

namespace AotServe.Tests.Sites.Access;

/// <summary>The file of users and hashes.</summary>
public sealed class UserFileTests : IDisposable
{
    private static readonly string Hash = PasswordHash.Make("secret"u8, new byte[16], 1_000).ToString();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Users_are_known_by_name_and_password()
    {
        string other = PasswordHash.Make("pass:wörd"u8, new byte[16], 2_000).ToString();
        UserFile file = Parse($"# who\r\n\r\nann:{Hash}\n  bob : {other}  \n".Replace(" : ", ":"));
        Assert.Equal(2, file.Count);
        Assert.True(Verify(file, "ann"u8, "secret"u8));
        Assert.True(Verify(file, "bob"u8, "pass:wörd"u8));
        Assert.False(Verify(file, "ann"u8, "pass:wörd"u8));
        Assert.False(Verify(file, "ann"u8, ""u8));
        Assert.False(Verify(file, "Ann"u8, "secret"u8));
        Assert.False(Verify(file, "carl"u8, "secret"u8));
        Assert.False(Verify(file, ""u8, "secret"u8));
    }

    [Theory]
    [InlineData("ann:{0}\nnothing here", 2, "not user:hash")]
    [InlineData(":{0}", 1, "not user:hash")]
    [InlineData("ann:secret", 1, "no hash")]
    [InlineData("ann: {0}x", 1, "no hash")]
    [InlineData("ann:{0}\n\nann:{0}", 3, "a line already, 1")]
    [InlineData("a\tb:{0}", 1, "control characters")]
    public void A_bad_line_is_named_and_not_shown(string text, int line, string reason)
    {
        Assert.False(UserFile.TryParse("users", string.Format(text, Hash), out UserFile? file, out string? error));
        Assert.Null(file);
        Assert.StartsWith($"users:{line}: ", error);
        Assert.Contains(reason, error);
        Assert.DoesNotContain("secret", error);
        Assert.DoesNotContain(Hash, error);
    }

    [Fact]
    public void A_file_without_users_lets_nobody_in_and_is_refused()
    {
        Assert.False(UserFile.TryParse("users", "# nobody\n", out UserFile? file, out string? error));
        Assert.Contains("no user", error);
        Assert.Null(file);
    }

    [Fact]
    public void A_file_is_read_with_or_without_a_byte_order_mark()
    {
        foreach (bool mark in new[] { false, true })
        {
            File.WriteAllText(_folder["users"], $"ann:{Hash}\n", new UTF8Encoding(mark));
            Assert.True(UserFile.TryRead(_folder["users"], out UserFile? file, out _));
            Assert.True(Verify(file, "ann"u8, "secret"u8));
        }
    }

    [Fact]
    public void What_cannot_be_read_is_said_in_one_line()
    {
        File.WriteAllBytes(_folder["binary"], [0xFF, 0xFE, 0xFD]);
        File.WriteAllBytes(_folder["large"], new byte[1024 * 1024 + 1]);
        foreach ((string name, string reason) in new[] { ("none", "no such file"), ("binary", "not UTF-8"), ("large", "larger than"), ("", "may not be read") })
        {
            Assert.False(UserFile.TryRead(_folder[name], out UserFile? file, out string? error));
            Assert.Null(file);
            Assert.Contains(reason, error);
            Assert.DoesNotContain("\n", error);
        }
    }

    [Fact, UnsupportedOSPlatform("windows")]
    public void A_file_that_all_may_write_is_refused_and_one_that_all_may_read_is_told_apart()
    {
        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        string path = _folder.Write("users", $"ann:{Hash}\n");
        File.SetUnixFileMode(path, Own | UnixFileMode.OtherWrite);
        Assert.False(UserFile.TryRead(path, out UserFile? file, out string? error));
        Assert.Contains("chmod o-w", error);
        Assert.Null(file);

        File.SetUnixFileMode(path, Own | UnixFileMode.OtherRead);
        Assert.True(UserFile.TryRead(path, out file, out _));
        Assert.True(file.IsReadableByAll);

        File.SetUnixFileMode(path, Own);
        File.CreateSymbolicLink(_folder["link"], path);
        Assert.True(UserFile.TryRead(_folder["link"], out file, out _));
        Assert.False(file.IsReadableByAll);
    }

    [Theory]
    [InlineData("ann", true)]
    [InlineData("Ann Smith", true)]
    [InlineData("ünï", true)]
    [InlineData("", false)]
    [InlineData("a:b", false)]
    [InlineData("#ann", false)]
    [InlineData(" ann", false)]
    [InlineData("a\nb", false)]
    public void A_name_is_what_a_line_can_begin_with(string name, bool isName) => Assert.Equal(isName, UserFile.IsName(name));

    private static UserFile Parse(string text)
    {
        Assert.True(UserFile.TryParse("users", text, out UserFile? file, out _));
        return file;
    }

    private static bool Verify(UserFile file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> password)
    {
        Assert.True(file.TryVerify(name, password, CancellationToken.None, out bool isRight));
        return isRight;
    }
}
