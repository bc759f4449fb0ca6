using System;
using System.Runtime.CompilerServices;
using AotServe.Files;
using AotServe.Http;
using AotServe.Sites.Representations.Codings;
using AotServe.Sites.Representations.Ranges;

namespace AotServe.Sites.Representations;

/// <summary>Answers GET and HEAD with a selected representation: preconditions, then ranges, then the whole.</summary>
internal static class RepresentationAnswer
{
    private static ReadOnlySpan<byte> MultipartType => "multipart/byteranges; boundary="u8;

    /// <summary>Writes the response, and takes over the representation's file.</summary>
    public static void Write(RequestHead head, Representation representation, Response response)
    {
        response.VariesByCoding = representation.VariesByCoding;
        if (!response.Overrides.IsEmpty)
        {
            representation = WithoutRemovedValidators(representation, response.Overrides);
        }

        switch (Preconditions.Evaluate(head, representation, response.Now))
        {
            case PreconditionOutcome.NotModified:
                WriteNotModified(representation, representation.EntityTag, response);
                return;
            case PreconditionOutcome.SameVersion:
                WriteNotModified(representation, representation.VersionTag, response);
                return;
            case PreconditionOutcome.Failed:
                representation.Content.Dispose();
                WriteFailed(response);
                return;
        }

        // RFC 9110 §14.2: Range is defined for GET only.
        int range = head.Method == RequestMethod.Get ? head.IndexOfField("range"u8, 0) : -1;
        if (range < 0 || !WriteRanges(head, range, representation, response))
        {
            WriteWhole(representation, response);
        }
    }

    /// <summary>What the owner of the site does not let out is no validator: no precondition can hold by it.</summary>
    private static Representation WithoutRemovedValidators(Representation representation, FieldOverrides overrides)
    {
        bool hasTag = !overrides.Removes("ETag"u8);
        return representation with
        {
            EntityTag = hasTag ? representation.EntityTag : default,
            VersionTag = hasTag ? representation.VersionTag : default,
            LastModified = overrides.Removes("Last-Modified"u8) ? null : representation.LastModified,
        };
    }

    /// <summary>Answers 304, with the tag that the client has: by another one, it would not find what it stored (RFC 9111 §4.3.4).</summary>
    private static void WriteNotModified(Representation representation, ReadOnlySpan<byte> tag, Response response)
    {
        representation.Content.Dispose();
        response.Start(304);
        WriteValidators(representation with { EntityTag = tag }, response);
        response.EndWithoutBody();
    }

