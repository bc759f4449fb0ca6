using System;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Http;

/// <summary>
/// The answer to one request, written by a handler and sent by the connection. One instance is reused for request
/// after request by the worker that owns it. The order of calls: <see cref="Begin"/> (the connection),
/// <see cref="Start"/>, fields, then one of the calls that end the head (<see cref="EndWithoutBody"/>,
/// <see cref="EndWithBody(ReadOnlySpan{byte})"/>, <see cref="EndWithBytes"/>, <see cref="EndWithFile"/>,
/// <see cref="EndWithParts"/>).
/// </summary>
internal sealed class Response(OutputBuffer output)
{
    /// <summary>Bodies in memory up to this many bytes are copied: they leave in one piece with the head.</summary>
    private const int LongestCopy = 16 * 1024;

    private readonly byte[] _date = new byte[HttpDate.Length];
    private long _dateSeconds = long.MinValue;
    private int _begin;
    private bool _isHead;
    private int _minorVersion;
    private IPersistence? _persistence;
    private ResponseBody _body;

    /// <summary>The status code, 0 until <see cref="Start"/>.</summary>
    public int Status { get; private set; }

    /// <summary>Whether the head was ended; all but what <see cref="TakeBody"/> gives is then in the output.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether bytes follow what is in the output: <see cref="TakeBody"/> gives them.</summary>
    public bool HasBody => !_body.IsEmpty;

    /// <summary>
    /// Whether another request may follow on this connection. Set by the connection before the handler runs; a handler
    /// may clear it before it ends the head.
    /// </summary>
    public bool KeepAlive { get; set; }

    /// <summary>
    /// Whether what the request says of content codings had a say in the answer, or could have had: each answer that is
    /// started from then on says so, an error too (Vary, RFC 9110 §12.5.5).
    /// </summary>
    public bool VariesByCoding { get; set; }

    /// <summary>
    /// What the owner of the site changes in the fields of this answer. The handler fills it in before <see cref="Start"/>,
    /// which keeps it; <see cref="Begin"/> empties it.
    /// </summary>
    public FieldOverrides Overrides { get; } = new();

    /// <summary>The time of the answer, seconds since 1970, as the Date field says it.</summary>
    public long Now => _dateSeconds;

    /// <summary>Makes ready for the answer to a request. Called by the connection only.</summary>
    /// <param name="isHead">Whether the method is HEAD: the head is written as for GET and no body is sent.</param>
    /// <param name="minorVersion">The request's: an HTTP/1.0 client must be told that a connection persists.</param>
    /// <param name="keepAlive">Whether the connection may be used again as far as the request says.</param>
    /// <param name="persistence">
    /// Is asked for its word on that when the head ends, since much may have happened while the handler ran; null: none.
    /// </param>
    /// <param name="nowUnixSeconds">The time for the Date field.</param>
    public void Begin(
        bool isHead, int minorVersion, bool keepAlive, long nowUnixSeconds, IPersistence? persistence = null)
    {
        _begin = output.Length;
        _isHead = isHead;
        _minorVersion = minorVersion;
        KeepAlive = keepAlive;
        _persistence = persistence;
        Status = 0;
        IsComplete = false;
        _body.Dispose();
        VariesByCoding = false;
        Overrides.Clear();
        if (nowUnixSeconds != _dateSeconds)
        {
            _dateSeconds = nowUnixSeconds;
            HttpDate.Format(nowUnixSeconds, _date);
        }
    }

    /// <summary>
    /// Writes the status line and the fields of every answer. May be called again before the next request to take back
    /// what was written since <see cref="Begin"/>: an error in the middle of an answer becomes a whole error answer.
    /// </summary>
    public void Start(int status)
    {
        output.Truncate(_begin);
        _body.Dispose();
        IsComplete = false;
        Status = status;
        output.Write(StatusLine.Of(status));
        Overrides.Restart();
        if (Overrides.IsEmpty)
        {
            output.Write("Server: aotserve\r\nX-Content-Type-Options: nosniff\r\nDate: "u8);
        }
        else
        {
            Field("Server"u8, "aotserve"u8);
            Field("X-Content-Type-Options"u8, "nosniff"u8);
            output.Write("Date: "u8);
        }

        output.Write(_date);
        output.Write("\r\n"u8);
        if (VariesByCoding)
        {
            Field("Vary"u8, "Accept-Encoding"u8);
        }
    }

