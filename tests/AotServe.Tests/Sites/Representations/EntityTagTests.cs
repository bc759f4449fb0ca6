using System.Text;
using AotServe.Files;
using AotServe.Sites.Representations;
using Xunit;

namespace AotServe.Tests.Sites.Representations;

public sealed class EntityTagTests
{
    [Fact]
    public void A_tag_is_made_of_the_time_in_nanoseconds_and_the_size() =>
        Assert.Equal("\"3b9aca05-ff\"", Format(new FileEntry(FileKind.Regular, 255, 1, 5)));

    [Fact]
    public void A_file_from_before_1970_has_a_tag_too() =>
        Assert.Equal("\"ffffffffffffffff-0\"", Format(new FileEntry(FileKind.Regular, 0, -1, 999_999_999)));

    [Fact]
    public void The_longest_tag_fits() =>
        Assert.Equal(EntityTag.MaxLength, Format(new FileEntry(FileKind.Regular, long.MinValue, -1, 0), "-zst").Length);

    [Fact]
    public void A_coding_is_told_from_the_file_within_the_quotes() =>
        Assert.Equal("\"3b9aca05-ff-br\"", Format(new FileEntry(FileKind.Regular, 255, 1, 5), "-br"));

    [Theory]
    [InlineData("\"a\"", true)]
    [InlineData("W/\"a\"", true)]
    [InlineData("\"b\", \"a\"", true)]
    [InlineData("\"b\",W/\"a\"", true)]
    [InlineData(" ,, \"b\" ,\t, \"a\" ,", true)]
    [InlineData("\"b,\", \"a\"", true)]
    [InlineData("\"\", \"a\"", true)]
    [InlineData("\"b\"", false)]
    [InlineData("\"A\"", false)]
    [InlineData("a", false)]
    [InlineData("\"a", false)]
    [InlineData("\"", false)]
    [InlineData("", false)]
    [InlineData("w/\"a\"", false)]
    [InlineData("W/ \"a\"", false)]
    [InlineData("\"b\" \"a\"", false)]
    [InlineData("b, \"a\"", false)]
    [InlineData("\"b\"x, \"a\"", false)]
    public void A_list_is_searched_by_weak_comparison(string list, bool expected) =>
        Assert.Equal(expected, EntityTag.IsInList(Encoding.ASCII.GetBytes(list), "\"a\""u8, isWeak: true));

    [Theory]
    [InlineData("\"a\"", true)]
    [InlineData("\"b\", \"a\"", true)]
    [InlineData("W/\"a\", \"a\"", true)]
    [InlineData("W/\"b\" ,\"a\"", true)]
    [InlineData("W/\"a\"", false)]
    [InlineData("\"b\", W/\"a\"", false)]
    [InlineData("W/\"a\" \"a\"", false)]
    public void By_strong_comparison_nothing_weak_matches(string list, bool expected) =>
        Assert.Equal(expected, EntityTag.IsInList(Encoding.ASCII.GetBytes(list), "\"a\""u8, isWeak: false));

    private static string Format(FileEntry entry, string suffix = "") =>
        Encoding.ASCII.GetString(EntityTag.Format(entry, new byte[EntityTag.MaxLength], Encoding.ASCII.GetBytes(suffix)));
}
