using System;
using AotServe.Files;
using AotServe.Http;
using AotServe.Sites.Representations.Codings;

namespace AotServe.Sites.Representations;

/// <summary>
/// Selects the representation of a file by what the client says of content codings (proactive negotiation, RFC 9110
/// §12.1): the file, one of its <see cref="PrecompressedFiles"/>, or where it has none and <c>--compress</c> was said, what
/// <see cref="CompressedFiles"/> has of it. May be used from any thread, but for <see cref="Dispose"/>, which comes
/// after all else.
/// </summary>
/// <param name="root">Where the files are; it outlives this.</param>
/// <param name="compressed">What compresses files, owned from here on; null: none is compressed.</param>
internal sealed class ContentNegotiation(RootFolder root, CompressedFiles? compressed) : IDisposable
{
    private readonly PrecompressedFiles _precompressed = new(root);

    /// <summary>Selects. The representation owns the file that its bytes are in; another is closed.</summary>
    /// <param name="head">The request.</param>
    /// <param name="path">The path of the original beneath the root.</param>
    /// <param name="mediaType">Its media type, which is that of its codings: they are told by another field.</param>
    /// <param name="original">What it is.</param>
    /// <param name="content">The original's, opened for this answer, which belongs to this from here on.</param>
    /// <param name="now">The time of the answer, seconds since 1970.</param>
    /// <param name="tag">Room for the entity tag, <see cref="EntityTag.MaxLength"/> bytes.</param>
    public Representation Select(
        RequestHead head,
        scoped ReadOnlySpan<byte> path,
        ReadOnlySpan<byte> mediaType,
        scoped in FileEntry original,
        FileContent content,
        long now,
        Span<byte> tag)
    {
        ContentCodings precompressed = _precompressed.Find(path, original, now);
        bool isCompressed = precompressed == ContentCodings.Identity
            && compressed is not null && CompressedFiles.AreFor(mediaType, original);
        ContentCodings coding = ContentCodings.Identity;
        FileEntry entry = original;
        ReadOnlyMemory<byte> bytes = default;
        if (precompressed != ContentCodings.Identity)
        {
            coding = OpenSibling(path, AcceptEncoding.Of(head), precompressed, original, ref entry, ref content);
        }
        else if (isCompressed)
        {
            coding = compressed!.Choose(path, original, AcceptEncoding.Of(head), now, out bytes);
        }

        bool isCompressedHere = !bytes.IsEmpty;
        if (isCompressedHere)
        {
            content.Dispose();
            content = new FileContent(null, bytes);
        }

        return new Representation
        {
            MediaType = mediaType,
            EntityTag = EntityTag.Format(entry, tag, TagSuffixOf(coding, isCompressedHere)),
            // The original's for all of its codings: what a date tells is when the content changed, and of that none of
            // them says anything else. Hence it cannot tell one coding from another; see Representation.Varies.
            LastModified = original.LastModified(now),
            Length = isCompressedHere ? bytes.Length : entry.Length,
            File = content.File,
            Bytes = content.Bytes,
            Coding = coding,
            Varies = precompressed != ContentCodings.Identity || isCompressed,
        };
    }

    /// <summary>Waits for the thread that compresses, if there is one, to end.</summary>
    public void Dispose() => compressed?.Dispose();

    /// <summary>
    /// Has the sibling that the client prefers take the place of <paramref name="content"/> and <paramref name="entry"/>. One
    /// that cannot be opened is as good as none.
    /// </summary>
    private ContentCodings OpenSibling(
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
            if (_precompressed.TryOpen(path, coding, original, out FileEntry sibling, out FileContent opened))
            {
                content.Dispose();
                (content, entry) = (opened, sibling);
                return coding;
            }

            precompressed &= ~coding;
            coding = accepted.Choose(precompressed);
        }

        return coding;
    }

    /// <summary>
    /// What is appended to the tag of a coding (RFC 9110 §8.8.3.3), so that it is a strong one. What is compressed here
    /// also names the level: another level makes other bytes of the same file.
    /// </summary>
    private static ReadOnlySpan<byte> TagSuffixOf(ContentCodings coding, bool isInMemory) => coding switch
    {
        ContentCodings.Brotli => isInMemory ? "-br5"u8 : "-br"u8,
        ContentCodings.Zstandard => "-zst"u8,
        ContentCodings.Gzip => isInMemory ? "-gz6"u8 : "-gz"u8,
        _ => default,
    };
}