    /// <summary>
    /// Writes a field line, unless <see cref="Overrides"/> has its own or wants none. The caller vouches that neither part
    /// holds CR, LF or NUL.
    /// </summary>
    public void Field(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!IsOverridden(name, value))
        {
            output.WriteField(name, value);
        }
    }

    /// <summary>Writes a field line whose value is a number.</summary>
    public void Field(ReadOnlySpan<byte> name, long value)
    {
        Span<byte> digits = stackalloc byte[20];
        value.TryFormat(digits, out int length);
        Field(name, digits[..length]);
    }

    /// <summary>Writes a field line whose value is an HTTP date.</summary>
    public void DateField(ReadOnlySpan<byte> name, long unixSeconds)
    {
        Span<byte> date = stackalloc byte[HttpDate.Length];
        HttpDate.Format(unixSeconds, date);
        Field(name, date);
    }

    /// <summary>Ends the head of an answer that by its status has no body and no Content-Length: 204 and 304.</summary>
    public void EndWithoutBody() => EndHead();

    /// <summary>Writes Content-Length, ends the head and, unless the method is HEAD, copies the body.</summary>
    public void EndWithBody(ReadOnlySpan<byte> body) => EndWithBody(body, default);

    /// <summary>The same with a body in two parts.</summary>
    public void EndWithBody(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        Field("Content-Length"u8, first.Length + second.Length);
        EndHead();
        if (_isHead)
        {
            return;
        }

        output.Write(first);
        output.Write(second);
    }

    /// <summary>
    /// The same with bytes that stay as they are until they are sent, and are referred to where copying costs more.
    /// </summary>
    public void EndWithBytes(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length <= LongestCopy)
        {
            EndWithBody(bytes.Span);
        }
        else
        {
            End(new ResponseBody(null, null, BodyPart.OfBytes(bytes)), bytes.Length);
        }
    }

    /// <summary>
    /// Writes Content-Length, ends the head and has <paramref name="length"/> bytes of <paramref name="file"/> follow,
    /// which stays open until <paramref name="hold"/> is disposed of. The response owns the hold from here on, and
    /// disposes of it at once when there is nothing to send.
    /// </summary>
    public void EndWithFile(SafeFileHandle file, IDisposable hold, long offset, long length) =>
        End(new ResponseBody(file, hold, BodyPart.OfFile(offset, length)), length);

    /// <summary>
    /// The same with parts, such as those of a <c>multipart/byteranges</c>: bytes in memory, and ranges of
    /// <paramref name="file"/>, which is null where there are none. Neither parts nor bytes may change until they are sent.
    /// </summary>
    public void EndWithParts(SafeFileHandle? file, IDisposable? hold, ReadOnlyMemory<BodyPart> parts)
    {
        var body = new ResponseBody(file, hold, parts);
        End(body, body.Length);
    }

    /// <summary>Hands over what follows the output, to whom it then belongs.</summary>
    public ResponseBody TakeBody()
    {
        ResponseBody body = _body;
        _body = default;
        return body;
    }

    private void End(ResponseBody body, long length)
    {
        Field("Content-Length"u8, length);
        EndHead();
        if (_isHead || length == 0)
        {
            body.Dispose();
        }
        else
        {
            _body = body;
        }
    }

    private bool IsOverridden(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value = default) =>
        !Overrides.IsEmpty && Overrides.Replaces(name, value, Status);

    private void EndHead()
    {
        Overrides.WriteTo(output, Status);
        KeepAlive = KeepAlive && _persistence is not { MayPersist: false };
        if (!KeepAlive)
        {
            output.Write("Connection: close\r\n\r\n"u8);
        }
        else if (_minorVersion == 0)
        {
            output.Write("Connection: keep-alive\r\n\r\n"u8);
        }
        else
        {
            output.Write("\r\n"u8);
        }

        IsComplete = true;
    }
}
