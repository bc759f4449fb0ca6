using System;
using System.Buffers;
using System.Globalization;
using AotServe.Http;
using AotServe.Sites.Representations.Ranges;

namespace AotServe.Sites.Representations;

/// <summary>
/// The body of a response with several ranges (RFC 9110 §14.6, RFC 2046 §5.1): for each range a delimiter, Content-Type,
/// Content-Range, and the bytes.
/// </summary>
internal readonly ref struct MultipartByteRanges
{
    private const int BoundaryLength = 32;

    /// <summary>The longest head of a part without the media type: delimiter, field names, three numbers, line ends.</summary>
    private const int LongestPartHead = 176;

    /// <summary>The size of a <see cref="BodyPart"/>, roughly.</summary>
    private const int BytesPerPart = 32;

    private readonly ReadOnlyMemory<byte> _text;

    /// <summary>Composes the body. The file is not read yet.</summary>
    public MultipartByteRanges(in Representation representation, ReadOnlySpan<ByteRange> ranges)
    {
        // SECURITY: 122 random bits for each response, so that nobody can write a file that contains the boundary.
        Span<byte> boundary = stackalloc byte[BoundaryLength];
        Guid.NewGuid().TryFormat(boundary, out _, "N");

        Span<int> ends = stackalloc int[RangeSet.MaxParts + 1];
        var text = new ArrayBufferWriter<byte>(
            (ranges.Length + 1) * (LongestPartHead + representation.MediaType.Length));
        for (int i = 0; i < ranges.Length; i++)
        {
            text.Write(i == 0 ? "--"u8 : "\r\n--"u8);
            text.Write(boundary);
            text.Write("\r\nContent-Type: "u8);
            text.Write(representation.MediaType);
            text.Write("\r\nContent-Range: "u8);
            text.Advance(WriteContentRange(ranges[i], representation.Length, text.GetSpan(MaxContentRange)));
            text.Write("\r\n\r\n"u8);
            ends[i] = text.WrittenCount;
        }

        text.Write("\r\n--"u8);
        text.Write(boundary);
        text.Write("--\r\n"u8);

        _text = text.WrittenMemory;
        var parts = new BodyPart[ranges.Length * 2 + 1];
        int begin = 0;
        Length = _text.Length;
        for (int i = 0; i < ranges.Length; i++)
        {
            parts[i * 2] = BodyPart.OfBytes(_text[begin..ends[i]]);
            parts[i * 2 + 1] = representation.PartOf(ranges[i]);
            begin = ends[i];
            Length += ranges[i].Length;
        }

        parts[^1] = BodyPart.OfBytes(_text[begin..]);
        Parts = parts;
    }

    /// <summary>The most bytes that <see cref="WriteContentRange"/> writes.</summary>
    public static int MaxContentRange => "bytes "u8.Length + 3 * 20 + 2;

    /// <summary>The boundary, a parameter of the response's media type.</summary>
    public ReadOnlySpan<byte> Boundary => _text.Span.Slice("--"u8.Length, BoundaryLength);

    /// <summary>The parts of the body, in their order.</summary>
    public ReadOnlyMemory<BodyPart> Parts { get; }

    /// <summary>Its length in bytes.</summary>
    public long Length { get; }

    /// <summary>How many bytes of memory it takes beside the representation, roughly.</summary>
    public int Memory => _text.Length + (Parts.Length * BytesPerPart);

    /// <summary>Writes the value of a Content-Range field (RFC 9110 §14.4): <c>bytes 0-9/100</c>.</summary>
    /// <param name="range">The range.</param>
    /// <param name="length">The length of the whole representation.</param>
    /// <param name="destination">At least <see cref="MaxContentRange"/> bytes.</param>
    /// <returns>How many bytes were written.</returns>
    public static int WriteContentRange(ByteRange range, long length, Span<byte> destination)
    {
        "bytes "u8.CopyTo(destination);
        int written = "bytes "u8.Length;
        written += Write(range.First, destination[written..]);
        destination[written++] = (byte)'-';
        written += Write(range.End - 1, destination[written..]);
        destination[written++] = (byte)'/';
        return written + Write(length, destination[written..]);
    }

    private static int Write(long number, Span<byte> destination)
    {
        number.TryFormat(destination, out int written, default, CultureInfo.InvariantCulture);
        return written;
    }
}
