using System;
using System.IO;
using System.Text;
using AotServe.Buffers;
using AotServe.Files;
using AotServe.Sites.Representations;
using AotServe.Workers;
using Xunit;

namespace AotServe.Tests.Sites.Representations;

/// <summary>Hashes of files that are not in memory.</summary>
public sealed class FileHashesTests : IDisposable
{
    private const int Large = 200_000;

    private readonly TemporaryFolder _folder = new();
    private readonly FileHashes _hashes = new(new BackgroundThreadOptions());
    private readonly RootFolder _root;

    public FileHashesTests() => _root = RootFolder.Open(_folder.Root);

    public void Dispose()
    {
        _hashes.Dispose();
        _root.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(FileHashes.MaxLengthAtOnce)]
    public void A_small_file_is_hashed_at_once(int length)
    {
        byte[] content = _folder.WriteRandom("a", length);
        Assert.Equal(XxHash64.Compute(content), Get("a"));
    }

    [Theory]
    [InlineData(FileHashes.MaxLengthAtOnce + 1)]
    [InlineData(2 * FileHashes.MaxLengthAtOnce)]
    [InlineData(Large)]
    public void A_large_file_is_hashed_in_the_background_and_nobody_waits(int length)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere files have no identity.");
        byte[] content = _folder.WriteRandom("a", length);
        Assert.Null(Get("a"));
        Assert.Equal(XxHash64.Compute(content), AwaitHash());
    }

    [Fact]
    public void Another_content_of_the_same_length_and_time_has_no_hash_until_it_has_its_own()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere files have no identity.");
        Write(1);
        ulong first = AwaitHash();
        byte[] changed = Write(2);
        Assert.Null(Get("a"));
        Assert.Equal(XxHash64.Compute(changed), AwaitHash());
        Assert.NotEqual(XxHash64.Compute(changed), first);
    }

    [Fact]
    public void More_files_than_fit_in_the_queue_are_hashed_in_the_end()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere files have no identity.");
        for (int i = 0; i < 50; i++)
        {
            File.WriteAllBytes(_folder[$"{i}"], new byte[Large + i]);
        }

        Eventually.Holds(
            () =>
            {
                int known = 0;
                for (int i = 0; i < 50; i++)
                {
                    known += Get($"{i}") is not null ? 1 : 0;
                }

                return known == 50;
            },
            "all are hashed");
    }

    private ulong AwaitHash() => Eventually.Is(() => Get("a") ?? 0, hash => hash != 0, "the file is hashed");

    private byte[] Write(byte value)
    {
        byte[] content = new byte[Large];
        Array.Fill(content, value);
        File.WriteAllBytes(_folder["a"], content);
        File.SetLastWriteTimeUtc(_folder["a"], DateTime.UnixEpoch.AddSeconds(1));
        return content;
    }

    private ulong? Get(string name)
    {
        Assert.Equal(FileOutcome.Found, _root.OpenContent(Encoding.ASCII.GetBytes(name), out FileEntry version, out FileContent content));
        using (content)
        {
            return _hashes.TryGet(_root, version, content.File!, out ulong hash) ? hash : null;
        }
    }
}
