using System;

namespace AotServe.Http;

/// <summary>
/// Bytes to be sent. Several short responses are collected in it and leave in one send. Belongs to one worker, is reused,
/// and grows as needed.
/// </summary>
internal sealed class OutputBuffer(int capacity)
{
    // Not cleared, since no byte is read before it is written: clearing would be the longest part of a first response.
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(capacity);

    /// <summary>The number of bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes written; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>The same, for a buffer that is not written to any more.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    /// <summary>The number of bytes that can be written before the buffer has to grow.</summary>
    public int Room => _bytes.Length - Length;

    /// <summary>Discards all bytes after the first <paramref name="length"/>.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>At least <paramref name="count"/> bytes to write to. <see cref="Advance"/> then takes the number used.</summary>
    public Span<byte> Reserve(int count)
    {
        if (Room < count)
        {
            byte[] larger = GC.AllocateUninitializedArray<byte>(Math.Max(_bytes.Length * 2, Length + count));
            Written.CopyTo(larger);
            _bytes = larger;
        }

        return _bytes.AsSpan(Length);
    }

    public void Advance(int count) => Length += count;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Writes a field line (RFC 9112 §5).</summary>
    public void WriteField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        int length = name.Length + value.Length + 4;
        Span<byte> line = Reserve(length)[..length];
        name.CopyTo(line);
        line[name.Length] = (byte)':';
        line[name.Length + 1] = (byte)' ';
        value.CopyTo(line[(name.Length + 2)..]);
        line[^2] = (byte)'\r';
        line[^1] = (byte)'\n';
        Length += length;
    }

    /// <summary>Writes <paramref name="value"/> in decimal.</summary>
    public void Write(long value)
    {
        value.TryFormat(Reserve(20), out int written);
        Length += written;
    }
}
