using System;
using AotServe.Files;
using AotServe.Http;
using AotServe.Sites.Representations.Codings;
using AotServe.Sites.Representations.Ranges;

namespace AotServe.Sites.Representations;

/// <summary>
/// The selected representation of a resource (RFC 9110 §3.2): what preconditions are evaluated on, and what is sent,
/// whole or in ranges. Its bytes are in a file or in memory. A value for the time of one answer; whoever answers with it
/// owns the file.
/// </summary>
internal readonly ref struct Representation
{
    /// <summary>The value of its Content-Type.</summary>
    public required ReadOnlySpan<byte> MediaType { get; init; }

    /// <summary>Its strong entity tag, with the quotes.</summary>
    public required ReadOnlySpan<byte> EntityTag { get; init; }

    /// <summary>Its Last-Modified date in seconds since 1970, not after the time of the answer.</summary>
    public required long LastModified { get; init; }

    /// <summary>The value of its Cache-Control; empty: it has none.</summary>
    public ReadOnlySpan<byte> CacheControl { get; init; }

    /// <summary>How many bytes it has.</summary>
    public required long Length { get; init; }

    /// <summary>The file that holds them, from its beginning; null where they are in memory.</summary>
    public SharedFile? File { get; init; }

    /// <summary>The bytes where there is no file. They do not change until the answer is sent.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>Its content coding, one.</summary>
    public ContentCodings Coding { get; init; }

    /// <summary>
    /// Whether it was selected by Accept-Encoding, or could have been. Its date is then shared with other codings of the
    /// same content, and only its entity tag says which bytes it has.
    /// </summary>
    public bool Varies { get; init; }

    /// <summary>Whether another Accept field would have been answered with something else.</summary>
    public bool VariesByAccept { get; init; }

    /// <summary>A range of it as a part of a body.</summary>
    public BodyPart PartOf(ByteRange range) => File is null
        ? BodyPart.OfBytes(Bytes.Slice((int)range.First, (int)range.Length))
        : BodyPart.OfFile(range.First, range.Length);
}
