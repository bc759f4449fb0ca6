using System;
using System.Globalization;
using System.Linq;
using System.Text;
using Xunit;

namespace AotServe.Tests.Shared;

/// <summary>One part of a <c>multipart/byteranges</c>.</summary>
internal sealed record BytesPart(string ContentType, string ContentRange, byte[] Content)
{
    /// <summary>The position of its first byte.</summary>
    public long First => Numbers[0];

    /// <summary>The position of its last byte.</summary>
    public long Last => Numbers[1];

    /// <summary>The length of the representation that it is of.</summary>
    public long Complete => Numbers[2];

    private long[] Numbers =>
        [.. ContentRange["bytes ".Length..].Split('-', '/').Select(n => long.Parse(n, CultureInfo.InvariantCulture))];

    /// <summary>Takes a body apart at its boundary, strictly.</summary>
    public static BytesPart[] Read(string contentType, byte[] body)
    {
        const string Type = "multipart/byteranges; boundary=";
        Assert.StartsWith(Type, contentType, StringComparison.Ordinal);
        string[] pieces = ("\r\n" + Encoding.Latin1.GetString(body)).Split("\r\n--" + contentType[Type.Length..]);
        Assert.Equal(("", "--\r\n"), (pieces[0], pieces[^1]));
        return Array.ConvertAll(pieces[1..^1], ReadOne);
    }

    private static BytesPart ReadOne(string piece)
    {
        string[] sides = piece.Split("\r\n\r\n", 2);
        string[] lines = sides[0].Split("\r\n");
        Assert.Equal((3, ""), (lines.Length, lines[0]));
        Assert.StartsWith("Content-Type: ", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("Content-Range: bytes ", lines[2], StringComparison.Ordinal);
        var part = new BytesPart(lines[1][14..], lines[2][15..], Encoding.Latin1.GetBytes(sides[1]));
        Assert.Equal(part.Last - part.First + 1, part.Content.Length);
        return part;
    }
}
