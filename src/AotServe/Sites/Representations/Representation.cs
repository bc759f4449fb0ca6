using System;
using AotServe.Files;
using AotServe.Http;
using AotServe.Sites.Representations.Codings;
using AotServe.Sites.Representations.Ranges;

namespace AotServe.Sites.Representations;

/// <summary>
/// The selected representation of a resource (RFC 9110 §3.2): preconditions are evaluated on it, and it is sent as a whole or in
/// ranges. Its bytes are in a file or in memory. It lives for one response; <see cref="RepresentationAnswer"/> takes over the
/// file.
/// </summary>
internal readonly ref struct Representation
{
    /// <summary>The value of its Content-Type.</summary>
    public required ReadOnlySpan<byte> MediaType { get; init; }

    /// <summary>
    /// Its entity tag, with the quotes. A weak one where the bytes are not known; empty where it is not sent.
    /// </summary>
    public required ReadOnlySpan<byte> EntityTag { get; init; }

    /// <summary>The weak entity tag that it had before its bytes were known; empty where it never had one.</summary>
    public ReadOnlySpan<byte> VersionTag { get; init; }

    /// <summary>
    /// Its Last-Modified date in seconds since 1970, not after the time of the response; null where none is sent.
    /// </summary>
    public required long? LastModified { get; init; }

    /// <summary>The value of its Cache-Control; empty if it has none.</summary>
    public ReadOnlySpan<byte> CacheControl { get; init; }

    /// <summary>Its length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>Its bytes: a file from the start, or memory.</summary>
    public FileContent Content { get; init; }

    /// <summary>Its content coding, a single one.</summary>
    public ContentCodings Coding { get; init; }

    /// <summary>
    /// Whether Accept-Encoding had an influence on its selection, or could have. Then other codings of the same content have the
    /// same date, and only the entity tag identifies its bytes.
    /// </summary>
    public bool VariesByCoding { get; init; }

    /// <summary>Whether the Accept field had an influence on the response.</summary>
    public bool VariesByAccept { get; init; }

    /// <summary>A range of it, as a part of a body.</summary>
    public BodyPart PartOf(ByteRange range) => Content.Bytes is { } bytes
        ? BodyPart.OfBytes(bytes.Memory.Slice((int)range.First, (int)range.Length))
        : BodyPart.OfFile(range.First, range.Length);
}
