using System;
using System.IO;
using AotServe.Sandbox;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AotServe.Tests.Sandbox;

/// <summary>Whom <c>--user</c> names, by files as passwd(5) and group(5) have them.</summary>
public sealed class UserAccountTests : IDisposable
{
    private readonly string _users = Path.GetTempFileName();
    private readonly string _groups = Path.GetTempFileName();

    public UserAccountTests()
    {
        File.WriteAllText(_users, "root:x:0:0:root:/root:/bin/sh\n\n# x\nwww:x:33:34:web:/srv:/bin/false\nshort:x\n7:x:70:71::/:\nbad:x:many:1::/:\n");
        File.WriteAllText(_groups, "root:x:0:\nweb:x:35:www\nshort\nbad:x:-1:\n");
    }

    public void Dispose()
    {
        File.Delete(_users);
        File.Delete(_groups);
    }

    [Theory]
    [InlineData("www", 33, 34)]
    [InlineData("33", 33, 34)]
    [InlineData("www:web", 33, 35)]
    [InlineData("www:0", 33, 0)]
    [InlineData("7", 7, -1)] // A number is a number, whatever else is called so.
    [InlineData("7:web", 7, 35)]
    [InlineData("65534:65533", 65534, 65533)]
    [InlineData("4294967294:1", 4294967294, 1)]
    public void A_user_is_a_name_or_a_number_with_the_group_of_its_own_or_another(string text, long user, long group)
    {
        string? error = Resolve(text, null, out UserAccount account);
        if (group < 0)
        {
            Assert.NotNull(error);
        }
        else
        {
            Assert.Equal((null, new UserAccount((uint)user, (uint)group)), (error, account));
        }
    }

    [Theory]
    [InlineData("nobody-here", "names a user that is not in")]
    [InlineData("short", "names a user that is not in")]
    [InlineData("bad", "names a user that is not in")]
    [InlineData("ww", "names a user that is not in")]
    [InlineData("4711", "has no group for; give UID:GID")]
    [InlineData("www:nothing", "names a group that is not in")]
    [InlineData("www:short", "names a group that is not in")]
    [InlineData("www:bad", "names a group that is not in")]
    [InlineData("www:web:x", "names a group that is not in")]
    [InlineData("4294967295:1", "names a user that is not in")]
    [InlineData("33:4294967295", "names a group that is not in")]
    [InlineData("-1:1", "names a user that is not in")]
    [InlineData("root", "is root")]
    [InlineData("0", "is root")]
    [InlineData("0:33", "is root")]
    [InlineData(":33", "lacks a name")]
    [InlineData("www:", "lacks a name")]
    [InlineData(":", "lacks a name")]
    public void What_names_nobody_or_root_is_refused_with_a_reason(string text, string says) =>
        Assert.Contains(says, Resolve(text, null, out _), StringComparison.Ordinal);

    [Fact]
    public void Without_the_files_numbers_still_do()
    {
        Assert.Null(ResolveWithoutFiles("1:2", null, out UserAccount account));
        Assert.Equal(new UserAccount(1, 2), account);
        Assert.Contains("give UID:GID", ResolveWithoutFiles("www", null, out _), StringComparison.Ordinal);
        Assert.Contains("give UID:GID", ResolveWithoutFiles("1", null, out _), StringComparison.Ordinal);
    }

    [Fact]
    public void A_replacement_needs_no_files_for_the_same_name()
    {
        string handedOver = new UserAccount(33, 34).ToHandoverText("www");
        Assert.Null(ResolveWithoutFiles("www", handedOver, out UserAccount account));
        Assert.Equal(new UserAccount(33, 34), account);
        Assert.NotNull(ResolveWithoutFiles("ww", handedOver, out _));
    }

    [Fact]
    public void Whatever_is_typed_is_an_account_or_a_reason() => Check.One(
        Config.QuickThrowOnFailure,
        Prop.ForAll(
            Gen.Elements("www", "root", "web", "0", "33", ":", "-", " ", "4294967295", "99999999999", "x", "=").ArrayOf()
                .Select(string.Concat).ToArbitrary(),
            (string text) => Resolve(text, null, out UserAccount account) is null
                ? account.User is > 0 and < uint.MaxValue && account.Group < uint.MaxValue
                : account == default));

    private string? Resolve(string text, string? handedOver, out UserAccount account) =>
        UserAccount.TryResolve(text, handedOver, _users, _groups, out account, out string? error) ? null : error;

    private static string? ResolveWithoutFiles(string text, string? handedOver, out UserAccount account) =>
        UserAccount.TryResolve(text, handedOver, "/no/such/file", "/no/such/file", out account, out string? error)
            ? null
            : error;
}
