using System;
using System.Net.Sockets;
using AotServe.Buffers;
using AotServe.Native;

namespace AotServe.Tls;

/// <summary>
/// Sends the records that a worker has gathered for a session (<see cref="TlsOutput"/>), and keeps what the socket does not take. A
/// field of its session, for the connection's owner.
/// </summary>
/// <param name="socket">The descriptor; non-blocking, and open until <see cref="Dispose"/>.</param>
/// <param name="buffers">Lends the buffer for what is kept.</param>
internal struct RecordSender(int socket, BufferBudget buffers)
{
    private byte[]? _unsent;
    private int _start;
    private int _end;
    private bool _isSlow;

    /// <summary>Whether records are kept that the socket has not taken.</summary>
    public readonly bool HasUnsent => _unsent is not null;

    /// <summary>How many bytes of plain text to encrypt at once: few where the client is slow, since they may have to be kept.</summary>
    public readonly int PieceLength => _isSlow ? TlsOutput.RecordLength : TlsOutput.Gathered;

    /// <summary>How many bytes the socket has taken so far.</summary>
    public long SentBytes { get; private set; }

    /// <summary>Sends what is kept.</summary>
    /// <returns>
    /// Success: nothing is kept any more. WouldBlock: the client has to take more first. Another: the connection broke.
    /// </returns>
    public SocketError Flush()
    {
        while (_unsent is not null)
        {
            if (!TrySend(_unsent.AsSpan(_start, _end - _start), isMoreToCome: false, out int sent))
            {
                return SocketError.ConnectionReset;
            }

            if (sent == 0)
            {
                return SocketError.WouldBlock;
            }

            _start += sent;
            if (_start == _end)
            {
                Dispose();
            }
        }

        return SocketError.Success;
    }

    /// <summary>Sends what the worker has gathered, while nothing is kept; nothing is gathered afterwards.</summary>
    /// <param name="isMoreToCome">Whether more follows at once.</param>
    /// <returns>WouldBlock: some of it is kept. Another error: the connection broke, or there is no buffer.</returns>
    public SocketError Send(bool isMoreToCome)
    {
        TlsOutput output = TlsOutput.Current;
        ReadOnlySpan<byte> records = output.Records;
        if (records.IsEmpty)
        {
            return SocketError.Success;
        }

        output.Clear();
        if (!TrySend(records, isMoreToCome, out int sent))
        {
            return SocketError.ConnectionReset;
        }

        _isSlow = sent < records.Length;
        return !_isSlow ? SocketError.Success : TryKeep(records[sent..]) ? SocketError.WouldBlock : SocketError.NoBufferSpaceAvailable;
    }

    /// <summary>Sends plain text that the kernel encrypts, as much as the socket takes. Nothing is kept, nor was before.</summary>
    /// <param name="bytes">Not empty.</param>
    /// <param name="isMoreToCome">Whether more follows at once, in the same record.</param>
    /// <param name="error">WouldBlock: the client has to take more first. Another: the connection broke.</param>
    /// <returns>How many bytes were taken.</returns>
    public int SendPlain(ReadOnlySpan<byte> bytes, bool isMoreToCome, out SocketError error)
    {
        error = !TrySend(bytes, isMoreToCome, out int sent) ? SocketError.ConnectionReset
            : sent == 0 ? SocketError.WouldBlock
            : SocketError.Success;
        return sent;
    }

    /// <summary>The socket has taken bytes that did not come by here.</summary>
    public void CountSent(long count) => SentBytes += count;

    /// <summary>Gives up what is kept.</summary>
    public void Dispose()
    {
        if (_unsent is not null)
        {
            buffers.Return(_unsent);
            _unsent = null;
        }
    }

    private bool TryKeep(ReadOnlySpan<byte> records)
    {
        _unsent = buffers.TryRent(records.Length);
        if (_unsent is null)
        {
            return false;
        }

        records.CopyTo(_unsent);
        (_start, _end) = (0, records.Length);
        return true;
    }

    /// <summary>False: the connection broke.</summary>
    private bool TrySend(ReadOnlySpan<byte> records, bool isMoreToCome, out int sent)
    {
        int result = OperatingSystem.IsWindows() ? -1 : StreamSocket.Send(socket, records, isMoreToCome);
        sent = Math.Max(0, result);
        SentBytes += sent;
        return result >= 0 || result == -Errno.WouldBlock;
    }
}
