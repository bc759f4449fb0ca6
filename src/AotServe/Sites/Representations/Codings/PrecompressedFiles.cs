using System;
using System.Runtime.CompilerServices;
using AotServe.Files;

namespace AotServe.Sites.Representations.Codings;

/// <summary>
/// Files beside a file with its content precompressed: <c>name.br</c>, <c>name.zst</c>, <c>name.gz</c>. One is current if it is a
/// regular file beneath the same root, and not older than the original, but for <see cref="Slack"/>. Any thread may call.
/// </summary>
/// <param name="root">The root folder, which outlives this.</param>
/// <param name="report">Takes what is passed over; null: nobody wants to know.</param>
internal sealed class PrecompressedFiles(RootFolder root, SiblingReport? report = null)
{
    /// <summary>
    /// How much older than its original a precompressed file may be, in whole seconds. Tools cut times to whole seconds (brotli
    /// -k) or to two (ZIP, FAT), and unpacking or uploading gives each file the time when it was its turn, in any order: within seconds for
    /// files that lie side by side. More would serve an old version after a quick change; nginx and Caddy do not look at all.
    /// </summary>
    private const int Slack = 5;

    private const int LongestExtension = 4;

    // Most names that are looked for do not exist. PrecompressedCache remembers that in a word, so the cache of files need not.
    private readonly RootFolder _names = root.Uncached;
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

        precompressed = root.MayHaveVariants(path) ? Probe(path, original) : ContentCodings.Identity;
        _cache.Set(hash, now, precompressed);
        return precompressed;
    }

    /// <summary>The codings in which a file is there whose original is not. As <see cref="Find"/>.</summary>
    public ContentCodings FindAlone(ReadOnlySpan<byte> path) => Find(path, Oldest, Environment.TickCount64 / 1000);

    /// <summary>Whether a precompressed file may stand in for its original.</summary>
    public static bool IsCurrent(in FileEntry precompressed, in FileEntry original) =>
        precompressed.Kind == FileKind.Regular && precompressed.ModifiedSeconds >= original.ModifiedSeconds - Slack;

    /// <summary>
    /// Opens the precompressed file of one coding. False if there is none that is current, or it cannot be read. The caller owns
    /// the content, which <paramref name="entry"/> describes.
    /// </summary>
    [SkipLocalsInit]
    public bool TryOpen(
        ReadOnlySpan<byte> path, ContentCodings coding, in FileEntry original, out FileEntry entry, out FileContent content)
    {
        Span<byte> space = stackalloc byte[path.Length + LongestExtension];
        ReadOnlySpan<byte> name = NameOf(path, coding, space);
        content = default;
        if (root.Find(name, out entry) != FileOutcome.Found || !IsCurrent(entry, original)
            || root.OpenContent(name, out entry, out content) != FileOutcome.Found)
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

    /// <summary>Opens the file of one coding whose original is not there. As <see cref="TryOpen"/>.</summary>
    public bool TryOpenAlone(ReadOnlySpan<byte> path, ContentCodings coding, out FileEntry entry, out FileContent content) =>
        TryOpen(path, coding, Oldest, out entry, out content);

    /// <summary>In place of an original that is not there: no file is older.</summary>
    private static FileEntry Oldest => new(FileKind.Other, 0, long.MinValue + Slack, 0);

    [SkipLocalsInit]
    private ContentCodings Probe(ReadOnlySpan<byte> path, in FileEntry original)
    {
        Span<byte> space = stackalloc byte[path.Length + LongestExtension];
        ContentCodings precompressed = ContentCodings.Identity;
        foreach (ContentCodings coding in (ReadOnlySpan<ContentCodings>)[ContentCodings.Brotli, ContentCodings.Zstandard, ContentCodings.Gzip])
        {
            ReadOnlySpan<byte> name = NameOf(path, coding, space);
            FileOutcome outcome = _names.Find(name, out FileEntry entry);
            if (outcome == FileOutcome.Found && IsCurrent(entry, original))
            {
                precompressed |= coding;
            }
            else if (report is not null && SiblingReport.ReasonAgainst(outcome, entry, original) is { } reason)
            {
                report.Add(name, entry, reason);
            }
        }

        return precompressed;
    }

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
