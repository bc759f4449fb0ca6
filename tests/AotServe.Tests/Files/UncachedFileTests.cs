using System;
using System.IO;
using System.Linq;
using System.Text;
using AotServe.Buffers;
using AotServe.Files;
using AotServe.Sites.Representations.Codings;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace AotServe.Tests.Files;

/// <summary>
/// Files that are not in the cache, or not yet: read in one go where that is safe, into memory that is used again, and kept only where they
/// are asked for twice once the cache is full.
/// </summary>
public sealed class UncachedFileTests : IDisposable
{
    private const int Looks = 8;

    private static readonly string[] Suffixes = PrecompressedFiles.Suffixes;

    private readonly string _path = Directory.CreateTempSubdirectory("aotserve-").FullName;
    private readonly Counting _inner;
    private long _now = 1_000_000;

    public UncachedFileTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The names of folders are read on Linux.");
        for (int i = 0; i < 40; i++)
        {
            File.WriteAllText(Path.Combine(_path, $"f{i}"), Content(i));
        }

        Settled.Await(Path.Combine(_path, "f39"));
        _inner = new Counting(RootFolder.Open(_path));
    }

    public void Dispose()
    {
        _inner.Dispose();
        Directory.Delete(_path, recursive: true);
    }

    [Fact]
    public void In_a_folder_of_files_they_are_opened_once()
    {
        RootFolder folder = Folder(1 << 20);
        for (int i = 0; i < 40; i++)
        {
            Assert.Equal(Content(i), Read(folder, $"f{i}"));
        }

        Assert.Equal((Looks - 1, 40 - Looks + 1, Looks - 1), (_inner.Finds, _inner.FindsAndReads, _inner.Reads));
        Assert.False(folder.MayHaveVariants("f0"u8));
    }

    [Theory]
    [InlineData("fifo")]
    [InlineData("link")]
    public void Where_there_is_anything_else_each_is_looked_at_first(string what)
    {
        if (what == "fifo")
        {
            Posix.MakeFifo(Path.Combine(_path, what));
        }
        else
        {
            File.CreateSymbolicLink(Path.Combine(_path, what), "f1");
        }

        RootFolder folder = Folder(1 << 20);
        for (int i = 0; i < 40; i++)
        {
            Assert.Equal(Content(i), Read(folder, $"f{i}"));
        }

        Assert.Equal((40, 0), (_inner.Finds, _inner.FindsAndReads));
        Assert.False(folder.MayHaveVariants("f0"u8));
    }

    [Theory]
    [InlineData("f1.gz")]
    [InlineData("x.br")]
    [InlineData("y.zst")]
    public void A_precompressed_file_that_is_added_is_seen_within_half_a_second(string name)
    {
        RootFolder folder = Folder(1 << 20);
        for (int i = 0; i < Looks; i++)
        {
            folder.MayHaveVariants("f0"u8);
        }

        Assert.False(folder.MayHaveVariants("f0"u8));
        File.WriteAllText(Path.Combine(_path, name), "x");
        _now += 500;
        for (int i = 0; i < 2 * Looks; i++)
        {
            Assert.True(folder.MayHaveVariants("f0"u8));
        }
    }

    [Fact]
    public void The_names_of_a_folder_that_is_as_it_was_are_not_read_again()
    {
        RootFolder folder = Known();
        for (int i = 0; i < 10; i++)
        {
            _now += 500;
            Assert.False(folder.MayHaveVariants("f0"u8));
        }

        Assert.Equal((1, 11), (_inner.FoldersRead, _inner.FolderFinds));
    }

    [Fact]
    public void They_are_where_its_time_would_not_tell()
    {
        _inner.TellsSecondsOnly = true;
        RootFolder folder = Known();
        File.WriteAllText(Path.Combine(_path, "f1.gz"), "x");
        _now += 500;
        for (int i = 0; i < Looks; i++)
        {
            Assert.True(folder.MayHaveVariants("f0"u8));
        }

        Assert.Equal(2, _inner.FoldersRead);
    }

    [Fact]
    public void They_are_where_it_had_just_changed()
    {
        File.WriteAllText(Path.Combine(_path, "f40"), "x");
        _inner.TellsTimeAs = DateTime.UtcNow.AddMinutes(1);
        RootFolder folder = Known();
        _now += 500;
        for (int i = 0; i < Looks; i++)
        {
            folder.MayHaveVariants("f0"u8);
        }

        Assert.Equal(2, _inner.FoldersRead);
    }

    [Fact]
    public void A_folder_that_is_a_FIFO_is_not_opened()
    {
        Posix.MakeFifo(Path.Combine(_path, "fifo"));
        Assert.Equal(FolderTraits.None, _inner.TraitsOf("fifo"u8, Suffixes)); // Opening it would wait for a writer.
        Assert.Equal(FolderTraits.None, _inner.TraitsOf("none"u8, Suffixes));
        Assert.Equal(FolderTraits.HasNoVariants, _inner.TraitsOf(""u8, Suffixes));
    }

    [Fact]
    public void A_full_cache_takes_in_what_is_asked_for_twice()
    {
        RootFolder folder = Folder(8 * 1024);
        for (int i = 0; i < 40; i++)
        {
            Read(folder, $"f{i}");
        }

        Assert.Equal(Content(39), Read(folder, "f39"));
        int asked = _inner.Calls;
        Assert.Equal(Content(39), Read(folder, "f39"));
        Assert.Equal(asked, _inner.Calls);
    }

    [Fact]
    public void Content_that_is_lent_is_not_written_over()
    {
        RootFolder folder = Folder(1024); // It is full with the first.
        for (int i = 0; i < 20; i++)
        {
            Read(folder, $"f{i}");
        }

        Assert.Equal(FileOutcome.Found, folder.Find("f20"u8, out _));
        Assert.Equal(FileOutcome.Found, folder.OpenContent("f20"u8, out _, out FileContent lent));
        SharedBytes bytes = Assert.IsType<SharedBytes>(lent.Bytes);
        Read(folder, "f21");
        Read(folder, "f22");
        Assert.Equal(Content(20), Encoding.UTF8.GetString(bytes.Memory.Span));

        // A response that goes on keeps it for longer.
        Assert.True(bytes.TryKeep());
        lent.Dispose();
        Read(folder, "f23");
        Assert.Equal(Content(20), Encoding.UTF8.GetString(bytes.Memory.Span));
        bytes.Dispose();
    }

    [Fact]
    public void Memory_that_is_given_back_is_used_again()
    {
        RootFolder folder = Folder(1024);
        SharedBytes?[] given = [.. Enumerable.Range(0, 40).Select(i =>
        {
            folder.Find(Encoding.UTF8.GetBytes($"f{i}"), out _);
            folder.OpenContent(Encoding.UTF8.GetBytes($"f{i}"), out _, out FileContent content);
            content.Dispose();
            return content.Bytes;
        })];

        Assert.Single(given[Looks..].Distinct());
    }

    [Fact]
    public void What_was_read_on_the_occasion_is_for_the_same_request()
    {
        RootFolder folder = Folder(1024);
        for (int i = 0; i < 20; i++)
        {
            Read(folder, $"f{i}");
        }

        // Found, and not opened; later another request opens it without a look.
        Assert.Equal(FileOutcome.Found, folder.Find("f30"u8, out _));
        File.WriteAllText(Path.Combine(_path, "f30"), "new");
        Settled.Await(Path.Combine(_path, "f30"));
        _now += 101;
        Assert.Equal(FileOutcome.Found, folder.OpenContent("f30"u8, out FileEntry entry, out FileContent content));
        content.Dispose();
        Assert.Equal(3, entry.Length);
    }

    private static string Content(int i) => new((char)('A' + i), 700 + i);

    private RootFolder Folder(long bytes) => new CachingRootFolder(_inner, new FileCache(bytes, 8, new BufferBudget(1 << 30)), () => _now, Suffixes);

    /// <summary>A folder whose names were read.</summary>
    private RootFolder Known()
    {
        RootFolder folder = Folder(1 << 20);
        for (int i = 0; i < Looks; i++)
        {
            folder.MayHaveVariants("f0"u8);
        }

        Assert.Equal(1, _inner.FoldersRead);
        return folder;
    }

    private static string Read(RootFolder folder, string name)
    {
        byte[] path = Encoding.UTF8.GetBytes(name);
        Assert.Equal(FileOutcome.Found, folder.Find(path, out _));
        Assert.Equal(FileOutcome.Found, folder.OpenContent(path, out FileEntry entry, out FileContent content));
        using (content)
        {
            Assert.Equal(entry.Length, content.Bytes!.Length);
            return Encoding.UTF8.GetString(content.Bytes.Memory.Span);
        }
    }

    /// <summary>Counts what reaches the file system.</summary>
    private sealed class Counting(RootFolder folder) : RootFolder
    {
        public int Finds { get; private set; }

        public int FindsAndReads { get; private set; }

        public int Reads { get; private set; }

        public int FolderFinds { get; private set; }

        public int FoldersRead { get; private set; }

        public int Calls => Finds + FindsAndReads + Reads;

        /// <summary>As if the file system had no finer time for folders, and left it as it is.</summary>
        public bool TellsSecondsOnly { get; set; }

        /// <summary>The time of the last change of folders, if it is not to be the real one.</summary>
        public DateTime? TellsTimeAs { get; set; }

        public override FileOutcome Find(ReadOnlySpan<byte> path, out FileEntry entry)
        {
            FileOutcome outcome = folder.Find(path, out entry);
            if (entry.Kind != FileKind.Folder)
            {
                Finds++;
                return outcome;
            }

            FolderFinds++;
            if (TellsSecondsOnly)
            {
                entry = new FileEntry(FileKind.Folder, 0, 1, 0) { Version = 1, ChangedTotalNanoseconds = 1_000_000_000 };
            }
            else if (TellsTimeAs is { } time)
            {
                entry = entry with { ChangedTotalNanoseconds = ((time.Ticks - DateTime.UnixEpoch.Ticks) * 100) + 1 };
            }

            return outcome;
        }

        public override FileOutcome FindAndRead(ReadOnlySpan<byte> path, Span<byte> bytes, out FileEntry entry, out int length)
        {
            FindsAndReads++;
            return folder.FindAndRead(path, bytes, out entry, out length);
        }

        public override bool TryRead(ReadOnlySpan<byte> path, in FileEntry entry, Span<byte> bytes)
        {
            Reads++;
            return folder.TryRead(path, entry, bytes);
        }

        public override FolderTraits TraitsOf(ReadOnlySpan<byte> path, string[] variantSuffixes)
        {
            FoldersRead++;
            return folder.TraitsOf(path, variantSuffixes);
        }

        public override FileOutcome OpenFile(ReadOnlySpan<byte> path, out FileEntry entry, out SafeFileHandle? file) =>
            folder.OpenFile(path, out entry, out file);

        public override FileOutcome ReadFolder(ReadOnlySpan<byte> path, FolderEntries entries) => folder.ReadFolder(path, entries);

        public override void Dispose() => folder.Dispose();
    }
}
