using System;
using System.Buffers;
using AotServe.Http;

namespace AotServe.Net;

/// <summary>
/// The body of a request that did not arrive in one piece with its head: keeps the head's bytes, follows the framing,
/// and gathers or discards the body. Belongs to its connection, which disposes it.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    private readonly BodyUse _use;
    private readonly bool _chunked;
    private byte[] _head;
    private byte[] _content = [];
    private ChunkedDecoder _decoder;
    private long _remaining;
    private long _seen;

    /// <summary>Copies the head, which lies at the start of <paramref name="headBytes"/>.</summary>
    public RequestBody(RequestHead head, ReadOnlySpan<byte> headBytes, BodyUse use)
    {
        _use = use;
        _chunked = head.Framing == BodyFraming.Chunked;
        _remaining = head.ContentLength;
        _head = ArrayPool<byte>.Shared.Rent(headBytes.Length);
        headBytes.CopyTo(_head);
        HeadLength = headBytes.Length;
    }

    /// <summary>Bytes of the head, for parsing it again from <see cref="HeadBytes"/>.</summary>
    public int HeadLength { get; }

    public byte[] HeadBytes => _head;

    /// <summary>The body so far; empty where it is discarded.</summary>
    public ReadOnlySpan<byte> Content => _use == BodyUse.Read ? _content.AsSpan(0, (int)_seen) : default;

    /// <summary>
    /// Whether the body is longer than <see cref="HttpLimits.Body"/>: 413 where it was to be read; where it is discarded,
    /// <see cref="Read"/> says that it is complete, and the connection has to close after the answer.
    /// </summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Why the framing was refused; meaningful after <see cref="ParseStatus.Rejected"/> only.</summary>
    public Rejection Rejection => _decoder.Rejection;

    /// <summary>
    /// Takes received bytes. <see cref="ParseStatus.Incomplete"/>: all were used. <see cref="ParseStatus.Complete"/>: what
    /// follows <paramref name="used"/> is the next request. <see cref="ParseStatus.Rejected"/>: broken framing, or too
    /// long to be read.
    /// </summary>
    public ParseStatus Read(ReadOnlySpan<byte> input, out int used)
    {
        used = 0;
        if (!_chunked)
        {
            used = (int)Math.Min(_remaining, input.Length);
            _remaining -= used;
            Keep(input[..used]);
            return _remaining == 0 ? ParseStatus.Complete : ParseStatus.Incomplete;
        }

        while (true)
        {
            ParseStatus status = _decoder.Decode(input[used..], out int consumed, out ReadOnlySpan<byte> data);
            used += consumed;
            if (status != ParseStatus.Rejected && _seen + data.Length + _decoder.Remaining > HttpLimits.Body)
            {
                IsTooLong = true;
                return _use == BodyUse.Read ? ParseStatus.Rejected : ParseStatus.Complete;
            }

            Keep(data);
            if (status != ParseStatus.Incomplete || used == input.Length)
                return status;
        }
    }

    public void Dispose()
    {
        if (_head.Length > 0)
            ArrayPool<byte>.Shared.Return(_head);
        if (_content.Length > 0)
            ArrayPool<byte>.Shared.Return(_content);
        _head = _content = [];
    }

    /// <summary>Memory is taken as bytes arrive, not as they are announced.</summary>
    private void Keep(ReadOnlySpan<byte> data)
    {
        if (_use == BodyUse.Read && data.Length > 0)
        {
            int length = (int)_seen;
            if (_content.Length - length < data.Length)
            {
                byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(length + data.Length, 2 * _content.Length));
                _content.AsSpan(0, length).CopyTo(larger);
                if (_content.Length > 0)
                    ArrayPool<byte>.Shared.Return(_content);
                _content = larger;
            }

            data.CopyTo(_content.AsSpan(length));
        }

        _seen += data.Length;
    }
}
