using System;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AotServe.Buffers;
using AotServe.Http;

namespace AotServe.Net;

/// <summary>
/// The receiving side of a connection: reads from its socket, and finds one request after the other in the bytes. A field
/// of its connection, for the connection's owner. <see cref="StartTurn"/> and <see cref="TryEndTurn"/> enclose all other
/// calls, but for <see cref="Dispose"/>.
/// </summary>
internal struct RequestReader(BufferBudget buffers)
{
    /// <summary>How many reads one turn takes before other connections have theirs.</summary>
    private const int ReadsPerTurn = 16;

    private ReceivedBytes _received;
    private RequestBody? _body;
    private int _requestStart;
    private bool _isUnread;
    private bool _hasHead;
    private long _headAt;
    private int _reads;

    /// <summary>Whether no byte of the next request has arrived.</summary>
    public readonly bool IsEmpty => _received.IsEmpty && _body is null;

    /// <summary>Whether bytes have arrived behind the request that is being answered.</summary>
    public readonly bool HasMore => !_received.IsEmpty;

    /// <summary>Whether there are bytes in which a whole request may be found without another read.</summary>
    public readonly bool HasUnparsed => _received.HasUnparsed;

    /// <inheritdoc cref="ReceivedBytes.MayBeMoreInKernel"/>
    public readonly bool MayBeMoreInKernel => _received.MayBeMoreInKernel;

    /// <summary>Whether a head is complete and its body is not.</summary>
    public readonly bool IsReadingBody => _body is not null;

    /// <summary>The phase of a connection that waits for more bytes.</summary>
    public readonly ConnectionPhase Phase => IsReadingBody ? ConnectionPhase.ReadingBody
        : IsEmpty ? ConnectionPhase.Idle
        : ConnectionPhase.ReadingHead;

    /// <summary>Whether the head of the request is not complete.</summary>
    public readonly bool IsReadingHead => !_hasHead;

    /// <summary>The first line of a head that is not complete, as far as it has come, without its end.</summary>
    public readonly ReadOnlySpan<byte> FirstLine
    {
        get
        {
            ReadOnlySpan<byte> bytes = _hasHead ? default : _received.Unused;
            int end = bytes.IndexOfAny((byte)'\r', (byte)'\n');
            return bytes[..Math.Min(end < 0 ? bytes.Length : end, HttpLimits.RequestLine)];
        }
    }

    /// <summary>How many bytes this turn's reads gave.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Why a request was refused, after <see cref="RequestReadResult.Rejected"/>.</summary>
    public Rejection Rejection { get; private set; }

    /// <summary>The status of the response, after <see cref="RequestReadResult.Failed"/>.</summary>
    public int ErrorStatus { get; private set; }

    /// <summary>
    /// Whether the connection can be used again as far as the request says, after <see cref="RequestReadResult.Complete"/>.
    /// </summary>
    public bool KeepAlive { get; private set; }

    /// <summary>Begins a turn, in which received bytes are in the worker's buffer.</summary>
    public void StartTurn(byte[] workerBuffer)
    {
        _received.MoveTo(workerBuffer, buffers);
        _reads = 0;
        BytesRead = 0;
    }

    /// <summary>Ends a turn: moves what is left out of the worker's buffer. False: there is no memory for it.</summary>
    public bool TryEndTurn() => _received.TryKeep(buffers);

    /// <inheritdoc cref="ProxyProtocol.Receive"/>
    public ConnectionStep ReceiveOrigin(Socket socket) => ProxyProtocol.Receive(socket, ref _received);

    /// <summary>Reads what there is.</summary>
    /// <param name="transport">The connection's.</param>
    /// <param name="isHungUp">Whether the client is known to have ended its side: the end is to be read, too.</param>
    /// <returns>
    /// Continue: there are more bytes. Wait: there are none. Yield: this turn has read enough. Close: the client has ended
    /// its side, or the connection broke.
    /// </returns>
    public ConnectionStep Receive(Transport transport, bool isHungUp)
    {
        if (_reads > 0 && !_received.MayBeMoreInKernel)
        {
            return ConnectionStep.Wait;
        }

        if (_reads == ReadsPerTurn)
        {
            return ConnectionStep.Yield;
        }

        Span<byte> room = _received.MakeRoom();
        int count = transport.Receive(room, isFirst: _reads == 0, isHungUp, out SocketError error, out bool mayBeMore);
        if (error == SocketError.WouldBlock)
        {
            _received.NoteKernelEmpty();
            return ConnectionStep.Wait;
        }

        if (error != SocketError.Success || count == 0)
        {
            return ConnectionStep.Close;
        }

        _reads++;
        BytesRead += count;
        _received.Add(count, mayBeMore);
        return ConnectionStep.Continue;
    }

    /// <summary>Looks for the next request in what has been received.</summary>
    /// <param name="context">This thread's, whose <see cref="WorkerContext.Head"/> becomes the request's.</param>
    /// <param name="server">Says what to do with a body, and whether the client has its share.</param>
    /// <param name="origin">Who the client is. A proxy may say so first.</param>
    /// <param name="body">
    /// The decoded body of a complete request, where the handler wants it. Valid until <see cref="EndRequest"/>.
    /// </param>
    public RequestReadResult TryRead(
        WorkerContext context, Server server, ref ClientOrigin origin, out ReadOnlySpan<byte> body)
    {
        body = default;
        if (_isUnread)
        {
            return ReadBodyAgain(context, out body);
        }

        if (!_received.HasUnparsed)
        {
            return RequestReadResult.Incomplete;
        }

        if (origin.AwaitsHeader && ReadOrigin(server, ref origin) is var result and not RequestReadResult.Complete)
        {
            return result;
        }

        return _body is null ? TryReadHead(context, server, ref origin, out body) : TryReadBody(context, out body);
    }

