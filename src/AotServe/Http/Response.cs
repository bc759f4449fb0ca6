using System;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Http;

/// <summary>
/// The answer to one request, written by a handler and sent by the connection. One instance is reused for request
/// after request by the worker that owns it. The order of calls: <see cref="Begin"/> (the connection),
/// <see cref="Start"/>, fields, then one of the calls that end the head (<see cref="EndWithoutBody"/>,
/// <see cref="EndWithBody(ReadOnlySpan{byte})"/>, <see cref="EndWithFile"/>).
/// </summary>
internal sealed class Response(OutputBuffer output)
{
    private readonly byte[] _date = new byte[HttpDate.Length];
    private long _dateSeconds = long.MinValue;
    private int _begin;
    private bool _isHead;
    private int _minorVersion;
    private IPersistence? _persistence;

    /// <summary>The status code, 0 until <see cref="Start"/>.</summary>
    public int Status { get; private set; }

    /// <summary>Whether the head was ended and, but for <see cref="File"/>, everything is in the output.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>
    /// Whether another request may follow on this connection. Set by the connection before the handler runs; a handler
    /// may clear it before it ends the head.
    /// </summary>
    public bool KeepAlive { get; set; }

    /// <summary>
    /// The file whose bytes follow what is in the output, or null. The connection takes it with <see cref="TakeFile"/>.
    /// </summary>
    public SafeFileHandle? File { get; private set; }

    /// <summary>Where in <see cref="File"/> the body begins, bytes.</summary>
    public long FileOffset { get; private set; }

    /// <summary>How many bytes of <see cref="File"/> the body has.</summary>
    public long FileLength { get; private set; }

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
        DropFile();
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
        DropFile();
        IsComplete = false;
        Status = status;
        output.Write(StatusLine.Of(status));
        output.Write("Server: aotserve\r\nDate: "u8);
        output.Write(_date);
        output.Write("\r\n"u8);
    }

    /// <summary>Writes a field line. The caller vouches that neither part holds CR, LF or NUL.</summary>
    public void Field(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        output.Write(name);
        output.Write(": "u8);
        output.Write(value);
        output.Write("\r\n"u8);
    }

    /// <summary>Writes a field line whose value is a number.</summary>
    public void Field(ReadOnlySpan<byte> name, long value)
    {
        output.Write(name);
        output.Write(": "u8);
        output.Write(value);
        output.Write("\r\n"u8);
    }

    /// <summary>Writes a field line whose value is an HTTP date.</summary>
    public void DateField(ReadOnlySpan<byte> name, long unixSeconds)
    {
        output.Write(name);
        output.Write(": "u8);
        HttpDate.Format(unixSeconds, output.Reserve(HttpDate.Length));
        output.Advance(HttpDate.Length);
        output.Write("\r\n"u8);
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
            return;
        output.Write(first);
        output.Write(second);
    }

    /// <summary>
    /// Writes Content-Length, ends the head and has <paramref name="length"/> bytes of <paramref name="file"/> follow.
    /// The response owns the handle from here on, and closes it at once when there is nothing to send.
    /// </summary>
    public void EndWithFile(SafeFileHandle file, long offset, long length)
    {
        Field("Content-Length"u8, length);
        EndHead();
        if (_isHead || length == 0)
        {
            file.Dispose();
            return;
        }

        File = file;
        FileOffset = offset;
        FileLength = length;
    }

    /// <summary>Hands the file over to the caller, who closes it.</summary>
    public SafeFileHandle? TakeFile()
    {
        SafeFileHandle? file = File;
        File = null;
        return file;
    }

    private void EndHead()
    {
        KeepAlive = KeepAlive && _persistence is not { MayPersist: false };
        if (!KeepAlive)
            output.Write("Connection: close\r\n\r\n"u8);
        else if (_minorVersion == 0)
            output.Write("Connection: keep-alive\r\n\r\n"u8);
        else
            output.Write("\r\n"u8);
        IsComplete = true;
    }

    private void DropFile()
    {
        File?.Dispose();
        File = null;
    }
}
