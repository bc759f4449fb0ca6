using System;
using System.Linq;
using System.Text;
using AotServe.Files;
using AotServe.Sites.Paths;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AotServe.Tests.Sites.Paths;

public sealed class RequestPathTests
{
    [Theory]
    [InlineData("/", "", true)]
    [InlineData("/a", "a", false)]
    [InlineData("/a/", "a", true)]
    [InlineData("/a/b.html", "a/b.html", false)]
    [InlineData("//a///b", "a/b", false)]
    [InlineData("/./a/./b", "a/b", false)]
    [InlineData("/a/.", "a", true)]
    [InlineData("/a/b/..", "a", true)]
    [InlineData("/a/b/../", "a", true)]
    [InlineData("/a/../b", "b", false)]
    [InlineData("/a/b/../../c", "c", false)]
    [InlineData("/a/..", "", true)]
    [InlineData("/a%20b", "a b", false)]
    [InlineData("/%61%2e%68tml", "a.html", false)]
    [InlineData("/a/%2e%2E/b", "b", false)]
    [InlineData("/a/%2e/b", "a/b", false)]
    [InlineData("/%c3%A9", "é", false)]
    [InlineData("/%25", "%", false)]
    [InlineData("/a/%252e%252e/b", "a/%2e%2e/b", false)]
    [InlineData("/a+b", "a+b", false)]
    [InlineData("/a\\..\\b", "a\\..\\b", false)]
    [InlineData("/c:/x", "c:/x", false)]
    [InlineData("/a.", "a.", false)]
    [InlineData("/.well-known/security.txt", ".well-known/security.txt", false)]
    [InlineData("/.well-known", ".well-known", false)]
    [InlineData("/x/../.well-known/a", ".well-known/a", false)]
    public void A_path_is_decoded_once_and_normalised(string path, string expected, bool namesFolder)
    {
        (RequestPathStatus status, string result, bool folder) = Resolve(path);
        Assert.Equal((RequestPathStatus.Valid, expected, namesFolder), (status, result, folder));
    }

    [Theory]
    [InlineData("/%", RequestPathStatus.InvalidEncoding)]
    [InlineData("/%2", RequestPathStatus.InvalidEncoding)]
    [InlineData("/%2/x", RequestPathStatus.InvalidEncoding)]
    [InlineData("/%zz", RequestPathStatus.InvalidEncoding)]
    [InlineData("/%u0041", RequestPathStatus.InvalidEncoding)]
    [InlineData("/a/../%g0", RequestPathStatus.InvalidEncoding)]
    [InlineData("/%00", RequestPathStatus.NulByte)]
    [InlineData("/index.html%00.png", RequestPathStatus.NulByte)]
    [InlineData("/..", RequestPathStatus.AboveRoot)]
    [InlineData("/../etc/passwd", RequestPathStatus.AboveRoot)]
    [InlineData("/%2e%2e/etc/passwd", RequestPathStatus.AboveRoot)]
    [InlineData("/.%2e/x", RequestPathStatus.AboveRoot)]
    [InlineData("/a/../../b", RequestPathStatus.AboveRoot)]
    [InlineData("//..//x", RequestPathStatus.AboveRoot)]
    [InlineData("/a/./../../a", RequestPathStatus.AboveRoot)]
    [InlineData("/a%2Fb", RequestPathStatus.NoFile)]
    [InlineData("/..%2f..%2fetc/passwd", RequestPathStatus.NoFile)]
    [InlineData("/.git/config", RequestPathStatus.NoFile)]
    [InlineData("/%2egit/config", RequestPathStatus.NoFile)]
    [InlineData("/a/.env", RequestPathStatus.NoFile)]
    [InlineData("/...", RequestPathStatus.NoFile)]
    [InlineData("/a/.well-known/x", RequestPathStatus.NoFile)]
    [InlineData("/.well-knownx/x", RequestPathStatus.NoFile)]
    [InlineData("/.well-known/.git", RequestPathStatus.NoFile)]
    [InlineData("/.Well-Known/x", RequestPathStatus.NoFile)]
    [InlineData("", RequestPathStatus.NoFile)]
    [InlineData("a", RequestPathStatus.NoFile)]
    [InlineData("*", RequestPathStatus.NoFile)]
    internal void A_path_that_may_lead_astray_is_refused(string path, RequestPathStatus expected) =>
        Assert.Equal(expected, Resolve(path).Status);

    [Theory]
    [InlineData("/%E2%80%8C.git/config")]
    [InlineData("/a/%EF%BB%BF%C2%AD.env")]
    public void A_dot_behind_characters_that_file_systems_ignore_makes_a_dot_file(string path) =>
        Assert.Equal(RequestPathStatus.NoFile, Resolve(path).Status);

