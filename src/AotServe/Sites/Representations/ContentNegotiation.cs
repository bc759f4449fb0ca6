using System;
using AotServe.Buffers;
using AotServe.Files;
using AotServe.Http;
using AotServe.Sites.Representations.Codings;

namespace AotServe.Sites.Representations;

/// <summary>
/// Selects the representation of a file by the content codings that the client accepts (proactive negotiation, RFC 9110
/// §12.1): the file, one of its <see cref="PrecompressedFiles"/>, or, if it has none and <c>--compress</c> is on, one of
/// <see cref="CompressedFiles"/>. Any thread may call all members but <see cref="Dispose"/>, which comes last.
/// </summary>
/// <param name="root">The root folder, which outlives this.</param>
/// <param name="hashes">The hashes of files that are not in memory, which outlive this.</param>
/// <param name="report">Takes what is passed over; null: nobody wants to know.</param>
/// <param name="compressed">The files that are compressed here, owned by this; null: none are.</param>
internal sealed class ContentNegotiation(RootFolder root, FileHashes hashes, SiblingReport? report, CompressedFiles? compressed) : IDisposable
{
    /// <summary>How much room <see cref="Select"/> takes for entity tags, bytes.</summary>
    public const int TagSpace = 2 * EntityTag.MaxLength;

    private readonly PrecompressedFiles _precompressed = new(root, report);

    /// <summary>Selects a representation, which owns the content that it has. Content that is not sent is disposed of.</summary>
    /// <param name="head">The request.</param>
    /// <param name="path">The path of the original beneath the root.</param>
    /// <param name="mediaType">The media type of the original, and of all its codings.</param>
    /// <param name="original">The original.</param>
    /// <param name="content">The content of the original, taken over.</param>
    /// <param name="own">The coding that the original itself has by its name: then there is no choice.</param>
    /// <param name="now">The time of the response, seconds since 1970.</param>
    /// <param name="space">Room for the entity tags, <see cref="TagSpace"/> bytes.</param>
    public Representation Select(
        RequestHead head,
        scoped ReadOnlySpan<byte> path,
        ReadOnlySpan<byte> mediaType,
        scoped in FileEntry original,
        FileContent content,
        ContentCodings own,
        long now,
        Span<byte> space)
    {
        ContentCodings precompressed = own == ContentCodings.Identity ? _precompressed.Find(path, original, now) : ContentCodings.Identity;
        bool isCompressed = precompressed == own
            && compressed is not null && CompressedFiles.IsEligible(mediaType, original);
        ContentCodings coding = own;
        FileEntry entry = original;
        SharedBytes? bytes = null;
        if (precompressed != ContentCodings.Identity)
        {
            coding = OpenPrecompressed(path, AcceptEncoding.Read(head), precompressed, original, ref entry, ref content);
        }
        else if (isCompressed)
        {
            coding = compressed!.Choose(path, original, AcceptEncoding.Read(head), out bytes);
        }

        if (bytes is not null)
        {
            content.Dispose();
            content = new FileContent(null, bytes);
        }

        bool varies = precompressed != ContentCodings.Identity || isCompressed;
        return Describe(mediaType, entry, content, coding, varies, space) with
        {
            // The date of the original for all of its codings, since it is the date of the last change of the content. So it does
            // not distinguish the codings; see Representation.VariesByCoding.
            LastModified = original.LastModified(now),
        };
    }

    /// <summary>The codings in which a file is there whose original is not: it can only be sent to who accepts one.</summary>
    public ContentCodings FindAlone(ReadOnlySpan<byte> path) => _precompressed.FindAlone(path);

    /// <summary>
    /// Selects a representation of a file that is there in codings only. False: the client accepts none of them.
    /// </summary>
    /// <inheritdoc cref="Select"/>
    public bool TrySelectAlone(
        RequestHead head,
        scoped ReadOnlySpan<byte> path,
        ReadOnlySpan<byte> mediaType,
        long now,
        Span<byte> space,
        out Representation representation)
    {
        representation = default;
        ContentCodings coding = AcceptEncoding.Read(head).ChooseCoded(_precompressed.FindAlone(path));
        if (coding == ContentCodings.Identity
            || !_precompressed.TryOpenAlone(path, coding, out FileEntry entry, out FileContent content))
        {
            return false;
        }

        representation = Describe(mediaType, entry, content, coding, varies: true, space) with { LastModified = entry.LastModified(now) };
        return true;
    }

    /// <summary>Waits for the compressor's thread to end, if there is one.</summary>
    public void Dispose() => compressed?.Dispose();

    /// <summary>
    /// Replaces <paramref name="content"/> and <paramref name="entry"/> by those of the precompressed file that the client
    /// prefers. A file that cannot be opened counts as missing.
    /// </summary>
    private ContentCodings OpenPrecompressed(
        ReadOnlySpan<byte> path,
        in AcceptEncoding accepted,
        ContentCodings precompressed,
        in FileEntry original,
        ref FileEntry entry,
        ref FileContent content)
    {
        ContentCodings coding = accepted.Choose(precompressed);
        while (coding != ContentCodings.Identity)
        {
            if (_precompressed.TryOpen(path, coding, original, out FileEntry found, out FileContent opened))
            {
                content.Dispose();
                (content, entry) = (opened, found);
                return coding;
            }

            precompressed &= ~coding;
            coding = accepted.Choose(precompressed);
        }

        return coding;
    }

    private Representation Describe(
        ReadOnlySpan<byte> mediaType, scoped in FileEntry entry, FileContent content, ContentCodings coding, bool varies, Span<byte> space)
    {
        ReadOnlySpan<byte> tag = TagOf(
            entry, content, coding, space[..EntityTag.MaxLength], space[EntityTag.MaxLength..], out ReadOnlySpan<byte> versionTag);
        return new Representation
        {
            MediaType = mediaType,
            EntityTag = tag,
            VersionTag = versionTag,
            LastModified = null,
            Length = content.Bytes?.Length ?? entry.Length,
            Content = content,
            Coding = coding,
            VariesByCoding = varies,
        };
    }

    /// <summary>
    /// The entity tag of what is sent, and the one that a client may have from before its hash was known. They are strong and
    /// none for what is in memory, for small files, and for large ones that have been hashed.
    /// </summary>
    private ReadOnlySpan<byte> TagOf(
        scoped in FileEntry entry,
        scoped in FileContent content,
        ContentCodings coding,
        Span<byte> space,
        Span<byte> versionSpace,
        out ReadOnlySpan<byte> versionTag)
    {
        ReadOnlySpan<byte> suffix = TagSuffixOf(coding);
        versionTag = default;
        if (content.Bytes is { } bytes)
        {
            return EntityTag.Format(bytes.Hash, space, suffix);
        }

        if (hashes.TryGet(root.Unfiltered, entry, content.File!, out ulong hash))
        {
            if (entry.Length > FileHashes.MaxLengthAtOnce)
            {
                versionTag = EntityTag.FormatVersion(entry, versionSpace, suffix);
            }

            return EntityTag.Format(hash, space, suffix);
        }

        return EntityTag.FormatVersion(entry, space, suffix);
    }

    /// <summary>
    /// What tells the entity tag of a coding from that of the same bytes without it (RFC 9110 §8.8.3.3): other bytes have another
    /// hash, but a file and a precompressed one may be the same.
    /// </summary>
    private static ReadOnlySpan<byte> TagSuffixOf(ContentCodings coding) => coding switch
    {
        ContentCodings.Brotli => "-br"u8,
        ContentCodings.Zstandard => "-zst"u8,
        ContentCodings.Gzip => "-gz"u8,
        _ => default,
    };
}
