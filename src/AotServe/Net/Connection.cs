using System;
using AotServe.Http;

namespace AotServe.Net;

/// <summary>
/// One client's connection: reads requests, has them answered, sends the responses, and closes. It never waits: where the
/// socket would block it lets go of its ownership and goes on with the next event. Between turns it holds memory only for
/// bytes that are under way.
/// </summary>
/// <remarks>
/// A turn (<see cref="Execute"/>) goes from phase to phase until the socket would block. <see cref="TakeTurn"/> shows all
/// phases; each has one method. Everything here is for the owner unless it says otherwise.
/// </remarks>
internal sealed class Connection : PolledSocket, IPersistence, IResumable
{
    /// <summary>Short responses to pipelined requests are gathered up to this many bytes before they are sent.</summary>
    private const int LongestGathered = 32 * 1024;

    private readonly Server _server;
    private readonly SendQueue _sendQueue;
    private ConnectionPhase _phase = ConnectionPhase.Idle;
    private AfterResponse _afterResponse;
    private RequestReader _reader;
    private ClientOrigin _origin;
    private Transport _transport;
    private Deadlines _deadlines;
    private Deferral? _deferral;
    private volatile bool _isEvicted;

    /// <summary>Takes over a socket that was just accepted. The creator is the first owner.</summary>
    /// <param name="server">Whose connection it is.</param>
    /// <param name="transport">Owned from here on.</param>
    /// <param name="origin">Who the client is.</param>
    public Connection(Server server, Transport transport, in ClientOrigin origin)
    {
        _server = server;
        _transport = transport;
        _origin = origin;
        _reader = new RequestReader(server.Buffers);
        _sendQueue = new SendQueue(server.Buffers, server.SendAllowance);
        _deadlines.StartIdle(Environment.TickCount64, origin.IsSurplus ? ConnectionLimits.Surplus : server.Limits.IdleTimeout);
    }

    /// <summary>How many requests it has had.</summary>
    public long Requests { get; private set; }

    /// <inheritdoc cref="Deadlines.Due"/>
    public long Deadline => _deadlines.Due;

    /// <summary>Who the client is.</summary>
    public ref readonly ClientOrigin Origin => ref _origin;

    /// <summary>The way of its bytes.</summary>
    public Transport Transport => _transport;

    /// <summary>What it is doing. Any thread may read it.</summary>
    public ConnectionPhase Phase => _phase;

    /// <inheritdoc cref="Deadlines.WaitingSince"/>
    public long WaitingSince => _deadlines.WaitingSince;

    /// <summary>
    /// Whether another request would be answered after the response that is being written. During a stop only one that has
    /// already arrived is.
    /// </summary>
    public bool MayPersist => !_server.IsDraining || _reader.HasMore || _transport.HasMore;

    /// <summary>Whether a request has begun to arrive and its response is not wholly with the kernel.</summary>
    private bool IsInFlight =>
        _phase is ConnectionPhase.Deferred or ConnectionPhase.Responding or ConnectionPhase.Sending
        || (_phase != ConnectionPhase.Lingering && !_reader.IsEmpty);

    /// <summary>Has it close at its next turn, to make room, if it still waits for its client. Any thread may call.</summary>
    public void Evict() => _isEvicted = true;

    /// <inheritdoc/>
    public void Resume()
    {
        if (TryOwn())
        {
            _server.Queue(this);
        }
    }

    /// <inheritdoc/>
    public override void Execute()
    {
        WorkerContext context = WorkerContext.Current;
        context.Connection = this;
        context.Handler = _origin.Handler;
        context.Response.StrictTransport = _transport.StrictTransport;
        ConnectionStep step;
        try
        {
            do
            {
                step = TakeTurn(context);
            }
            while (step == ConnectionStep.Wait && !TryWait(ref step));
        }
        catch (Exception e)
        {
            // Memory ran out, or there is a bug. Without an owner the connection would stay for ever.
            _server.ReportFault(e);
            context.Clear();
            step = ConnectionStep.Close;
        }

        context.Leave();
        if (step == ConnectionStep.Close)
        {
            Close();
        }
        else if (step == ConnectionStep.Yield)
        {
            _server.Queue(this, atEnd: true);
        }
    }

    /// <summary>Closes the socket and gives back what is held. Called by the owner, or once workers have ended.</summary>
    public void Close()
    {
        if (_server.IsCutOff && IsInFlight)
        {
            _server.CountCutOff();
        }

        _deferral?.Remove(this);
        StopPolling(_server.Poller);
        _server.Connections.ReturnShare(this);
        _transport.Close(isOrderly: _phase <= ConnectionPhase.ReadingBody);
        _sendQueue.Close(_server);
        _reader.Dispose();
        _server.Connections.Remove(this);
        _server.ResumeListeners();
    }

