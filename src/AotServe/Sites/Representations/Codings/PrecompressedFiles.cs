using System;
using System.Runtime.CompilerServices;
using AotServe.Files;

namespace AotServe.Sites.Representations.Codings;

/// <summary>
/// Files beside a file with its content precompressed: <c>name.br</c>, <c>name.zst</c>, <c>name.gz</c>. One is current if it is a
/// regular file beneath the same root, and not older than the original. Any thread may call.
/// </summary>
internal sealed class PrecompressedFiles(RootFolder root)
{
    private const int LongestExtension = 4;

    private readonly PrecompressedCache _cache = new();

    /// <summary>What their names end in.</summary>
    public static string[] Suffixes => [".br", ".zst", ".gz"];

    /// <summary>
    /// The codings for which the file at <paramref name="path"/> has a current precompressed file. A file that is added or
    /// deleted is noticed within a second.
    /// </summary>
    /// <param name="path">The path of the original.</param>
    /// <param name="original">The original.</param>
    /// <param name="now">The time in seconds since 1970.</param>
    [SkipLocalsInit]
    public ContentCodings Find(ReadOnlySpan<byte> path, in FileEntry original, long now)
    {
        ulong hash = PathHash.Combine(
            PathHash.Combine(PathHash.Compute(path), (ulong)original.ModifiedTotalNanoseconds), (ulong)original.Length);
        if (_cache.TryGet(hash, now, out ContentCodings precompressed))
        {
            return precompressed;
        }

        Span<byte> space = stackalloc byte[RootFolder.LongestPath + LongestExtension];
        precompressed = Probe(path, ContentCodings.Brotli, original, space)
            | Probe(path, ContentCodings.Zstandard, original, space)
            | Probe(path, ContentCodings.Gzip, original, space);
        _cache.Set(hash, now, precompressed);
        return precompressed;
    }

    /// <summary>
    /// Opens the precompressed file of one coding. False if there is none that is current, or it cannot be read. The caller owns
    /// the content, which <paramref name="entry"/> describes.
    /// </summary>
    [SkipLocalsInit]
    public bool TryOpen(
        ReadOnlySpan<byte> path, ContentCodings coding, in FileEntry original, out FileEntry entry, out FileContent content)
    {
        Span<byte> space = stackalloc byte[RootFolder.LongestPath + LongestExtension];
        if (root.OpenContent(NameOf(path, coding, space), out entry, out content) != FileOutcome.Found)
        {
            return false;
        }

        if (IsCurrent(entry, original))
        {
            return true;
        }

        content.Dispose();
        return false;
    }

    private ContentCodings Probe(
        ReadOnlySpan<byte> path, ContentCodings coding, in FileEntry original, Span<byte> space) =>
        root.Find(NameOf(path, coding, space), out FileEntry entry) == FileOutcome.Found && IsCurrent(entry, original)
            ? coding
            : ContentCodings.Identity;

    private static bool IsCurrent(in FileEntry precompressed, in FileEntry original) =>
        precompressed.Kind == FileKind.Regular && !precompressed.IsOlderThan(original);

    private static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> path, ContentCodings coding, Span<byte> space)
    {
        ReadOnlySpan<byte> extension = coding switch
        {
            ContentCodings.Brotli => ".br"u8,
            ContentCodings.Zstandard => ".zst"u8,
            _ => ".gz"u8,
        };
        path.CopyTo(space);
        extension.CopyTo(space[path.Length..]);
        return space[..(path.Length + extension.Length)];
    }
}
