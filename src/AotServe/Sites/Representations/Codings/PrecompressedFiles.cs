using System;
using System.Runtime.CompilerServices;
using AotServe.Files;

namespace AotServe.Sites.Representations.Codings;

/// <summary>
/// The files that hold a file's content compressed ahead of time, beside it: <c>name.br</c>, <c>name.zst</c>,
/// <c>name.gz</c>. One counts if it is a regular file beneath the same root and was not changed before the original
/// was, for then it holds an older content. May be used from any thread.
/// </summary>
internal sealed class PrecompressedFiles(RootFolder root)
{
    private const int LongestExtension = 4;

    private readonly PrecompressedCache _memory = new();

    /// <summary>
    /// Which precompressed the file at <paramref name="path"/> has, as of this second: one that comes or goes is noticed in
    /// the next.
    /// </summary>
    /// <param name="path">The path of the original.</param>
    /// <param name="original">What it is.</param>
    /// <param name="now">The time in seconds since 1970.</param>
    [SkipLocalsInit]
    public ContentCodings Find(ReadOnlySpan<byte> path, in FileEntry original, long now)
    {
        ulong hash = PathHash.Add(
            PathHash.Add(PathHash.Of(path), (ulong)original.ModifiedTotalNanoseconds), (ulong)original.Length);
        if (_memory.TryRecall(hash, now, out ContentCodings precompressed))
        {
            return precompressed;
        }

        Span<byte> space = stackalloc byte[RootFolder.LongestPath + LongestExtension];
        precompressed = Look(path, ContentCodings.Brotli, original, space)
            | Look(path, ContentCodings.Zstandard, original, space)
            | Look(path, ContentCodings.Gzip, original, space);
        _memory.Remember(hash, now, precompressed);
        return precompressed;
    }

    /// <summary>
    /// Opens the sibling of one coding; false where there is none that counts (any more), or it may not be read. The
    /// caller owns the content, which <paramref name="entry"/> describes.
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

        if (Counts(entry, original))
        {
            return true;
        }

        content.Dispose();
        return false;
    }

    private ContentCodings Look(
        ReadOnlySpan<byte> path, ContentCodings coding, in FileEntry original, Span<byte> space) =>
        root.Find(NameOf(path, coding, space), out FileEntry entry) == FileOutcome.Found && Counts(entry, original)
            ? coding
            : ContentCodings.Identity;

    private static bool Counts(in FileEntry sibling, in FileEntry original) =>
        sibling.Kind == FileKind.Regular && !sibling.IsOlderThan(original);

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
