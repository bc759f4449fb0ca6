using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading;
using AotServe.Buffers;
using AotServe.Files;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace AotServe.Tests.Files;

/// <summary>What a folder remembers of its files, for how long, and how much.</summary>
public sealed class CachingRootFolderTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("aotserve-").FullName;
    private readonly CountingFolder _inner;
    private long _now = 1_000_000;

    public CachingRootFolderTests() => _inner = new CountingFolder(RootFolder.Open(_path));

    public void Dispose()
    {
        _inner.Dispose();
        Directory.Delete(_path, recursive: true);
    }

    [Fact]
    public void What_was_found_is_not_looked_for_again_within_a_second()
    {
        RootFolder folder = Folder();
        Write("a", "one");
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal((FileOutcome.Found, 3L), Find(folder, "a"));
        }

        Assert.Equal(1, _inner.Finds);
        _now += 1_000;
        Find(folder, "a");
        Assert.Equal(2, _inner.Finds);
    }

    [Fact]
    public void What_is_not_there_is_not_looked_for_again_within_a_second_either()
    {
        RootFolder folder = Folder();
        Assert.Equal(FileOutcome.NotFound, Find(folder, "a").Outcome);
        Write("a", "now");
        Assert.Equal(FileOutcome.NotFound, Find(folder, "a").Outcome);
        Assert.Equal(1, _inner.Finds);
        _now += 1_000;
        Assert.Equal((FileOutcome.Found, 3L), Find(folder, "a"));
    }

    [Fact]
    public void The_content_of_a_small_file_is_read_once_and_then_comes_from_memory()
    {
        RootFolder folder = Folder();
        Write("a", "content");
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal("content", Read(folder, "a"));
            _now += 1_000;
        }

        Assert.Equal(1, _inner.Opens);
    }

    [Theory]
    [InlineData("written")]
    [InlineData("replaced with the same length and time")]
    [InlineData("deleted")]
    public void A_change_is_seen_after_a_second_and_the_bytes_go_with_the_length(string change)
    {
        RootFolder folder = Folder();
        Write("a", "before");
        DateTime time = File.GetLastWriteTimeUtc(Path.Combine(_path, "a"));
        Assert.Equal("before", Read(folder, "a"));
        switch (change)
        {
            case "written":
                Write("a", "and after");
                break;
            case "deleted":
                File.Delete(Path.Combine(_path, "a"));
                break;
            default:
                Write("b", "behind");
                File.SetLastWriteTimeUtc(Path.Combine(_path, "b"), time);
                File.Move(Path.Combine(_path, "b"), Path.Combine(_path, "a"), overwrite: true);
                break;
        }

        Assert.Equal("before", Read(folder, "a"));
        _now += 1_000;
        string expected = change switch { "written" => "and after", "deleted" => "", _ => "behind" };
        Assert.Equal(expected, Read(folder, "a"));
    }

    [Fact]
    public void A_file_that_was_changed_just_now_may_change_again_unseen_and_is_not_kept()
    {
        RootFolder folder = Folder();
        File.WriteAllText(Path.Combine(_path, "a"), "fresh");
        Assert.Equal("fresh", Read(folder, "a"));
        Assert.Equal("fresh", Read(folder, "a"));
        Assert.Equal(2, _inner.Opens);
    }

    [Fact]
    public void A_large_file_is_kept_open_and_a_change_is_seen_at_once()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Files are kept open on Linux only.");
        RootFolder folder = Folder();
        string content = new('x', FileCache.MaxContentLength + 1);
        Write("a", content);
        Assert.Equal(content, Read(folder, "a"));
        Assert.Equal(content, Read(folder, "a"));
        Assert.Equal(1, _inner.Opens);
        File.AppendAllText(Path.Combine(_path, "a"), "more");
        Assert.Equal(content + "more", Read(folder, "a"));
    }

    [Fact]
    public void No_more_large_files_are_kept_open_than_may_be_and_none_that_nobody_asks_for()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Files are kept open on Linux only.");
        var cache = new FileCache(1 << 20, 2, new BufferBudget(1 << 30));
        var folder = new CachingRootFolder(_inner, cache, () => _now);
        var open = new List<SharedFile>();
        foreach (string name in (string[])["a", "b", "c", "d"])
        {
            Write(name, new string('x', FileCache.MaxContentLength + 1));
            byte[] path = Encoding.UTF8.GetBytes(name);
            folder.Find(path, out _);
            folder.OpenContent(path, out _, out FileContent content);
            open.Add(content.File!);
        }

        open[0].Dispose();
        open[3].Dispose();
        Assert.Equal([true, false, false, false], Closed());
        cache.CloseUnused(_now + 1_000);
        Assert.Equal([true, false, false, false], Closed());
        cache.CloseUnused(_now + 10_000);
        Assert.Equal([true, false, false, true], Closed());
        open[1].Dispose();
        open[2].Dispose();
        Assert.Equal([true, true, true, true], Closed());

        IEnumerable<bool> Closed() => open.Select(file => file.Handle.IsClosed);
    }

    [Fact]
    public void The_bound_in_bytes_holds_and_what_is_used_stays()
    {
        var cache = new FileCache(102_000, 8, new BufferBudget(1 << 30));
        RootFolder folder = new CachingRootFolder(_inner, cache, () => _now);
        for (int i = 0; i < 100; i++)
        {
            Write($"f{i}", new string((char)('a' + (i % 26)), 10_000));
        }

        for (int i = 0; i < 100; i++)
        {
            Read(folder, $"f{i}");
            Read(folder, "f0");
            Assert.InRange(BytesUsed(cache), 0, 102_000);
        }

        int before = _inner.Opens;
        Assert.Equal(new string('a', 10_000), Read(folder, "f0"));
        Assert.Equal(before, _inner.Opens);
        Read(folder, "f1");
        Assert.Equal(before + 1, _inner.Opens);
    }

    [Fact]
    public void Names_that_lead_nowhere_are_bounded_too()
    {
        var cache = new FileCache(long.MaxValue, 8, new BufferBudget(1 << 30));
        RootFolder folder = new CachingRootFolder(_inner, cache, () => _now);
        for (int i = 0; i < FileCache.MaxEntries + 1_000; i++)
        {
            Find(folder, $"no-{i}");
        }

        Assert.InRange(BytesUsed(cache), 1, FileCache.MaxEntries * (FileCache.EntryOverhead + 10L));
    }

    [Fact]
    public void Whatever_happens_in_whatever_order_an_answer_is_never_older_than_a_second_and_never_mixed()
    {
        Check.QuickThrowOnFailure(Prop.ForAll<(byte Step, byte Name)[]>(steps =>
        {
            var cache = new FileCache(2_000, 8, new BufferBudget(1 << 30));
            using var inner = new CountingFolder(RootFolder.Open(_path));
            RootFolder folder = new CachingRootFolder(inner, cache, () => _now);
            var versions = new (string? Content, long Until)[4][];
            for (int name = 0; name < 4; name++)
            {
                File.Delete(Path.Combine(_path, $"p{name}"));
                versions[name] = [(null, long.MaxValue)];
            }

            int version = 0;
            foreach ((byte step, byte which) in steps)
            {
                int name = which % 4;
                switch (step % 4)
                {
                    case 0:
                        _now += 400;
                        break;
                    case 1:
                        string content = new((char)('a' + (version % 26)), 1 + (version++ % 300));
                        Write($"p{name}", content);
                        Supersede(name, content);
                        break;
                    case 2:
                        File.Delete(Path.Combine(_path, $"p{name}"));
                        Supersede(name, null);
                        break;
                    default:
                        string read = Read(folder, $"p{name}");
                        Assert.Contains(versions[name], v => (v.Content ?? "") == read && v.Until > _now - 1_000);
                        break;
                }
            }

            void Supersede(int name, string? content)
            {
                versions[name][^1].Until = _now;
                versions[name] = [.. versions[name], (content, long.MaxValue)];
            }
        }));
    }

    [Fact]
    public void Many_threads_at_once_get_whole_versions_only()
    {
        var cache = new FileCache(20_000, 8, new BufferBudget(1 << 30));
        RootFolder folder = new CachingRootFolder(_inner, cache, () => Interlocked.Increment(ref _now));
        for (int i = 0; i < 8; i++)
        {
            Write($"t{i}", new string((char)('a' + i), 1_000 * (i + 1)));
        }

        Exception? fault = null;
        var threads = new Thread[4];
        for (int t = 0; t < threads.Length; t++)
        {
            int seed = t;
            threads[t] = new Thread(() =>
            {
                var random = new Random(seed);
                try
                {
                    for (int i = 0; i < 3_000; i++)
                    {
                        int name = random.Next(8);
                        Assert.Equal(new string((char)('a' + name), 1_000 * (name + 1)), Read(folder, $"t{name}"));
                    }
                }
                catch (Exception e)
                {
                    fault = e;
                }
            });
            threads[t].Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.Null(fault);
        Assert.InRange(BytesUsed(cache), 0, 20_000);
    }

    [Theory]
    [InlineData("beneath", "beneath", true)]
    [InlineData("beneath", "never", false)]
    [InlineData("walked", "beneath", false)]
    [InlineData("portable", "beneath", true)]
    public void What_was_moved_out_of_the_root_is_not_served_through_the_link_that_was_left(string kind, string links, bool mayStayInside)
    {
        Directory.CreateDirectory(Path.Combine(_path, "sub"));
        Write("sub/small", "small");
        Write("sub/large", new string('x', FileCache.MaxContentLength + 1));
        using RootFolder folder = new CachingRootFolder(
            RootFolderTests.Open(kind, _path, Enum.Parse<SymbolicLinks>(links, ignoreCase: true)),
            new FileCache(1 << 20, 8, new BufferBudget(1 << 30)),
            () => _now);
        string outside = _path + "-outside";
        try
        {
            Assert.Equal(("small", "", 'x'), (Read(folder, "sub/small"), Read(folder, "sub/none"), Read(folder, "sub/large")[0]));
            Directory.Move(Path.Combine(_path, "sub"), outside);
            Directory.CreateSymbolicLink(Path.Combine(_path, "sub"), outside);
            _now += 1_000;
            Assert.Equal(("", "", ""), (Read(folder, "sub/small"), Read(folder, "sub/large"), Read(folder, "sub/none")));

            // A link that stays inside is followed where links are.
            Directory.Delete(Path.Combine(_path, "sub"));
            Directory.Move(outside, Path.Combine(_path, "elsewhere"));
            Directory.CreateSymbolicLink(Path.Combine(_path, "sub"), "elsewhere");
            _now += 1_000;
            Assert.Equal(mayStayInside ? "small" : "", Read(folder, "sub/small"));
        }
        finally
        {
            if (Directory.Exists(outside))
            {
                Directory.Delete(outside, recursive: true);
            }
        }
    }

    private RootFolder Folder() => new CachingRootFolder(_inner, new FileCache(1 << 20, 8, new BufferBudget(1 << 30)), () => _now);

    private static (FileOutcome Outcome, long Length) Find(RootFolder folder, string name)
    {
        FileOutcome outcome = folder.Find(Encoding.UTF8.GetBytes(name), out FileEntry entry);
        return (outcome, entry.Length);
    }

    /// <summary>As a site does: looks first, then opens. Empty where there is none.</summary>
    private static string Read(RootFolder folder, string name)
    {
        byte[] path = Encoding.UTF8.GetBytes(name);
        if (folder.Find(path, out _) != FileOutcome.Found)
        {
            return "";
        }

        if (folder.OpenContent(path, out FileEntry entry, out FileContent content) != FileOutcome.Found)
        {
            return "";
        }

        using (content)
        {
            if (content.Bytes is { } cached)
            {
                Assert.Equal(entry.Length, cached.Length);
                return Encoding.UTF8.GetString(cached.Memory.Span);
            }

            byte[] bytes = new byte[entry.Length];
            RandomAccess.Read(content.File!.Handle, bytes, 0);
            return Encoding.UTF8.GetString(bytes);
        }
    }

    /// <summary>Writes a file that was last changed some time ago.</summary>
    private void Write(string name, string content)
    {
        string path = Path.Combine(_path, name);
        File.WriteAllText(path, content);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(-1));
        Settled.Await(path);
    }

    /// <summary>Counts what reaches the file system.</summary>
    private sealed class CountingFolder(RootFolder folder) : RootFolder
    {
        public int Finds { get; private set; }

        public int Opens { get; private set; }

        public override FileOutcome Find(ReadOnlySpan<byte> path, out FileEntry entry)
        {
            Finds++;
            return folder.Find(path, out entry);
        }

        public override bool IsSameVersion(in FileEntry entry, SafeFileHandle file) => folder.IsSameVersion(entry, file);

        public override FileOutcome OpenFile(ReadOnlySpan<byte> path, out FileEntry entry, out SafeFileHandle? file)
        {
            Opens++;
            return folder.OpenFile(path, out entry, out file);
        }

        public override FileOutcome ReadFolder(ReadOnlySpan<byte> path, FolderEntries entries) =>
            folder.ReadFolder(path, entries);

        public override void Dispose() => folder.Dispose();
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_bytesUsed")]
    private static extern ref long BytesUsed(FileCache cache);
}
