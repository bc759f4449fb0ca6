using System;
using System.IO;
using System.Runtime.Versioning;
using System.Text;
using AotServe.Buffers;
using AotServe.Files;
using Xunit;

namespace AotServe.Tests.Files;

/// <summary>Changes of folders as the kernel tells of them, and what the cache makes of them: its clock stands still here.</summary>
[SupportedOSPlatform("linux")]
public sealed class FolderWatchesTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("aotserve-").FullName;
    private readonly RootFolder _root;
    private readonly FolderWatches _watches;
    private Action? _ready;
    private int _created;

    public FolderWatchesTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "inotify is Linux's.");
        _root = RootFolder.Open(_path);
        _watches = new FolderWatches(Await);
    }

    public void Dispose()
    {
        _watches?.Dispose();
        _root?.Dispose();
        Directory.Delete(_path, recursive: true);
    }

    [Theory]
    [InlineData("write")]
    [InlineData("rename")]
    [InlineData("create")]
    [InlineData("delete")]
    [InlineData("mode")]
    public void Every_change_of_a_name_in_the_folder_is_told(string how)
    {
        Write("sub/a", "one");
        Write("b", "two");
        WatchedFolder folder = Watch("sub/a");
        Change(how);
        int before = folder.Changes;
        _ready!();
        Assert.True(folder.Changes > before);
        Assert.False(folder.IsOver);
    }

    [Fact]
    public void One_folder_has_one_watch_and_others_do_not_hear_of_it()
    {
        Write("sub/a", "");
        Write("other/a", "");
        WatchedFolder folder = Watch("sub/a");
        WatchedFolder other = Watch("other/a");
        Assert.Same(folder, Watch("sub/not there"));
        Assert.NotSame(folder, Watch("root"));
        Write("sub/b", "");
        _ready!();
        Assert.Equal(0, other.Changes);
        Assert.Equal(1, _created);
    }

    [Theory]
    [InlineData("move")]
    [InlineData("delete")]
    public void A_folder_that_is_gone_from_its_place_is_watched_no_more(string how)
    {
        Write("sub/a", "");
        WatchedFolder folder = Watch("sub/a");
        if (how == "move")
        {
            Directory.Move(Path.Combine(_path, "sub"), Path.Combine(_path, "moved"));
        }
        else
        {
            Directory.Delete(Path.Combine(_path, "sub"), recursive: true);
        }

        _ready!();
        Assert.True(folder.IsOver);
        Write("sub/a", "");
        WatchedFolder next = Watch("sub/a");
        Assert.NotSame(folder, next);
        Assert.False(next.IsOver);
    }

    [Fact]
    public void What_is_not_there_or_outside_is_not_watched()
    {
        File.CreateSymbolicLink(Path.Combine(_path, "out"), "/etc");
        Assert.Same(WatchedFolder.None, Watch("gone/a"));
        Assert.Same(WatchedFolder.None, Watch("out/passwd"));
    }

    [Fact]
    public void There_is_a_bound_and_those_that_nobody_uses_make_room()
    {
        for (int i = 0; i < 512; i++)
        {
            Write($"{i}/a", "");
            Assert.NotSame(WatchedFolder.None, Watch($"{i}/a"));
        }

        Write("more/a", "");
        Assert.Same(WatchedFolder.None, Watch("more/a"));
        _watches.Sweep(0); // All were used since they were made.
        Watch("7/a").MarkUsed();
        Assert.Same(WatchedFolder.None, Watch("more/a"));
        WatchedFolder unused = Watch("8/a");
        _watches.Sweep(60_000);
        Assert.False(Watch("7/a").IsOver);
        Assert.True(unused.IsOver);
        Assert.NotSame(WatchedFolder.None, Watch("more/a"));
    }

    [Fact]
    public void Where_nobody_can_wait_for_changes_nothing_is_watched()
    {
        using var watches = new FolderWatches((_, _) => false);
        Assert.Same(WatchedFolder.None, _root.Watch("a"u8, watches));
        Assert.Same(WatchedFolder.None, _root.Watch("a"u8, watches));
    }

    [Theory]
    [InlineData("write")]
    [InlineData("rename")]
    [InlineData("delete")]
    public void The_cache_looks_again_when_a_change_is_told_and_not_before(string how)
    {
        Write("sub/a", "one");
        Write("b", "other");
        File.SetLastWriteTimeUtc(Path.Combine(_path, "sub/a"), DateTime.UtcNow.AddDays(-1));
        var cache = new FileCache(1024 * 1024, 0, new BufferBudget(1024 * 1024)) { Watches = _watches };
        var folder = new CachingRootFolder(RootFolder.Open(_path), cache, () => 1_000);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal((FileOutcome.Found, 3), (folder.Find("sub/a"u8, out FileEntry entry), entry.Length));
        }

        Change(how);
        Assert.Equal((FileOutcome.Found, 3), (folder.Find("sub/a"u8, out FileEntry known), known.Length));
        _ready!();
        FileOutcome outcome = folder.Find("sub/a"u8, out FileEntry changed);
        Assert.Equal(
            how == "delete" ? (FileOutcome.NotFound, 0) : (FileOutcome.Found, 5),
            (outcome, changed.Length));
        folder.Dispose();
    }

    private WatchedFolder Watch(string path) => _root.Watch(Encoding.UTF8.GetBytes(path), _watches);

    private void Change(string how)
    {
        string a = Path.Combine(_path, "sub/a");
        switch (how)
        {
            case "write":
                File.WriteAllText(a, "again");
                break;
            case "rename":
                File.Move(Path.Combine(_path, "b"), a, overwrite: true);
                break;
            case "create":
                File.WriteAllText(a + "2", "");
                break;
            case "delete":
                File.Delete(a);
                break;
            default:
                File.SetUnixFileMode(a, UnixFileMode.UserRead);
                break;
        }
    }

    private void Write(string name, string content)
    {
        string path = Path.Combine(_path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    private bool Await(int descriptor, Action ready)
    {
        Assert.True(descriptor >= 0);
        _created++;
        _ready = ready;
        return true;
    }
}
