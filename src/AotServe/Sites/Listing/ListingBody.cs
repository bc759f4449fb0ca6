using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using AotServe.Buffers;
using AotServe.Http;

namespace AotServe.Sites.Listing;

/// <summary>
/// The bytes of a listing, in buffers of the server's budget. One thread writes it; then it does not change, and any number of
/// responses send it. It is counted: each owner of a reference disposes of it once, and the last one gives the buffers back.
/// </summary>
internal sealed class ListingBody(BufferBudget buffers) : IDisposable
{
    /// <summary>The text is moved to a buffer of its own when it has this many bytes.</summary>
    private const int ChunkLength = 60 * 1024;

    private readonly List<byte[]> _chunks = [];
    private readonly List<BodyPart> _written = [];
    private OutputBuffer? _text = new(ChunkLength / 4);
    private BodyPart[] _parts = [];
    private ReferenceCount _references = new();

    /// <summary>Where the writer writes.</summary>
    public OutputBuffer Text => _text ?? throw new InvalidOperationException("The listing is complete.");

    /// <summary>A hash of all bytes, once it is complete.</summary>
    public ulong Hash { get; private set; }

    /// <summary>Whether the bytes are in the gzip coding.</summary>
    public bool IsGzip { get; private init; }

    /// <summary>Whether the budget did not allow all of it. What is there is to be dropped.</summary>
    public bool IsOverBudget { get; private set; }

    /// <summary>All bytes, once it is complete.</summary>
    public ReadOnlyMemory<BodyPart> Parts => _parts;

    /// <summary>
    /// Ends a row, or what else belongs together. False: the budget does not allow more, and the writer is to give up.
    /// </summary>
    public bool EndRow()
    {
        if (Text.Length >= ChunkLength)
        {
            Move();
        }

        return !IsOverBudget;
    }

    /// <summary>Nothing more is written. False: the budget does not allow it.</summary>
    public bool TryComplete()
    {
        Move();
        _parts = [.. _written];
        _text = null;
        return !IsOverBudget;
    }

    /// <summary>Makes the same in the gzip coding of a listing that is complete. Null: the budget does not allow it.</summary>
    public ListingBody? Compress()
    {
        var coded = new ListingBody(buffers) { IsGzip = true };
        using var made = new MemoryStream();
        using (var coder = new GZipStream(made, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (BodyPart part in _parts)
            {
                coder.Write(part.Bytes.Span);
                coded.Take(made);
            }
        }

        coded.Take(made);
        if (coded.TryComplete())
        {
            return coded;
        }

        coded.Dispose();
        return null;
    }

    /// <summary>Adds a reference, which the caller owns. False: the buffers have been given back.</summary>
    public bool TryAddReference() => _references.TryAdd();

    public void Dispose()
    {
        if (!_references.Remove())
        {
            return;
        }

        foreach (byte[] chunk in _chunks)
        {
            buffers.Return(chunk);
        }
    }

    /// <summary>Takes what a coder has made, which is then empty again.</summary>
    private void Take(MemoryStream made)
    {
        Text.Write(made.GetBuffer().AsSpan(0, (int)made.Length));
        made.SetLength(0);
        EndRow();
    }

    private void Move()
    {
        ReadOnlySpan<byte> text = Text.Written;
        byte[]? chunk = IsOverBudget || text.IsEmpty ? null : buffers.TryRent(text.Length);
        if (chunk is null)
        {
            IsOverBudget |= !text.IsEmpty;
            Text.Truncate(0);
            return;
        }

        text.CopyTo(chunk);
        Span<byte> hashes = stackalloc byte[2 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(hashes, Hash);
        BinaryPrimitives.WriteUInt64LittleEndian(hashes[sizeof(ulong)..], XxHash64.Compute(text));
        Hash = XxHash64.Compute(hashes);
        _chunks.Add(chunk);
        _written.Add(BodyPart.OfBytes(chunk.AsMemory(0, text.Length)));
        Text.Truncate(0);
    }
}
