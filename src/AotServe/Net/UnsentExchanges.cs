using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AotServe.Buffers;
using AotServe.Http;

namespace AotServe.Net;

/// <summary>
/// The exchanges whose responses a client is slow to take, in a buffer of the budget. A field of the connection's send queue, for the
/// connection's owner.
/// </summary>
internal struct UnsentExchanges(BufferBudget buffers)
{
    private byte[]? _buffer;
    private int _count;
    private int _length;
    private long _sent;

    /// <summary>Responses were begun to be sent. Exchanges that do not end with that are kept here.</summary>
    /// <param name="exchanges">Those of the responses. Empty afterwards, but for <see cref="SendResult.Unreadable"/>.</param>
    /// <param name="result">What became of the responses.</param>
    /// <param name="sent">How many bytes of them were sent.</param>
    public void Begin(Exchanges exchanges, SendResult result, long sent)
    {
        if (exchanges.IsEmpty || result == SendResult.Unreadable)
        {
            return;
        }

        if (result is SendResult.Blocked or SendResult.Yield)
        {
            exchanges.MoveTo(ref this, sent);
        }
        else
        {
            exchanges.End(sent, isLost: result == SendResult.Failed);
        }
    }

    /// <summary>More of the responses was sent.</summary>
    /// <param name="exchanges">The calling worker's, to be told of the end; null: there are none here.</param>
    /// <param name="result">What became of the responses.</param>
    /// <param name="sent">How many bytes more.</param>
    public void GoOn(Exchanges? exchanges, SendResult result, long sent)
    {
        _sent += sent;
        if (_buffer is not null && result is SendResult.Done or SendResult.Failed)
        {
            End(exchanges!, isLost: result == SendResult.Failed);
        }
    }

    /// <summary>The connection closes. Called by any thread, which is its owner.</summary>
    public void Lose(Server server)
    {
        if (_buffer is not null)
        {
            End(WorkerContext.Current.ExchangesOf(server)!, isLost: true);
        }
    }

    /// <summary>Keeps copies. Where the budget does not allow it, they are missed.</summary>
    public void Keep(ReadOnlySpan<Exchange> exchanges, ReadOnlySpan<byte> descriptions, long sent, IExchangeObserver observer)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(exchanges);
        _buffer = buffers.TryRent(bytes.Length + descriptions.Length);
        if (_buffer is null)
        {
            observer.Miss(exchanges.Length);
            return;
        }

        bytes.CopyTo(_buffer);
        descriptions.CopyTo(_buffer.AsSpan(bytes.Length));
        (_count, _length, _sent) = (exchanges.Length, bytes.Length + descriptions.Length, sent);
    }

    private void End(Exchanges log, bool isLost)
    {
        int length = _count * Unsafe.SizeOf<Exchange>();
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(0, _length);
        log.End(MemoryMarshal.Cast<byte, Exchange>(bytes[..length]), bytes[length..], _sent, isLost);
        buffers.Return(_buffer!);
        _buffer = null;
    }
}
