using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using System.Text;
using AotServe.Files;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace AotServe.Tests.Files;

/// <summary>The three ways to keep the walls around a root, through the same tests.</summary>
public sealed class RootFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Kinds => ["beneath", "walked", "portable"];

    public static TheoryData<string> KindsThatFollowLinks => ["beneath", "portable"];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Kinds))]
    public void A_file_is_found_with_its_size_and_time(string kind)
    {
        string file = _folder.Write("a/b.txt", "hello");
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddSeconds(1_000).AddMilliseconds(250));
        using RootFolder root = Open(kind);

        Assert.Equal(FileOutcome.Found, root.Find("a/b.txt"u8, out FileEntry entry));
        Assert.Equal(new FileEntry(FileKind.Regular, 5, 1_000, 250_000_000), entry with { Version = 0, ChangedTotalNanoseconds = 0 });
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_file_from_before_1970_keeps_its_time(string kind)
    {
        File.SetLastWriteTimeUtc(_folder.Write("old", ""), DateTime.UnixEpoch.AddMilliseconds(-250));
        using RootFolder root = Open(kind);

        Assert.Equal(FileOutcome.Found, root.Find("old"u8, out FileEntry entry));
        Assert.Equal((-1, 750_000_000), (entry.ModifiedSeconds, entry.ModifiedNanoseconds));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_file_is_opened_and_read(string kind)
    {
        _folder.Write("a/b/c.txt", "hello");
        using RootFolder root = Open(kind);

        Assert.Equal("hello", Read(root, "a/b/c.txt"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void The_root_and_the_folders_beneath_are_folders(string kind)
    {
        _folder.MakeFolder("a/b");
        using RootFolder root = Open(kind);

        foreach (string path in new[] { "", "a", "a/b" })
        {
            Assert.Equal(FileOutcome.Found, Find(root, path, out FileEntry entry));
            Assert.Equal(FileKind.Folder, entry.Kind);
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void What_is_not_there_is_not_found(string kind)
    {
        _folder.Write("file", "x");
        using RootFolder root = Open(kind);

        foreach (string path in new[] { "none", "none/none", "file/x", new string('x', 300), new string('x', 5_000) })
        {
            Assert.Equal(FileOutcome.NotFound, Find(root, path, out _));
            Assert.Equal(FileOutcome.NotFound, Open(root, path, out _, out _));
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Names_may_hold_any_characters(string kind)
    {
        string[] names =
        [
            "with space", "é中😀", "100%", "a\"b'c", "line\nbreak", "back\\slash", "-dash", "~", "a:b", "*",
        ];
        foreach (string name in names)
        {
            _folder.Write(name, "in " + name);
        }

        using RootFolder root = Open(kind);

        foreach (string name in names)
        {
            Assert.Equal("in " + name, Read(root, name));
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Links_that_lead_out_are_not_found(string kind)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Root, "../root-beside"));
        File.WriteAllText(Path.Combine(_folder.Root, "../secret"), "secret");
        File.WriteAllText(Path.Combine(_folder.Root, "../root-beside/secret"), "secret");
        _folder.MakeFolder("sub");
        _folder.Link("relative", "../secret");
        _folder.Link("sub/relative", "../../secret");
        _folder.Link("absolute", Path.GetFullPath(Path.Combine(_folder.Root, "../secret")));
        _folder.Link("folder", "..");
        _folder.Link("beside", "../root-beside");
        _folder.Link("device", "/dev/null");
        _folder.Link("chain", "relative");
        _folder.Link("out-and-in", "../root/sub");
        _folder.Link("loop", "loop");
        _folder.Link("broken", "none");
        using RootFolder root = Open(kind);

        foreach (string path in new[]
                 {
                     "relative", "sub/relative", "absolute", "folder", "folder/secret", "folder/root", "beside",
                     "beside/secret", "device", "chain", "out-and-in", "loop", "broken",
                 })
        {
            bool isFound = Find(root, path, out FileEntry entry) == FileOutcome.Found;
            // A walk that follows no link may see the link itself, which is nothing to serve.
            Assert.True(!isFound || (kind == "walked" && entry.Kind == FileKind.Other), path);
            Assert.Equal(FileOutcome.NotFound, Open(root, path, out _, out SafeFileHandle? file));
            Assert.Null(file);
        }
    }

    [Theory, MemberData(nameof(KindsThatFollowLinks))]
    public void Links_that_stay_beneath_are_followed(string kind)
    {
        _folder.Write("a/b/file", "hello");
        _folder.Link("to-file", "a/b/file");
        _folder.Link("to-folder", "a/b");
        _folder.Link("a/b/up", "../../a");
        _folder.Link("chain", "to-folder/up/b/../../to-file");
        using RootFolder root = Open(kind);

        foreach (string path in new[] { "to-file", "to-folder/file", "a/b/up/b/file", "chain" })
        {
            Assert.Equal("hello", Read(root, path));
            Assert.Equal(FileOutcome.Found, Find(root, path, out FileEntry entry));
            Assert.Equal(FileKind.Regular, entry.Kind);
        }
    }

    [Fact]
    public void Where_the_kernel_lacks_openat2_no_link_is_followed()
    {
        _folder.Write("a/file", "hello");
        _folder.Link("to-file", "a/file");
        _folder.Link("to-folder", "a");
        using RootFolder root = Open("walked");

        Assert.Equal("hello", Read(root, "a/file"));
        Assert.Equal(FileOutcome.NotFound, root.OpenFile("to-file"u8, out _, out _));
        Assert.Equal(FileOutcome.NotFound, root.Find("to-folder/file"u8, out _));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_FIFO_and_a_socket_are_neither_files_nor_waited_for(string kind)
    {
        _folder.MakeFifo("fifo");
        _folder.MakeSocket("socket");
        using RootFolder root = Open(kind);

        foreach (string path in new[] { "fifo", "socket.kept" })
        {
            Assert.Equal(FileOutcome.Found, Find(root, path, out FileEntry entry));
            Assert.Equal(FileKind.Other, entry.Kind);
            Assert.Equal(FileOutcome.NotFound, Open(root, path, out _, out SafeFileHandle? file));
            Assert.Null(file);
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    [UnsupportedOSPlatform("windows")]
    public void A_file_that_may_not_be_read_is_forbidden(string kind)
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root may read everything");
        _folder.Write("locked", "x");
        _folder.Lock("locked");
        using RootFolder root = Open(kind);

        Assert.Equal(FileOutcome.Forbidden, root.OpenFile("locked"u8, out _, out _));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_root_that_is_reached_through_a_link_is_served(string kind)
    {
        _folder.Write("file", "hello");
        string link = Path.Combine(_folder.Root, "../link");
        File.CreateSymbolicLink(link, "root");
        using RootFolder root = Open(kind, link);

        Assert.Equal("hello", Read(root, "file"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_root_that_is_no_folder_cannot_be_opened(string kind)
    {
        Assert.Throws<IOException>(() => Open(kind, _folder["none"]));
        Assert.Throws<IOException>(() => Open(kind, _folder.Write("file", "x")));
    }

    [Fact]
    public void A_name_that_is_not_UTF8_is_served_on_Linux_alone()
    {
        _folder.Write("file", "hello");
        _folder.MakeSecondName("file", [(byte)'x', 0xFF, 0xFE]);
        foreach (string kind in new[] { "beneath", "walked" })
        {
            using RootFolder root = Open(kind);
            Assert.Equal(FileOutcome.Found, root.Find([(byte)'x', 0xFF, 0xFE], out FileEntry entry));
            Assert.Equal(5, entry.Length);
        }

        using RootFolder portable = Open("portable");
        Assert.Equal(FileOutcome.NotFound, portable.Find([(byte)'x', 0xFF, 0xFE], out _));
    }

    [Fact]
    public void The_best_walls_of_this_system_are_chosen()
    {
        using var root = RootFolder.Open(_folder.Root);
        if (OperatingSystem.IsLinux())
        {
            Assert.IsAssignableFrom<LinuxRootFolder>(root);
        }
        else
        {
            Assert.IsType<PortableRootFolder>(root);
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_folder_is_read_without_dot_files_and_what_is_no_file(string kind)
    {
        _folder.Write("a/b.txt", "hello");
        _folder.Write("a/.hidden", "x");
        _folder.MakeFolder("a/c");
        _folder.MakeFifo("a/fifo");
        _folder.Link("a/out", "../../secret");
        using RootFolder root = Open(kind);

        var entries = new FolderEntries(static _ => true, FolderEntries.UsualLimit);
        Assert.Equal(FileOutcome.Found, root.ReadFolder("a"u8, entries));
        IEnumerable<(string, FileKind Kind, bool)> read = entries.All.ToArray().Select(entry => (Encoding.UTF8.GetString(entries.NameOf(entry)), entry.File.Kind, entry.IsFolder || entry.File.Length == 5));
        Assert.Equal([("b.txt", FileKind.Regular, true), ("c", FileKind.Folder, true)], read.Order());
        Assert.False(entries.IsTruncated);
        Assert.Equal(FileOutcome.NotFound, root.ReadFolder("none"u8, entries));
        Assert.Equal(FileOutcome.NotFound, root.ReadFolder("a/b.txt/x"u8, entries));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_filter_sees_whole_paths_and_what_it_refuses_is_left_out(string kind)
    {
        _folder.Write("a/b/c", "x");
        _folder.Write("a/b/d", "x");
        using RootFolder root = Open(kind);
        foreach ((string refused, int count) in new[] { ("a/b/c", 1), ("c", 2) })
        {
            var entries = new FolderEntries(path => !path.SequenceEqual(Encoding.UTF8.GetBytes(refused)), FolderEntries.UsualLimit);
            Assert.Equal(FileOutcome.Found, root.ReadFolder("a/b"u8, entries));
            Assert.Equal(count, entries.Count);
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_folder_with_too_many_names_is_cut_short(string kind)
    {
        for (int i = 0; i < 5; i++)
        {
            _folder.Write($"{i}", "x");
        }

        using RootFolder root = Open(kind);
        foreach ((int limit, int count, bool isCutShort) in new[] { (4, 4, true), (5, 5, false), (6, 5, false) })
        {
            var entries = new FolderEntries(static _ => true, limit);
            Assert.Equal(FileOutcome.Found, root.ReadFolder(""u8, entries));
            Assert.Equal((count, isCutShort), (entries.Count, entries.IsTruncated));
        }
    }

    [Theory, MemberData(nameof(KindsThatFollowLinks))]
    public void A_link_that_stays_beneath_the_root_is_read_as_what_it_leads_to(string kind)
    {
        _folder.Write("a/file", "hello");
        _folder.Link("a/link", "../a/file");
        _folder.Link("folder", "a");
        using RootFolder root = Open(kind);

        var entries = new FolderEntries(static _ => true, FolderEntries.UsualLimit);
        Assert.Equal(FileOutcome.Found, root.ReadFolder("folder"u8, entries));
        Assert.Equal([5, 5], entries.All.ToArray().Select(entry => entry.File.Length));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Looking_and_opening_leaves_no_descriptor_behind(string kind)
    {
        _folder.Write("a/b/file", "hello");
        _folder.MakeFifo("fifo");
        using RootFolder root = Open(kind);
        _folder.Link("link", "a/b/file");
        string[] paths = ["", "a", "link", "a/b/file", "a/b/none", "fifo", "none/none"];
        Action visit = () =>
        {
            foreach (string path in paths)
            {
                _ = Find(root, path, out _);
                _ = Open(root, path, out _, out SafeFileHandle? file);
                file?.Dispose();
                _ = root.ReadFolder(Encoding.UTF8.GetBytes(path), new FolderEntries(static _ => true, limit: 100));
            }
        };

        int before = DescriptorsBeneath(_folder.Root);
        for (int i = 0; i < 10; i++)
        {
            visit();
        }

        Assert.Equal(before, DescriptorsBeneath(_folder.Root));
    }

    /// <summary>Counts this process's descriptors on anything beneath a folder; other tests' do not disturb.</summary>
    private static int DescriptorsBeneath(string folder)
    {
        int count = 0;
        foreach (string descriptor in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            if (new FileInfo(descriptor).LinkTarget?.StartsWith(folder, StringComparison.Ordinal) == true)
            {
                count++;
            }
        }

        return count;
    }

    private RootFolder Open(string kind) => Open(kind, _folder.Root);

    internal static RootFolder Open(
        string kind, string path, SymbolicLinks links = SymbolicLinks.Beneath, Exclusions? exclusions = null)
    {
        if (kind == "portable")
        {
            var portable = new PortableRootFolder(path, links);
            return exclusions is null ? portable : portable.Exclude(exclusions);
        }

        if (!OperatingSystem.IsLinux())
        {
            throw new ArgumentException(kind);
        }

        LinuxRootFolder folder = kind == "beneath"
            ? new BeneathRootFolder(LinuxRootFolder.OpenFolder(path), links)
            : new WalkedRootFolder(LinuxRootFolder.OpenFolder(path), links);
        return exclusions is null ? folder : folder.Exclude(exclusions);
    }

    private static FileOutcome Find(RootFolder root, string path, out FileEntry entry) =>
        root.Find(Encoding.UTF8.GetBytes(path), out entry);

    private static FileOutcome Open(RootFolder root, string path, out FileEntry entry, out SafeFileHandle? file) =>
        root.OpenFile(Encoding.UTF8.GetBytes(path), out entry, out file);

    private static string Read(RootFolder root, string path)
    {
        FileOutcome outcome = Open(root, path, out FileEntry entry, out SafeFileHandle? file);
        Assert.Equal((FileOutcome.Found, FileKind.Regular), (outcome, entry.Kind));
        using (file)
        {
            byte[] content = new byte[entry.Length];
            Assert.Equal(content.Length, RandomAccess.Read(file!, content, 0));
            return Encoding.UTF8.GetString(content);
        }
    }
}