    /// <summary>
    /// Answers the preconditions of a request for a page that the server makes, whose hash is known. False, and nothing is written: they
    /// hold. The caller then writes the tag with <see cref="WriteTag"/>.
    /// </summary>
    /// <param name="head">A GET or HEAD.</param>
    /// <param name="hash">The hash of the page.</param>
    /// <param name="varies">Whether it was selected by the Accept field.</param>
    /// <param name="response">The response.</param>
    [SkipLocalsInit]
    public static bool AnswerPreconditions(RequestHead head, ulong hash, bool varies, Response response)
    {
        var page = new Representation
        {
            MediaType = default,
            EntityTag = EntityTag.Format(hash, stackalloc byte[EntityTag.MaxLength]),
            LastModified = null,
            Length = 0,
            VariesByAccept = varies,
            CacheControl = "no-cache"u8,
        };
        if (!response.Overrides.IsEmpty)
        {
            page = WithoutRemovedValidators(page, response.Overrides);
        }

        switch (Preconditions.Evaluate(head, page, response.Now))
        {
            case PreconditionOutcome.NotModified:
                WriteNotModified(page, page.EntityTag, response);
                return true;
            case PreconditionOutcome.Failed:
                WriteFailed(response);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Writes the entity tag of a page that the server makes.</summary>
    public static void WriteTag(ulong hash, Response response) =>
        response.Field("ETag"u8, EntityTag.Format(hash, stackalloc byte[EntityTag.MaxLength]));

    private static void WriteFailed(Response response) =>
        ErrorPage.Write(response, 412, "What is here is not what the request was made for."u8);

    private static void WriteWhole(in Representation representation, Response response)
    {
        Start(200, representation.MediaType, representation, response);
        EndWith(representation.Content, 0, representation.Length, response);
    }

    /// <summary>Answers a Range field. False, and nothing is written, if the whole representation is to be sent.</summary>
    [SkipLocalsInit]
    private static bool WriteRanges(RequestHead head, int index, in Representation representation, Response response)
    {
        if (head.IndexOfField("range"u8, index + 1) >= 0
            || !Preconditions.AllowsRange(head, representation, response.Now))
        {
            return false;
        }

        Span<ByteRange> ranges = stackalloc ByteRange[RangeSet.MaxSpecs];
        RangeOutcome outcome = RangeSet.Select(head.FieldValue(index), representation.Length, ranges, out int count);
        switch (outcome)
        {
            case RangeOutcome.Unsatisfiable:
                representation.Content.Dispose();
                ErrorPage.WriteUnsatisfiable(response, representation.Length);
                return true;
            case RangeOutcome.Partial:
                return count == 1
                    ? WriteRange(ranges[0], representation, response)
                    : WriteParts(ranges[..count], representation, response);
            default:
                return false;
        }
    }

    private static bool WriteRange(ByteRange range, in Representation representation, Response response)
    {
        Start(206, representation.MediaType, representation, response);
        Span<byte> value = stackalloc byte[MultipartByteRanges.MaxContentRange];
        int length = MultipartByteRanges.WriteContentRange(range, representation.Length, value);
        response.Field("Content-Range"u8, value[..length]);
        EndWith(representation.Content, range.First, range.Length, response);
        return true;
    }

    /// <summary>
    /// Answers with several ranges. False, and nothing is written, if the whole takes no more bytes, or no more may be kept in
    /// memory.
    /// </summary>
    private static bool WriteParts(
        ReadOnlySpan<ByteRange> ranges, in Representation representation, Response response)
    {
        var multipart = new MultipartByteRanges(representation, ranges);
        if (multipart.Length >= representation.Length)
        {
            return false;
        }

        FileContent content = representation.Content;
        if (content.Bytes is { } bytes && !bytes.TryKeep())
        {
            return false;
        }

        ReadOnlySpan<byte> boundary = multipart.Boundary;
        Span<byte> mediaType = stackalloc byte[MultipartType.Length + boundary.Length];
        MultipartType.CopyTo(mediaType);
        boundary.CopyTo(mediaType[MultipartType.Length..]);
        Start(206, mediaType, representation, response);
        response.EndWithParts(content.File?.Handle, (IDisposable?)content.File ?? content.Bytes, multipart.Parts, multipart.Memory);
        return true;
    }

    /// <summary>
    /// Writes the fields of a response with content, the same for 200 and 206. RFC 9110 §15.3.7 advises to omit most of them in a
    /// 206 if the client sent If-Range; they stay because browsers use them.
    /// </summary>
    private static void Start(
        int status, ReadOnlySpan<byte> mediaType, in Representation representation, Response response)
    {
        response.Start(status);
        response.Field("Content-Type"u8, mediaType);
        if (representation.Coding != ContentCodings.Identity)
        {
            response.Field("Content-Encoding"u8, NameOf(representation.Coding));
        }

        WriteValidators(representation, response);
        response.Field("Accept-Ranges"u8, "bytes"u8);
    }

    private static ReadOnlySpan<byte> NameOf(ContentCodings coding) => coding switch
    {
        ContentCodings.Brotli => "br"u8,
        ContentCodings.Zstandard => "zstd"u8,
        _ => "gzip"u8,
    };

    private static void WriteValidators(in Representation representation, Response response)
    {
        if (representation.VariesByAccept)
        {
            response.Field("Vary"u8, "Accept"u8);
        }

        if (!representation.EntityTag.IsEmpty)
        {
            response.Field("ETag"u8, representation.EntityTag);
        }

        if (representation.LastModified is { } date)
        {
            response.DateField("Last-Modified"u8, date);
        }

        if (!representation.CacheControl.IsEmpty)
        {
            response.Field("Cache-Control"u8, representation.CacheControl);
        }
    }

    /// <summary>Ends a response with <paramref name="length"/> bytes of a content, and takes over its file.</summary>
    public static void EndWith(in FileContent content, long first, long length, Response response)
    {
        if (content.File is { } file)
        {
            response.EndWithFile(file.Handle, file, first, length);
        }
        else
        {
            response.EndWithBytes(content.Bytes!, (int)first, (int)length);
        }
    }
}
