using System;
using AotServe.Buffers;
using AotServe.Http;

namespace AotServe.Net;

/// <summary>
/// The body of a request that did not arrive together with its head. Keeps the head's bytes, decodes the framing, and
/// collects or discards the body. Owned by its connection.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    private readonly BufferBudget _buffers;
    private readonly BodyUse _use;
    private readonly bool _chunked;
    private readonly int _headLength;
    private byte[] _head;
    private byte[] _content = [];
    private ChunkedDecoder _decoder;
    private long _remaining;
    private long _seen;

    private RequestBody(RequestHead head, byte[] headBytes, BodyUse use, BufferBudget buffers)
    {
        _buffers = buffers;
        _use = use;
        _chunked = head.Framing == BodyFraming.Chunked;
        _remaining = head.ContentLength;
        _head = headBytes;
        _headLength = head.Length;
    }

    /// <summary>The body so far; empty where it is discarded.</summary>
    public ReadOnlySpan<byte> Content => _use == BodyUse.Read ? _content.AsSpan(0, (int)_seen) : default;

    /// <summary>
    /// Whether the body is longer than <see cref="HttpLimits.Body"/>: 413 where it was to be read; where it is discarded,
    /// <see cref="Read"/> says that it is complete, and the connection has to close after the response.
    /// </summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Whether the body was refused because the buffer budget is used up: 503.</summary>
    public bool IsWithoutBuffer { get; private set; }

    /// <summary>Why the framing was refused; meaningful after <see cref="ParseStatus.Rejected"/> only.</summary>
    public Rejection Rejection => _decoder.Rejection;

    /// <summary>Copies the head's bytes. Null: the buffer budget is used up.</summary>
    public static RequestBody? TryCreate(
        RequestHead head, ReadOnlySpan<byte> headBytes, BodyUse use, BufferBudget buffers)
    {
        byte[]? copy = buffers.TryRent(headBytes.Length);
        if (copy is null)
        {
            return null;
        }

        headBytes.CopyTo(copy);
        return new RequestBody(head, copy, use, buffers);
    }

    /// <summary>
    /// Decodes received bytes. <see cref="ParseStatus.Incomplete"/>: all were used. <see cref="ParseStatus.Complete"/>: what
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
            if (!TryKeep(input[..used]))
            {
                return ParseStatus.Rejected;
            }

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

            if (!TryKeep(data))
            {
                return ParseStatus.Rejected;
            }

            if (status != ParseStatus.Incomplete || used == input.Length)
            {
                return status;
            }
        }
    }

    /// <summary>Parses the head again, from the copy that was made of it.</summary>
    public void ParseHead(RequestHead head) => RequestParser.Parse(_head, 0, _headLength, head);

    public void Dispose()
    {
        if (_head.Length > 0)
        {
            _buffers.Return(_head);
        }

        if (_content.Length > 0)
        {
            _buffers.Return(_content);
        }

        _head = _content = [];
    }

    /// <summary>Keeps bytes of the body. Memory is used as bytes arrive, not as Content-Length announces them.</summary>
    private bool TryKeep(ReadOnlySpan<byte> data)
    {
        if (_use == BodyUse.Read && data.Length > 0)
        {
            int length = (int)_seen;
            if (_content.Length - length < data.Length)
            {
                byte[]? larger = _buffers.TryRent(Math.Max(length + data.Length, 2 * _content.Length));
                IsWithoutBuffer = larger is null;
                if (larger is null)
                {
                    return false;
                }

                _content.AsSpan(0, length).CopyTo(larger);
                if (_content.Length > 0)
                {
                    _buffers.Return(_content);
                }

                _content = larger;
            }

            data.CopyTo(_content.AsSpan(length));
        }

        _seen += data.Length;
        return true;
    }
}
