using System;
using AotServe.Buffers;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Http;

/// <summary>
/// The response to one request: the handler writes it, the connection sends it. The worker that owns the instance reuses
/// it for each request. The order of calls: <see cref="Reset"/> (by the connection), then <see cref="Start"/>, fields, and
/// one of the calls that end the head (<see cref="EndWithoutBody"/>, <see cref="EndWithBody(ReadOnlySpan{byte})"/>,
/// <see cref="EndWithBytes"/>, <see cref="EndWithFile"/>, <see cref="EndWithParts"/>).
/// </summary>
internal sealed class Response(OutputBuffer output)
{
    /// <summary>The largest body in memory, in bytes, that is copied behind the head so that both leave in one send.</summary>
    private const int MaxCopiedBody = 16 * 1024;

    /// <summary>
    /// The largest body in memory, in bytes, that is kept only when the client does not take it at once. Most clients do, and
    /// keeping costs.
    /// </summary>
    private const int MaxKeptLater = 64 * 1024;

    private DateText _date;
    private DateText _fieldDate;
    private int _startInOutput;
    private int _endOfHead;
    private bool _isHeadRequest;
    private int _minorVersion;
    private IPersistence? _persistence;
    private ResponseBody _body;

    /// <summary>The status code, 0 until <see cref="Start"/>.</summary>
    public int Status { get; private set; }

    /// <summary>How many bytes the head has, once it has been ended.</summary>
    public int HeadLength => _endOfHead - _startInOutput;

    /// <summary>The head, once it has been ended and while it is in the output.</summary>
    public ReadOnlySpan<byte> Head => output.Written[_startInOutput.._endOfHead];

    /// <summary>How many bytes follow the head, once it has been ended and before <see cref="TakeBody"/>.</summary>
    public long ContentLength => output.Length - _endOfHead + _body.Length;

    /// <summary>Whether the head has been ended. All but <see cref="TakeBody"/> is then in the output.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether a body follows that is not in the output: see <see cref="TakeBody"/>.</summary>
    public bool HasBody => !_body.IsEmpty;

    /// <summary>
    /// Whether another request may follow on this connection. Set by the connection before the handler runs; a handler
    /// may clear it before it ends the head.
    /// </summary>
    public bool KeepAlive { get; set; }

    /// <summary>
    /// Whether the response depends on the content codings that the request accepts, or could depend on them. Once set,
    /// every <see cref="Start"/> writes Vary, for an error too (RFC 9110 §12.5.5).
    /// </summary>
    public bool VariesByCoding { get; set; }

    /// <summary>
    /// The fields that the owner of the site adds, replaces or removes. The handler sets them before <see cref="Start"/>,
    /// which keeps them; <see cref="Reset"/> clears them.
    /// </summary>
    public FieldOverrides Overrides { get; } = new();

    /// <summary>The work that the response waits for; null unless <see cref="Defer"/> was called.</summary>
    public Deferral? Deferral { get; private set; }

    /// <summary>
    /// The work that this request has waited for, if it is handled again because that is done. Set by the connection before the
    /// handler runs.
    /// </summary>
    public Deferral? Resumed { get; set; }

    /// <summary>Whether the user whom the request names was let in. Set by the handler that has checked the password.</summary>
    public bool IsSignedIn { get; set; }

    /// <summary>
    /// The value of Strict-Transport-Security, in every response from when the connection sets it; null: there is no such field
    /// (RFC 6797 §7.2: never without TLS).
    /// </summary>
    public byte[]? StrictTransport { get; set; }

    /// <summary>The time in the Date field, in seconds since 1970.</summary>
    public long Now { get; private set; }

    /// <summary>Prepares for the response to another request. Called by the connection only.</summary>
    /// <param name="isHeadRequest">Whether the method is HEAD: the head is the same as for GET, and no body is sent.</param>
    /// <param name="minorVersion">The request's. HTTP/1.0 clients have to be told that the connection persists.</param>
    /// <param name="keepAlive">Whether the connection may persist as far as the request says.</param>
    /// <param name="nowUnixSeconds">The time for the Date field.</param>
    /// <param name="persistence">
    /// Is asked again when the head ends, because a stop may have been requested while the handler ran; may be null.
    /// </param>
    public void Reset(
        bool isHeadRequest, int minorVersion, bool keepAlive, long nowUnixSeconds, IPersistence? persistence = null)
    {
        _startInOutput = output.Length;
        _isHeadRequest = isHeadRequest;
        _minorVersion = minorVersion;
        KeepAlive = keepAlive;
        _persistence = persistence;
        Status = 0;
        IsComplete = false;
        IsSignedIn = false;
        DropBody();
        VariesByCoding = false;
        Deferral = Resumed = null;
        Overrides.Clear();
        Now = nowUnixSeconds;
    }

