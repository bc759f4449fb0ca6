using System;

namespace AotServe.Http;

/// <summary>A stretch of a response's body: bytes in memory, or a range of the body's file.</summary>
internal readonly struct BodyPart
{
    private BodyPart(ReadOnlyMemory<byte> bytes, long offset, long length) =>
        (Bytes, Offset, Length) = (bytes, offset, length);

    /// <summary>The bytes; empty where they are in the file.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Where in the file it begins, bytes; 0 for bytes in memory.</summary>
    public long Offset { get; }

    /// <summary>How many bytes it has.</summary>
    public long Length { get; }

    public bool IsInFile => Bytes.IsEmpty && Length > 0;

    /// <summary>Bytes that are referred to, not copied: they must not change until they are sent.</summary>
    public static BodyPart OfBytes(ReadOnlyMemory<byte> bytes) => new(bytes, 0, bytes.Length);

    /// <summary><paramref name="length"/> bytes of the file from <paramref name="offset"/> on.</summary>
    public static BodyPart OfFile(long offset, long length) => new(default, offset, length);

    /// <summary>What is left without the first <paramref name="count"/> bytes, of which there are that many.</summary>
    public BodyPart Skip(long count) =>
        IsInFile ? OfFile(Offset + count, Length - count) : OfBytes(Bytes[(int)count..]);
}
