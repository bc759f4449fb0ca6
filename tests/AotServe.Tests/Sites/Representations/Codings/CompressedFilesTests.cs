using System;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading;
using AotServe.Buffers;
using AotServe.Files;
using AotServe.Sites.Representations.Codings;
using AotServe.Tests.Files;
using AotServe.Tests.Http;
using AotServe.Workers;
using Xunit;

namespace AotServe.Tests.Sites.Representations.Codings;

public sealed class CompressedFilesTests : IDisposable
{
    private static readonly DateTime Written = new(2024, 2, 29, 12, 30, 15, DateTimeKind.Utc);
    private static readonly AcceptEncoding Brotli = Accept("gzip, br");
    private static readonly AcceptEncoding Gzip = Accept("gzip");

    private readonly TemporaryFolder _folder = new();
    private readonly GatedRoot _root;

    public CompressedFilesTests() => _root = new GatedRoot(RootFolder.Open(_folder.Root));

    public void Dispose()
    {
        _root.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_file_is_identity_until_it_is_ready_and_then_the_coding_that_the_client_prefers()
    {
        FileEntry version = Write("a.txt", 1, 5_000);
        using var files = new CompressedFiles(_root, new BufferBudget(1 << 30), new BackgroundThreadOptions());
        Assert.Equal(ContentCodings.Identity, files.Choose("a.txt"u8, version, Brotli, out SharedBytes? bytes));
        Assert.Null(bytes);
        _root.Open();

        bytes = Await(files, "a.txt", version, Brotli, ContentCodings.Brotli);
        Assert.Equal(Text(1, 5_000), Encoding.ASCII.GetString(Unpacking.Unpack("br", bytes.Memory.ToArray())));
        bytes = Await(files, "a.txt", version, Gzip, ContentCodings.Gzip);
        Assert.Equal(Text(1, 5_000), Encoding.ASCII.GetString(Unpacking.Unpack("gzip", bytes.Memory.ToArray())));
        Assert.Equal(ContentCodings.Brotli, files.Choose("a.txt"u8, version, Brotli, out _));
        Assert.Equal(ContentCodings.Identity, files.Choose("a.txt"u8, version, Accept("zstd"), out _));
        Assert.Equal(ContentCodings.Gzip, files.Choose("a.txt"u8, version, Accept("identity;q=0, gzip, br;q=0.5"), out _));
        Assert.Equal(["a.txt", "a.txt"], _root.Opened);
    }

    [Fact]
    public void What_is_queued_is_not_queued_again_and_the_queue_has_an_end()
    {
        FileEntry version = Write("a.txt", 1, 5_000);
        FileEntry last = Write("last.txt", 2, 5_000);
        using var files = new CompressedFiles(_root, new BufferBudget(1 << 30), new BackgroundThreadOptions());
        for (int i = 0; i < 1_000; i++)
        {
            files.Choose("a.txt"u8, version, Brotli, out _);
        }

        Eventually.Holds(() => !_root.Opened.IsEmpty, "a file is being compressed");
        for (int i = 0; i < 1_000; i++)
        {
            files.Choose(Encoding.ASCII.GetBytes($"none{i}"), version, Brotli, out _);
        }

        Assert.Equal(ContentCodings.Identity, files.Choose("last.txt"u8, last, Brotli, out _));

        _root.Open();
        Await(files, "last.txt", last, Brotli, ContentCodings.Brotli);
        Assert.Equal(1, _root.Opened.Count(path => path == "a.txt"));
        Assert.Equal(1 + 256 + 1, _root.Opened.Count);
    }

    [Fact]
    public void A_changed_file_is_never_answered_with_what_it_was()
    {
        _root.Open();
        FileEntry first = Write("a.txt", 1, 5_000);
        using var files = new CompressedFiles(_root, new BufferBudget(1 << 30), new BackgroundThreadOptions());
        byte[] old = Await(files, "a.txt", first, Brotli, ContentCodings.Brotli).Memory.ToArray();

        FileEntry second = Write("a.txt", 2, 5_000, Written.AddMilliseconds(1));
        Assert.Equal(ContentCodings.Identity, files.Choose("a.txt"u8, second, Brotli, out _));
        byte[] current = Await(files, "a.txt", second, Brotli, ContentCodings.Brotli).Memory.ToArray();
        Assert.NotEqual(old, current);
        Assert.Equal(Text(2, 5_000), Encoding.ASCII.GetString(Unpacking.Unpack("br", current)));
    }

    [Fact]
    public void What_was_read_while_the_file_changed_is_thrown_away()
    {
        FileEntry first = Write("a.txt", 1, 5_000);
        FileEntry other = Write("b.txt", 1, 5_000);
        using var files = new CompressedFiles(_root, new BufferBudget(1 << 30), new BackgroundThreadOptions());
        files.Choose("a.txt"u8, first, Brotli, out _);
        int finds = 0;
        _root.OnFind = () =>
        {
            if (finds++ == 0)
            {
                File.WriteAllText(_folder["a.txt"], Text(2, 5_000));
            }
        };
        _root.Open();

        // There is one thread and one queue: what was queued before is done.
        Await(files, "b.txt", other, Brotli, ContentCodings.Brotli);
        Assert.Equal(ContentCodings.Identity, files.Choose("a.txt"u8, first, Brotli, out _));
    }

    [Fact]
    public void A_version_that_is_not_on_the_disk_any_more_is_not_made()
    {
        FileEntry version = Write("a.txt", 1, 5_000);
        FileEntry other = Write("b.txt", 1, 5_000);
        using var files = new CompressedFiles(_root, new BufferBudget(1 << 30), new BackgroundThreadOptions());
        files.Choose("a.txt"u8, version with { ModifiedNanoseconds = 1 }, Brotli, out _);
        _root.Open();
        Await(files, "b.txt", other, Brotli, ContentCodings.Brotli);
        Assert.Equal(
            ContentCodings.Identity,
            files.Choose("a.txt"u8, version with { ModifiedNanoseconds = 1 }, Brotli, out _));
    }

    [Fact]
    public void A_file_that_was_changed_a_moment_ago_is_left_alone()
    {
        // A time to come is "a moment ago" for as long as the test takes.
        FileEntry version = Write("a.txt", 1, 5_000) with { ChangedTotalNanoseconds = long.MaxValue };
        FileEntry other = Write("b.txt", 1, 5_000);
        _root.Open();
        using var files = new CompressedFiles(_root, new BufferBudget(1 << 30), new BackgroundThreadOptions());
        files.Choose("a.txt"u8, version, Brotli, out _);
        Await(files, "b.txt", other, Brotli, ContentCodings.Brotli);
        Assert.Equal(["b.txt"], _root.Opened);
    }

    [Fact]
    public void What_does_not_become_smaller_is_tried_once()
    {
        byte[] noise = new byte[5_000];
        new Random(1).NextBytes(noise);
        File.WriteAllBytes(_folder["noise.txt"], noise);
        FileEntry version = SetTime("noise.txt", Written);
        FileEntry other = Write("b.txt", 1, 5_000);
        _root.Open();
        using var files = new CompressedFiles(_root, new BufferBudget(1 << 30), new BackgroundThreadOptions());
        files.Choose("noise.txt"u8, version, Gzip, out _);
        Await(files, "b.txt", other, Brotli, ContentCodings.Brotli);

        Assert.Equal(ContentCodings.Identity, files.Choose("noise.txt"u8, version, Gzip, out _));
        Await(files, "b.txt", other, Gzip, ContentCodings.Gzip);
        Assert.Equal(1, _root.Opened.Count(path => path == "noise.txt"));
    }

    [Fact]
    public void What_is_kept_stays_within_its_bound_and_what_was_not_used_goes_first()
    {
        _root.Open();
        FileEntry[] versions = [.. Enumerable.Range(0, 9).Select(i => Write($"{i}.txt", i, 5_000))];
        using var probe = new CompressedFiles(_root, new BufferBudget(1 << 30), new BackgroundThreadOptions());
        Await(probe, "0.txt", versions[0], Brotli, ContentCodings.Brotli);
        long one = Size(probe);

        // Room for four, whose sizes differ a little.
        var files = new CompressedFiles(_root, new BufferBudget(1 << 30), new BackgroundThreadOptions(), (one * 4) + (one / 2));
        for (int i = 0; i < 9; i++)
        {
            Await(files, $"{i}.txt", versions[i], Brotli, ContentCodings.Brotli);
            Assert.InRange(Size(files), 1, (one * 4) + (one / 2));
            if (i > 0)
            {
                Assert.Equal(ContentCodings.Brotli, files.Choose("0.txt"u8, versions[0], Brotli, out _));
            }
        }

        // What is not there would be compressed again.
        files.Dispose();
        string[] kept = [.. Enumerable.Range(0, 9).Select(i => $"{i}.txt").Where(IsKept)];
        Assert.Equal(["0.txt", "6.txt", "7.txt", "8.txt"], kept);

        bool IsKept(string name) => files.Choose(
            Encoding.ASCII.GetBytes(name), versions[name[0] - '0'], Brotli, out _) == ContentCodings.Brotli;
    }

    [Fact]
    public void Disposal_waits_for_the_thread_and_leaves_what_is_queued()
    {
        FileEntry version = Write("a.txt", 1, 5_000);
        var files = new CompressedFiles(_root, new BufferBudget(1 << 30), new BackgroundThreadOptions());
        files.Choose("a.txt"u8, version, Brotli, out _);
        files.Choose("b.txt"u8, version, Brotli, out _);
        Eventually.Holds(() => !_root.Opened.IsEmpty, "a file is being compressed");
        var disposal = new Thread(files.Dispose);
        disposal.Start();
        Eventually.Holds(() => disposal.ThreadState.HasFlag(System.Threading.ThreadState.WaitSleepJoin), "the disposal waits");
        Assert.True(disposal.IsAlive);

        _root.Open();
        disposal.Join();
        Assert.Equal(["a.txt"], _root.Opened);
    }

    [Fact]
    public void Without_a_file_to_compress_there_is_no_thread()
    {
        FileEntry version = Write("a.txt", 1, 5_000);
        using var files = new CompressedFiles(_root, new BufferBudget(1 << 30), new BackgroundThreadOptions());
        Assert.Equal(ContentCodings.Identity, files.Choose("a.txt"u8, version, Accept("zstd, identity"), out _));
        Assert.Equal(0, Size(files));
    }

    [Theory]
    [InlineData("text/html; charset=utf-8", true)]
    [InlineData("text/x-anything", true)]
    [InlineData("application/json", true)]
    [InlineData("application/ld+json", true)]
    [InlineData("image/svg+xml; charset=utf-8", true)]
    [InlineData("application/wasm", true)]
    [InlineData("application/xml; charset=utf-8", true)]
    [InlineData("font/ttf", true)]
    [InlineData("model/mtl", true)]
    [InlineData("font/woff2", false)]
    [InlineData("image/png", false)]
    [InlineData("video/mp4", false)]
    [InlineData("application/octet-stream", false)]
    [InlineData("application/zip", false)]
    [InlineData("application/js", false)]
    [InlineData("json", false)]
    [InlineData("", false)]
    public void Text_and_what_does_not_compress_itself_is_compressed(string mediaType, bool isCompressed) =>
        Assert.Equal(isCompressed, CompressibleTypes.Contains(Encoding.ASCII.GetBytes(mediaType)));

    [Theory]
    [InlineData(1023, false)]
    [InlineData(1024, true)]
    [InlineData(8 << 20, true)]
    [InlineData((8 << 20) + 1, false)]
    public void Small_and_large_files_are_left_as_they_are(long length, bool isCompressed) =>
        Assert.Equal(isCompressed, CompressedFiles.IsEligible("text/css"u8, new FileEntry(FileKind.Regular, length, 0, 0)));

    private static AcceptEncoding Accept(string field) =>
        AcceptEncoding.Read(Parsing.Accept($"GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: {field}\r\n\r\n"));

    private static string Text(int seed, int length)
    {
        var random = new Random(seed);
        return string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(8))));
    }

    private static SharedBytes Await(
        CompressedFiles files, string path, FileEntry version, AcceptEncoding accepted, ContentCodings coding)
    {
        SharedBytes? bytes = null;
        Eventually.Holds(
            () => files.Choose(Encoding.ASCII.GetBytes(path), version, accepted, out bytes) == coding, $"{path} is compressed as {coding}");
        return bytes!;
    }

    private FileEntry Write(string name, int seed, int length, DateTime? time = null)
    {
        _folder.Write(name, Text(seed, length));
        return SetTime(name, time ?? Written);
    }

    private FileEntry SetTime(string name, DateTime time)
    {
        File.SetLastWriteTimeUtc(_folder[name], time);
        return Settled.Await(_folder[name]);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_size")]
    private static extern ref long Size(CompressedFiles files);
}