    /// <summary>
    /// Goes from phase to phase until the socket would block, other connections are to have their turn, or this one is to
    /// close.
    /// </summary>
    private ConnectionStep TakeTurn(WorkerContext context)
    {
        if (_server.IsCutOff)
        {
            return ConnectionStep.Close;
        }

        _reader.StartTurn(context.Input);
        ConnectionStep step;
        do
        {
            step = _phase switch
            {
                ConnectionPhase.Responding when !MayGather(context) => Send(context),
                ConnectionPhase.Sending => AfterSending(_sendQueue.Continue(_transport, context.ExchangesOf(_server), out long sent), sent),
                ConnectionPhase.Lingering => LingeringClose.Discard(_transport.Socket, context.Input, _deadlines.Due),
                _ => ReadRequest(context),
            };
            if (step == ConnectionStep.Receive)
            {
                step = context.Output.Length > 0 ? Send(context) : Arrival.Receive(context, _server, ref _reader, ref _origin, ref _transport, IsHungUp);
                step = step == ConnectionStep.Close && _transport.HasFailed ? Linger() : step;
            }

            if (step is ConnectionStep.Wait or ConnectionStep.Yield)
            {
                step = EndTurn(context, step);
            }
        }
        while (step == ConnectionStep.Continue);
        return step;
    }

    /// <summary>Looks for the next request, and has it answered. More than one response may be gathered in the output.</summary>
    private ConnectionStep ReadRequest(WorkerContext context)
    {
        if (_deferral is { IsDone: false } work)
        {
            return AwaitDeferred(work);
        }

        switch (_reader.TryRead(context, _server, ref _origin, out ReadOnlySpan<byte> body))
        {
            case RequestReadResult.Refused:
                return ConnectionStep.Close;
            case RequestReadResult.Incomplete:
                return ConnectionStep.Receive;
            case RequestReadResult.Rejected:
                Fail(context, _reader.Rejection.Status(), _reader.Rejection.Detail());
                break;
            case RequestReadResult.Failed:
                Fail(context, _reader.ErrorStatus);
                break;
            default:
                Respond(context, body);
                if (context.Response.Deferral is not null)
                {
                    return Defer(context, context.Response.Deferral);
                }

                break;
        }

        _deferral = null;
        _reader.EndRequest();
        return ConnectionStep.Continue;
    }

    /// <summary>Has the handler answer the request in <see cref="WorkerContext.Head"/>.</summary>
    private void Respond(WorkerContext context, ReadOnlySpan<byte> body)
    {
        _phase = ConnectionPhase.Responding;
        Requests += _deferral is null ? 1 : 0;
        bool keepAlive = _reader.KeepAlive && Requests < _server.Limits.RequestsPerConnection;
        context.Respond(_server, body, keepAlive, this, _deferral);
        _afterResponse = context.Response.KeepAlive ? AfterResponse.ReadRequest
            : context.Head.KeepAlive ? AfterResponse.Linger
            : AfterResponse.Close;
    }

    /// <summary>The response waits: the request is handled again later. Responses that were gathered are sent now.</summary>
    private ConnectionStep Defer(WorkerContext context, Deferral work)
    {
        _deferral = work;
        _reader.Unread();
        _afterResponse = AfterResponse.ReadRequest;
        return context.Output.Length > 0 ? Send(context) : AwaitDeferred(work);
    }

    private ConnectionStep AwaitDeferred(Deferral work)
    {
        if (_phase == ConnectionPhase.Deferred)
        {
            return ConnectionStep.Wait; // Somebody else gave it a turn.
        }

        _phase = ConnectionPhase.Deferred;
        _deadlines.StartDeferred();
        return work.TryAdd(this) ? ConnectionStep.Wait : ConnectionStep.Continue;
    }

    /// <summary>Answers with an error, after which the connection closes.</summary>
    private void Fail(WorkerContext context, int status, ReadOnlySpan<byte> detail = default)
    {
        _phase = ConnectionPhase.Responding;
        _afterResponse = AfterResponse.Linger;
        Requests++;
        context.Fail(_server, status, detail, _reader.IsReadingHead, _reader.FirstLine);
    }

    /// <summary>Whether the next pipelined request may be answered before what is in the output is sent.</summary>
    private bool MayGather(WorkerContext context) =>
        _reader.HasUnparsed && _afterResponse == AfterResponse.ReadRequest
        && !context.Response.HasBody && context.Output.Length < LongestGathered;

    /// <summary>Sends what is in the output, with the body that follows it.</summary>
    private ConnectionStep Send(WorkerContext context) =>
        AfterSending(_sendQueue.Start(_transport, context, _server, ref _afterResponse, out long sent), sent);

