using System.Linq;
using System.Text;
using AotServe.Files;
using AotServe.Sites.Representations;
using Xunit;

namespace AotServe.Tests.Sites.Representations;

public sealed class EntityTagTests
{
    [Fact]
    public void A_strong_tag_is_the_hash_of_the_bytes() => Assert.Equal("\"00000000000000ff\"", Format(255));

    [Theory]
    [InlineData(0)]
    [InlineData(0x0123456789abcdef)]
    [InlineData(0xfedcba9876543210)]
    [InlineData(ulong.MaxValue)]
    public void All_of_the_hash_is_in_the_tag(ulong hash) => Assert.Equal($"\"{hash:x16}\"", Format(hash));

    [Fact]
    public void A_coding_is_told_from_the_file_within_the_quotes() => Assert.Equal("\"00000000000000ff-br\"", Format(255, "-br"));

    [Fact]
    public void A_weak_tag_changes_with_all_that_tells_versions_apart()
    {
        var version = new FileEntry(FileKind.Regular, 255, 1, 5) { Version = 7 };
        string[] tags =
        [
            FormatVersion(version),
            FormatVersion(version with { Version = 8 }),
            FormatVersion(version with { Length = 256 }),
            FormatVersion(version with { ModifiedNanoseconds = 6 }),
            FormatVersion(version, "-gz"),
        ];

        Assert.All(tags, tag => Assert.Matches("^W/\"[0-9a-f]{16}(-gz)?\"$", tag));
        Assert.Equal(tags.Length, tags.Distinct().Count());
        Assert.Equal(tags[0], FormatVersion(version));
    }

    [Fact]
    public void The_longest_tag_fits() => Assert.Equal(EntityTag.MaxLength, FormatVersion(default, "-zst").Length);

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

    [Theory]
    [InlineData("W/\"a\"", true, true)]
    [InlineData("\"a\"", true, true)]
    [InlineData("W/\"a\"", false, false)]
    [InlineData("\"a\"", false, false)]
    public void A_weak_tag_matches_by_weak_comparison_only(string list, bool isWeak, bool expected) =>
        Assert.Equal(expected, EntityTag.IsInList(Encoding.ASCII.GetBytes(list), "W/\"a\""u8, isWeak));

    [Fact]
    public void Where_there_is_no_tag_nothing_matches() =>
        Assert.False(EntityTag.IsInList("\"\", \"a\", W/\"\""u8, default, isWeak: true));

    private static string Format(ulong hash, string suffix = "") =>
        Encoding.ASCII.GetString(EntityTag.Format(hash, new byte[EntityTag.MaxLength], Encoding.ASCII.GetBytes(suffix)));

    private static string FormatVersion(FileEntry version, string suffix = "") =>
        Encoding.ASCII.GetString(EntityTag.FormatVersion(version, new byte[EntityTag.MaxLength], Encoding.ASCII.GetBytes(suffix)));
}