    /// <summary>
    /// Writes the status line and the fields that every response has. A second call discards what was written since
    /// <see cref="Reset"/>, so an error in the middle of a response can become a complete error response.
    /// </summary>
    public void Start(int status)
    {
        output.Truncate(_startInOutput);
        DropBody();
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

        output.Write(_date.Of(Now));
        output.Write("\r\n"u8);
        if (StrictTransport is not null)
        {
            Field("Strict-Transport-Security"u8, StrictTransport);
        }

        if (VariesByCoding)
        {
            Field("Vary"u8, "Accept-Encoding"u8);
        }
    }

    /// <summary>
    /// Says that the request is to be handled again when <paramref name="work"/> is done. Called in place of all that writes a
    /// response.
    /// </summary>
    public void Defer(Deferral work)
    {
        output.Truncate(_startInOutput);
        Deferral = work;
    }

    /// <summary>
    /// Writes a field line, unless <see cref="Overrides"/> replaces or removes it. Neither name nor value may contain CR, LF
    /// or NUL; this is not checked.
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
    public void DateField(ReadOnlySpan<byte> name, long unixSeconds) => Field(name, _fieldDate.Of(unixSeconds));

    /// <summary>Ends the head of a response whose status allows no body and no Content-Length: 204 and 304.</summary>
    public void EndWithoutBody() => EndHead();

    /// <summary>Writes Content-Length, ends the head and, unless the method is HEAD, copies the body.</summary>
    public void EndWithBody(ReadOnlySpan<byte> body) => EndWithBody(body, default);

    /// <summary>The same with a body in two parts.</summary>
    public void EndWithBody(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        Field("Content-Length"u8, first.Length + second.Length);
        EndHead();
        if (_isHeadRequest)
        {
            return;
        }

        output.Write(first);
        output.Write(second);
    }

    /// <summary>
    /// The same with bytes of a cache: a large body is not copied, but kept. Where it is larger than what one turn surely sends
    /// and may not be kept, the response becomes 503.
    /// </summary>
    public void EndWithBytes(SharedBytes bytes, int first, int length)
    {
        if (length <= MaxCopiedBody)
        {
            EndWithBody(bytes.Memory.Span.Slice(first, length));
            bytes.Return();
            return;
        }

        var body = new ResponseBody(bytes, first, length);
        if (length > MaxKeptLater && !body.TryKeep())
        {
            ErrorPage.WriteUnavailable(this, "Too many clients are slow to take what they asked for. Try again in a moment."u8);
            return;
        }

        End(body, length);
    }

    /// <summary>
    /// Writes Content-Length and ends the head; the body is <paramref name="length"/> bytes of <paramref name="file"/> from
    /// <paramref name="offset"/> on. The file stays open until <paramref name="lease"/> is disposed. The response owns the
    /// lease, and disposes it at once if there is nothing to send.
    /// </summary>
    public void EndWithFile(SafeFileHandle file, IDisposable lease, long offset, long length) =>
        End(new ResponseBody(file, lease, BodyPart.OfFile(offset, length)), length);

    /// <summary>
    /// The same with several parts, such as those of <c>multipart/byteranges</c>: bytes in memory, and ranges of
    /// <paramref name="file"/>, which is null if there are none. Parts and bytes must not change until they are sent. Of their
    /// memory, <paramref name="ownMemory"/> bytes are only for this response and not charged to a budget yet.
    /// </summary>
    public void EndWithParts(SafeFileHandle? file, IDisposable? lease, ReadOnlyMemory<BodyPart> parts, int ownMemory = 0)
    {
        var body = new ResponseBody(file, lease, parts, ownMemory);
        End(body, body.Length);
    }

    /// <summary>Returns the body that follows the output. The caller owns it from then on.</summary>
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
        if (_isHeadRequest || length == 0)
        {
            body.Dispose();
        }
        else
        {
            _body = body;
        }
    }

    private void DropBody()
    {
        if (HasBody)
        {
            _body.Dispose();
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
        _endOfHead = output.Length;
    }
}