    [Theory]
    [InlineData("/a\\b")]
    [InlineData("/a%5Cb")]
    [InlineData("/..%5c..%5cwindows")]
    [InlineData("/c:/windows")]
    [InlineData("/a.txt::$DATA")]
    [InlineData("/a.")]
    [InlineData("/a%20")]
    [InlineData("/a./b")]
    [InlineData("/nul")]
    [InlineData("/NUL.txt")]
    [InlineData("/aux .html")]
    [InlineData("/com1")]
    [InlineData("/x/Lpt9.log")]
    [InlineData("/com%c2%b9")]
    [InlineData("/conin$")]
    [InlineData("/CONOUT$")]
    [InlineData("/git~1/config")]
    [InlineData("/a~secr~1")]
    [InlineData("/a~~12")]
    [InlineData("/a*")]
    [InlineData("/a%3f")]
    [InlineData("/a%01")]
    public void A_name_that_means_something_else_to_Windows_is_refused_there(string path)
    {
        Assert.Equal(RequestPathStatus.NoFile, Resolve(path, windowsNames: true).Status);
        if (!path.Contains("..", StringComparison.Ordinal))
        {
            Assert.Equal(RequestPathStatus.Valid, Resolve(path).Status);
        }
    }

    [Theory]
    [InlineData("/console.log")]
    [InlineData("/com.html")]
    [InlineData("/com10.txt")]
    [InlineData("/a~b")]
    [InlineData("/a b/null.txt")]
    [InlineData("/.well-known/x")]
    public void Ordinary_names_are_served_on_Windows_too(string path) =>
        Assert.Equal(RequestPathStatus.Valid, Resolve(path, windowsNames: true).Status);

    [Fact]
    public void The_longest_path_is_taken_and_a_longer_one_is_not_found()
    {
        string longest = string.Join('/', Enumerable.Repeat(new string('x', 63), RootFolder.LongestPath / 64))
            + "/" + new string('x', 63);
        Assert.Equal(RootFolder.LongestPath, longest.Length);
        Assert.Equal((RequestPathStatus.Valid, longest, false), Resolve("/" + longest));
        Assert.Equal(RequestPathStatus.NoFile, Resolve("/" + longest + "x").Status);
        Assert.Equal(RequestPathStatus.NoFile, Resolve("/" + longest + "/x").Status);
        Assert.Equal((RequestPathStatus.Valid, longest, true), Resolve("/" + longest + "/"));
    }

    [Fact]
    public void Whatever_the_bytes_the_result_stays_beneath_the_root()
    {
        // Pieces that path traversal is made of, and random bytes between them.
        Gen<byte[]> piece = Gen.OneOf(
            Gen.Elements(
                "/", "..", ".", "%2e", "%2F", "%5c", "\\", "%00", "%", "%25", "a", "b.html", ".well-known", "~1")
                .Select(Encoding.ASCII.GetBytes),
            ArbMap.Default.ArbFor<byte>().Generator.Select(octet => new[] { octet }));
        var paths = piece.ArrayOf().Select(pieces => pieces.SelectMany(x => x).ToArray()).ToArbitrary();

        Prop.ForAll(paths, bytes =>
        {
            byte[] path = [(byte)'/', .. bytes];
            byte[] space = new byte[path.Length]; // No result is longer: ResolvedPath.RoomFor counts on it.
            foreach (bool windowsNames in new[] { false, true })
            {
                if (RequestPath.Resolve(path, space, out int length, out _, windowsNames) != RequestPathStatus.Valid)
                {
                    continue;
                }

                byte[] result = space[..length];
                Assert.DoesNotContain((byte)0, result);
                if (length == 0)
                {
                    continue;
                }

                string[] segments = Encoding.Latin1.GetString(result).Split('/');
                Assert.All(segments, segment => Assert.False(segment is "" or "." or ".."));
                Assert.All(segments.Skip(1), segment => Assert.NotEqual('.', segment[0]));
                Assert.True(segments[0][0] != '.' || segments[0] == ".well-known");
                if (windowsNames)
                {
                    Assert.Equal(-1, result.AsSpan().IndexOfAny("\\:"u8));
                }
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    [Fact]
    public void Any_name_that_is_encoded_whole_comes_back_as_it_was()
    {
        var names = ArbMap.Default.ArbFor<byte>().Generator
            .Where(octet => octet is not 0 and not (byte)'/').NonEmptyListOf()
            .Select(octets => octets.ToArray()).Where(name => name[0] != '.').ToArbitrary();

        Prop.ForAll(names, name =>
        {
            string path = "/" + string.Concat(name.Select(octet => $"%{octet:x2}"));
            byte[] space = new byte[RootFolder.LongestPath];
            RequestPathStatus status = RequestPath.Resolve(
                Encoding.ASCII.GetBytes(path), space, out int length, out bool namesFolder, windowsNames: false);
            Assert.Equal(RequestPathStatus.Valid, status);
            Assert.False(namesFolder);
            Assert.Equal(name, space[..length]);
        }).QuickCheckThrowOnFailure();
    }

    private static (RequestPathStatus Status, string Result, bool NamesFolder) Resolve(
        string path, bool windowsNames = false)
    {
        byte[] space = new byte[RootFolder.LongestPath + 2];
        RequestPathStatus status = RequestPath.Resolve(
            Encoding.UTF8.GetBytes(path), space, out int length, out bool namesFolder, windowsNames);
        return (status, Encoding.UTF8.GetString(space, 0, length), namesFolder);
    }
}
