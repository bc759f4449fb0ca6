using System;
using System.IO;

namespace AotServe.EndToEndTests.Harness;

/// <summary>Remembers what is read through it, and can write byte by byte.</summary>
internal sealed class TappedStream(Stream inner, bool singly = false) : Stream
{
    private readonly MemoryStream _read = new();

    /// <summary>Everything that was read.</summary>
    public byte[] ReadBytes => _read.ToArray();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count)
    {
        int read = inner.Read(buffer, offset, count);
        _read.Write(buffer, offset, read);
        return read;
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        for (int i = 0; singly && i < count; i++)
        {
            inner.Write(buffer, offset + i, 1);
        }

        if (!singly)
        {
            inner.Write(buffer, offset, count);
        }
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
