using System;
using AotServe.Native;

namespace AotServe.Tls;

/// <summary>
/// Receives what a client has sent, straight to where its session wants it. A read that got less than there was room for took all there
/// was, which is remembered until the turn ends, so that no other is tried in vain; longer must it not be, for the next event is about new
/// bytes. A field of its session, for the connection's owner.
/// </summary>
/// <param name="socket">The descriptor; non-blocking, and open as long as this is used.</param>
internal struct RecordReader(int socket)
{
    private bool _mayHaveEnded;
    private int _start;
    private int _end;

    /// <summary>Whether the socket has nothing more in this turn.</summary>
    public bool IsDrained { get; private set; }

    /// <summary>The session is about to read.</summary>
    /// <param name="isFirst">Whether for the first time in this turn.</param>
    /// <param name="mayHaveEnded">Whether the client is known to have ended its side: the end is to be read, too.</param>
    public void Begin(bool isFirst, bool mayHaveEnded)
    {
        IsDrained &= !isFirst;
        _mayHaveEnded = mayHaveEnded;
    }

    /// <summary>Receives.</summary>
    /// <returns>How many bytes; 0: the client has ended its side; −1: there are none now; −2: the connection broke.</returns>
    public int Read(Span<byte> bytes)
    {
        if (_start < _end)
        {
            ReadOnlySpan<byte> first = TlsOutput.Current.Plain[_start.._end];
            int length = Math.Min(first.Length, bytes.Length);
            first[..length].CopyTo(bytes);
            _start += length;
            return length;
        }

        if (IsDrained || OperatingSystem.IsWindows())
        {
            return -1;
        }

        int count = StreamSocket.Receive(socket, bytes);
        IsDrained = count < 0 ? count == -Errno.WouldBlock : count < bytes.Length && !_mayHaveEnded;
        return count >= 0 ? count : IsDrained ? -1 : -2;
    }

    /// <summary>Puts back what was read before there was a session: the next reads give it, in this same turn.</summary>
    public void PutBack(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(TlsOutput.Current.Plain);
        (_start, _end) = (0, bytes.Length);
    }
}