    private ConnectionStep AfterSending(SendResult result, long sent)
    {
        if (result is SendResult.Failed or SendResult.Done)
        {
            return result == SendResult.Done ? EndResponse() : ConnectionStep.Close;
        }

        bool isNew = _phase != ConnectionPhase.Sending;
        _phase = ConnectionPhase.Sending;
        _deadlines.StartSending(isNew, sent, Environment.TickCount64, _server.Limits);
        return result == SendResult.Blocked ? ConnectionStep.Wait : ConnectionStep.Yield;
    }

    /// <summary>What there was to send is with the kernel: the next request follows, or the connection closes.</summary>
    private ConnectionStep EndResponse()
    {
        if (_reader.IsReadingBody)
        {
            _phase = ConnectionPhase.Responded; // That was 100 Continue, and what was gathered before it.
            return ConnectionStep.Continue;
        }

        if (_server.IsCutOff)
        {
            _server.CountCutOff(); // The cut-off came first, and may have cut the handler short.
        }

        if (_afterResponse == AfterResponse.ReadRequest)
        {
            _phase = ConnectionPhase.Responded;
            return ConnectionStep.Continue;
        }

        if (_transport.End() == SendResult.Blocked)
        {
            return AfterSending(SendResult.Blocked, 0);
        }

        _phase = ConnectionPhase.Lingering;
        return _afterResponse == AfterResponse.Linger || _reader.MayBeMoreInKernel || !_reader.IsEmpty ? Linger() : ConnectionStep.Close;
    }

    /// <summary>Sends FIN, and waits for the client's own.</summary>
    private ConnectionStep Linger()
    {
        _phase = ConnectionPhase.Lingering;
        _reader.Dispose();
        _deadlines.StartLinger(Environment.TickCount64);
        return LingeringClose.TryStart(_transport.Socket) ? ConnectionStep.Continue : ConnectionStep.Close;
    }

    /// <summary>
    /// The turn is about to end. Keeps what was received; and where the connection is to wait, sees whether it still may.
    /// </summary>
    private ConnectionStep EndTurn(WorkerContext context, ConnectionStep step)
    {
        _ = _transport.Flush(); // What is not for a response; where it would block, it is gone on with at the next turn.
        if (!_reader.TryEndTurn())
        {
            return _phase == ConnectionPhase.Sending ? ConnectionStep.Close : FailReading(context, 503);
        }

        if (step == ConnectionStep.Yield)
        {
            return step;
        }

        long now = Environment.TickCount64;
        if (_phase is not (ConnectionPhase.Deferred or ConnectionPhase.Sending or ConnectionPhase.Lingering))
        {
            ConnectionPhase phase = _transport.IsHandshaking ? ConnectionPhase.Handshaking : _reader.Phase;
            _deadlines.StartReading(phase, phase != _phase, _reader.BytesRead, now, _server.Limits, _origin.IsSurplus);
            _phase = phase;
        }

        if (_isEvicted && Eviction.IsWaiting(this, now))
        {
            return CloseEvicted(context);
        }

        _isEvicted = false; // It was flagged, and then the client went on.
        if (_phase == ConnectionPhase.Idle && _server.IsStopping && !_deadlines.MayStayIdle(_server.StopTime, _transport.IsSecure))
        {
            return ConnectionStep.Close;
        }

        // Idle: nothing is under way that closing could cut short. Sending, lingering: it had its time.
        if (now < _deadlines.Due)
        {
            return ConnectionStep.Wait;
        }

        _server.CountTimeout(this);
        return _phase is ConnectionPhase.ReadingHead or ConnectionPhase.ReadingBody ? FailReading(context, 408) : ConnectionStep.Close;
    }

    /// <summary>Closes at once: the place is for another. A request that has begun is told if the kernel takes that now.</summary>
    private ConnectionStep CloseEvicted(WorkerContext context)
    {
        if (_phase is ConnectionPhase.ReadingHead or ConnectionPhase.ReadingBody)
        {
            FailReading(context, 408);
            context.Clear(_transport.Send(context.Output.Written, out _));
            _ = _transport.End();
        }

        return ConnectionStep.Close;
    }

    /// <summary>Answers the request that is being read with an error.</summary>
    private ConnectionStep FailReading(WorkerContext context, int status)
    {
        // What is known of the request by now: an error in answer to HEAD has no content either.
        _reader.ParseIncomplete(context.Head);
        Fail(context, status);
        _reader.EndRequest();
        return ConnectionStep.Continue;
    }

    /// <summary>Has the poller tell of the next event, and lets go. False: look again, or close.</summary>
    private bool TryWait(ref ConnectionStep step)
    {
        if (_phase == ConnectionPhase.Deferred)
        {
            return TryRelease(); // What the client sends now is read after the response.
        }

        if (!TryPoll(_server.Poller, _transport.Socket, forWriting: _phase == ConnectionPhase.Sending || _transport.HasUnsent))
        {
            step = ConnectionStep.Close; // The kernel cannot watch one more.
            return true;
        }

        return TryRelease();
    }
}
