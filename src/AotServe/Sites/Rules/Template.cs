using System;
using System.Collections.Generic;
using System.Text;
using AotServe.Http;

namespace AotServe.Sites.Rules;

/// <summary>A text with references to captures in it (<c>:splat</c>, <c>:name</c>). Immutable; any thread may use it.</summary>
internal sealed class Template
{
    private readonly Piece[] _pieces;

    private Template(Piece[] pieces) => _pieces = pieces;

    /// <summary>Whether it has no references.</summary>
    public bool IsLiteral => _pieces.Length == 0 || (_pieces.Length == 1 && _pieces[0].Literal is not null);

    /// <summary>The text, if it <see cref="IsLiteral"/>.</summary>
    public ReadOnlySpan<byte> Literal => _pieces.Length == 0 ? default : _pieces[0].Literal;

    /// <summary>Reads a text. A reference to none of <paramref name="names"/> stands for itself.</summary>
    public static Template Read(ReadOnlySpan<byte> text, ReadOnlySpan<string> names)
    {
        var pieces = new List<Piece>();
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            int length = PathPatternReader.PlaceholderLength(text[i..]);
            int capture = length == 0 ? -1 : names.IndexOf(Encoding.ASCII.GetString(text.Slice(i + 1, length - 1)));
            if (capture < 0)
            {
                continue;
            }

            if (i > start)
            {
                pieces.Add(new Piece(text[start..i].ToArray(), -1));
            }

            pieces.Add(new Piece(null, capture));
            i += length - 1;
            start = i + 1;
        }

        if (start < text.Length)
        {
            pieces.Add(new Piece(text[start..].ToArray(), -1));
        }

        return new Template([.. pieces]);
    }

    /// <summary>
    /// Writes the text with the captures' values, percent-encoded, behind the first <paramref name="length"/> bytes of
    /// <paramref name="destination"/>.
    /// </summary>
    /// <param name="captures">The values.</param>
    /// <param name="destination">The buffer.</param>
    /// <param name="length">How many bytes of it are written, updated.</param>
    /// <param name="isPath">
    /// Whether slashes behind a slash are left out. SECURITY: so that no value can turn a path into <c>//host</c>.
    /// </param>
    /// <returns>False: it does not fit. What is written then is of no use.</returns>
    public bool TryExpand(in Captures captures, Span<byte> destination, ref int length, bool isPath)
    {
        foreach (Piece piece in _pieces)
        {
            ReadOnlySpan<byte> bytes = piece.Literal ?? captures[piece.Capture];
            bool isEncoded = piece.Literal is null && piece.Capture >= captures.FromPath;
            if (!isPath && !isEncoded && piece.Literal is null
                && bytes.Length * PercentEncoding.TripletLength <= destination.Length - length)
            {
                length += PercentEncoding.Write(bytes, destination[length..]);
                continue;
            }

            for (int i = 0; i < bytes.Length;)
            {
                byte octet = isEncoded ? QueryDecoding.Next(bytes, ref i) : bytes[i++];
                if (isPath && octet == '/' && !isEncoded && length > 0 && destination[length - 1] == '/')
                {
                    continue;
                }

                if (length + PercentEncoding.TripletLength > destination.Length)
                {
                    return false;
                }

                if (piece.Literal is not null)
                {
                    destination[length++] = octet;
                }
                else if (isEncoded && octet == '/')
                {
                    // In a query a slash separates nothing; in a path it would.
                    PercentEncoding.WriteTriplet(octet, destination[length..]);
                    length += PercentEncoding.TripletLength;
                }
                else
                {
                    length += PercentEncoding.Write([octet], destination[length..]);
                }
            }
        }

        return true;
    }

    private readonly struct Piece(byte[]? literal, int capture)
    {
        public byte[]? Literal => literal;

        public int Capture => capture;
    }
}
