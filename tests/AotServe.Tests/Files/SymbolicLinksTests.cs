using System;
using System.IO;
using System.Text;
using AotServe.Files;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace AotServe.Tests.Files;

/// <summary>--follow-symlinks, and what is never found, by all ways to keep the walls.</summary>
public sealed class SymbolicLinksTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SymbolicLinksTests()
    {
        _folder.Write("real/file", "inside");
        File.WriteAllText(_folder["../outside"], "outside");
        _folder.Link("relative", "real/file");
        _folder.Link("absolute", _folder["real/file"]);
        _folder.Link("folder", "real");
        _folder.Link("up", "../outside");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("beneath", "never", "")]
    [InlineData("walked", "never", "")]
    [InlineData("portable", "never", "")]
    [InlineData("beneath", "beneath", "relative folder/file")]
    [InlineData("walked", "beneath", "")]
    [InlineData("portable", "beneath", "relative folder/file")]
    [InlineData("beneath", "always", "relative folder/file absolute up")]
    [InlineData("walked", "always", "relative folder/file absolute up")]
    [InlineData("portable", "always", "relative folder/file absolute up")]
    public void Links_are_followed_as_far_as_they_may(string kind, string links, string expected)
    {
        using RootFolder root = RootFolderTests.Open(kind, _folder.Root, Enum.Parse<SymbolicLinks>(links, ignoreCase: true));
        string[] followed = expected.Split(' ');
        foreach (string path in new[] { "relative", "folder/file", "absolute", "up" })
        {
            FileOutcome outcome = followed.AsSpan().Contains(path) ? FileOutcome.Found : FileOutcome.NotFound;
            Assert.Equal((path, outcome), (path, Open(root, path)));
            Assert.Equal((path, outcome), (path, Find(root, path)));
        }

        Assert.Equal(FileOutcome.Found, Open(root, "real/file"));
    }

    [Fact]
    public void A_magic_link_is_followed_by_no_means()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has them.");
        _folder.Link("magic", "/proc/self/exe");
        using var root = RootFolder.Open(_folder.Root, SymbolicLinks.Always);
        Assert.Equal(FileOutcome.NotFound, Open(root, "magic"));
    }

    /// <summary>A link itself is nothing that could be served, so that where one is found nothing is.</summary>
    private static FileOutcome Find(RootFolder root, string path)
    {
        FileOutcome outcome = root.Find(Encoding.UTF8.GetBytes(path), out FileEntry entry);
        return outcome == FileOutcome.Found && entry.Kind == FileKind.Other ? FileOutcome.NotFound : outcome;
    }

    private static FileOutcome Open(RootFolder root, string path)
    {
        FileOutcome outcome = root.OpenFile(Encoding.UTF8.GetBytes(path), out _, out SafeFileHandle? file);
        file?.Dispose();
        return outcome;
    }
}
