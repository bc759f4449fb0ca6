using System;

namespace AotServe.Http;

/// <summary>A part of a response's body: bytes in memory, or a range of the body's file.</summary>
internal readonly struct BodyPart
{
    private BodyPart(ReadOnlyMemory<byte> bytes, long offset, long length) =>
        (Bytes, Offset, Length) = (bytes, offset, length);

    /// <summary>The bytes in memory; empty for a range of the file.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The offset in the file, in bytes; 0 for bytes in memory.</summary>
    public long Offset { get; }

    /// <summary>The length in bytes.</summary>
    public long Length { get; }

    public bool IsInFile => Bytes.IsEmpty && Length > 0;

    /// <summary>Bytes in memory. They are not copied, and must not change until they are sent.</summary>
    public static BodyPart OfBytes(ReadOnlyMemory<byte> bytes) => new(bytes, 0, bytes.Length);

    /// <summary><paramref name="length"/> bytes of the file from <paramref name="offset"/> on.</summary>
    public static BodyPart OfFile(long offset, long length) => new(default, offset, length);

    /// <summary>The part without its first <paramref name="count"/> bytes; it must have that many.</summary>
    public BodyPart Skip(long count) =>
        IsInFile ? OfFile(Offset + count, Length - count) : OfBytes(Bytes[(int)count..]);
}
