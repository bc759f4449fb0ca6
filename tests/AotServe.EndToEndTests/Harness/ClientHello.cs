using System;
using System.IO;
using System.Net.Security;

namespace AotServe.EndToEndTests.Harness;

/// <summary>The first record of a client of TLS, to be sent in part, slowly or with faults.</summary>
internal static class ClientHello
{
    /// <summary>Makes one, as the platform's own client does, with random numbers of its own.</summary>
    public static byte[] Make()
    {
        using var captured = new MemoryStream();
        using var tap = new OneWayStream(captured);
        using var stream = new SslStream(tap);
        try
        {
            stream.AuthenticateAsClient("localhost");
        }
        catch (IOException)
        {
            // Nobody answers.
        }

        return captured.ToArray();
    }

    /// <summary>Takes what is written, and has nothing to read.</summary>
    private sealed class OneWayStream(Stream written) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => 0;

        public override void Write(byte[] buffer, int offset, int count) => written.Write(buffer, offset, count);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