    /// <summary>Finds out what is known of a request that is not complete, for a response that says that it never was.</summary>
    public readonly void ParseIncomplete(RequestHead head)
    {
        if (_body is not null)
        {
            _body.ParseHead(head);
        }
        else
        {
            RequestParser.Parse(_received.Buffer, _received.Start, _received.End, head);
        }
    }

    /// <summary>
    /// The request that was just read is not answered yet: <see cref="TryRead"/> gives it again, in this turn or a later one.
    /// </summary>
    public void Unread()
    {
        if (_body is null)
        {
            _received.Unuse(_requestStart);
        }
        else
        {
            _isUnread = true; // Its head and its content are kept there.
        }
    }

    /// <summary>Gives back what a request's body took. The request is answered, or given up.</summary>
    public void EndRequest()
    {
        _isUnread = false;
        _hasHead = false;
        _body?.Dispose();
        _body = null;
    }

    /// <summary>Gives back all memory.</summary>
    public void Dispose()
    {
        _received.Release(buffers);
        EndRequest();
    }

    /// <summary>Reads what a proxy says at the beginning of a connection. Complete: a request may follow.</summary>
    private RequestReadResult ReadOrigin(Server server, ref ClientOrigin origin)
    {
        switch (ProxyProtocol.Read(_received.Unused, out int length, out IPAddress? client))
        {
            case ParseStatus.Rejected:
                Rejection = Rejection.BadProxyHeader;
                return RequestReadResult.Rejected;
            case ParseStatus.Incomplete:
                _received.NoteIncomplete();
                return RequestReadResult.Incomplete;
        }

        _received.Use(length);
        return !server.Connections.TryIdentify(ref origin, client) ? RequestReadResult.Refused
            : _received.HasUnparsed ? RequestReadResult.Complete
            : RequestReadResult.Incomplete;
    }

    private RequestReadResult TryReadHead(
        WorkerContext context, Server server, ref ClientOrigin origin, out ReadOnlySpan<byte> body)
    {
        body = default;
        RequestHead head = context.Head;
        int start = _requestStart = _received.Start;
        switch (RequestParser.Parse(_received.Buffer, start, _received.End, head))
        {
            case ParseStatus.Incomplete:
                _received.NoteIncomplete();
                return RequestReadResult.Incomplete;
            case ParseStatus.Rejected:
                Rejection = head.Rejection;
                return RequestReadResult.Rejected;
        }

        _received.Use(head.Length);
        if (!_hasHead && server.Observer is not null)
        {
            _headAt = Stopwatch.GetTimestamp();
        }

        _hasHead = true;
        context.HeadAt = _headAt;
        KeepAlive = head.KeepAlive;
        if (origin.IsSurplus && (origin.IsSurplus = !server.Connections.IsWithinShare(origin.Network)))
        {
            return Fail(429);
        }

        return head.Framing == BodyFraming.None
            ? RequestReadResult.Complete
            : StartBody(context, context.Handler!, start, out body);
    }

    /// <summary>A head with a body is complete. The body is not read, or is all here, or has to be read piece by piece.</summary>
    private RequestReadResult StartBody(
        WorkerContext context, IRequestHandler handler, int headStart, out ReadOnlySpan<byte> body)
    {
        body = default;
        RequestHead head = context.Head;
        BodyUse use = handler.UseOfBody(head);
        if (head.ContentLength > HttpLimits.Body && use == BodyUse.Read)
        {
            return Fail(413);
        }

        if (head.ContentLength > HttpLimits.Body || (use == BodyUse.Discard && head.ExpectsContinue))
        {
            KeepAlive = false; // The body will not be read, so what follows the head cannot be told from the next request.
            return RequestReadResult.Complete;
        }

        if (head.Framing == BodyFraming.ContentLength && head.ContentLength <= _received.Unused.Length)
        {
            body = use == BodyUse.Read ? _received.Unused[..(int)head.ContentLength] : default;
            _received.Use((int)head.ContentLength);
            return RequestReadResult.Complete;
        }

        _body = RequestBody.TryCreate(head, _received.Buffer.AsSpan(headStart, head.Length), use, buffers);
        if (_body is null)
        {
            return Fail(503);
        }

        if (head.ExpectsContinue && _received.IsEmpty)
        {
            context.Output.Write("HTTP/1.1 100 Continue\r\n\r\n"u8);
        }

        return TryReadBody(context, out body);
    }

    private RequestReadResult TryReadBody(WorkerContext context, out ReadOnlySpan<byte> body)
    {
        ParseStatus status = _body!.Read(_received.Unused, out int used);
        _received.Use(used);
        body = _body.Content;
        if (status == ParseStatus.Incomplete)
        {
            return RequestReadResult.Incomplete;
        }

        _body.ParseHead(context.Head);
        context.HeadAt = _headAt;
        KeepAlive = context.Head.KeepAlive && !_body.IsTooLong;
        Rejection = _body.Rejection;
        return status == ParseStatus.Complete ? RequestReadResult.Complete
            : _body.IsTooLong ? Fail(413)
            : _body.IsWithoutBuffer ? Fail(503)
            : RequestReadResult.Rejected;
    }

    /// <summary>Gives a request again whose body was read piece by piece.</summary>
    private RequestReadResult ReadBodyAgain(WorkerContext context, out ReadOnlySpan<byte> body)
    {
        _isUnread = false;
        _body!.ParseHead(context.Head);
        context.HeadAt = _headAt;
        KeepAlive = context.Head.KeepAlive && !_body.IsTooLong;
        body = _body.Content;
        return RequestReadResult.Complete;
    }

    private RequestReadResult Fail(int status)
    {
        ErrorStatus = status;
        return RequestReadResult.Failed;
    }
}
