using System;
using System.Net.Sockets;
using AotServe.Http;
using AotServe.Workers;

namespace AotServe.Net;

/// <content>From a complete head to an answer on its way.</content>
internal sealed partial class Connection
{
    /// <summary>A turn that sends several times as much is that much more work.</summary>
    private const int BytesOfUsualAnswer = 16 * 1024;

    /// <summary>During a stop only where the next request has already arrived: it is answered too.</summary>
    public bool MayPersist => !_server.IsDraining || _moreRead || _unread || _socket.Available > 0;

    private static ReadOnlySpan<byte> ContinueInterim => "HTTP/1.1 100 Continue\r\n\r\n"u8;

    /// <summary>
    /// A head is complete: answers at once where there is no body or all of it is here, otherwise prepares to read it.
    /// </summary>
    private void Begin(WorkerContext context, int start, ref int used, int length)
    {
        RequestHead head = context.Head;
        if (_isSurplus && (_isSurplus = !_server.IsWithinShare(_address)))
        {
            Fail(context, 429);
            return;
        }

        if (head.Framing == BodyFraming.None)
        {
            Answer(context, default, head.KeepAlive, used < length);
            return;
        }

        BodyUse use = _server.Handler.UseOfBody(head);
        if (head.ContentLength > HttpLimits.Body || (use == BodyUse.Discard && head.ExpectsContinue))
        {
            // The body will not be read: whatever follows the head cannot be told from the next request.
            if (use == BodyUse.Read)
            {
                Fail(context, 413);
            }
            else
            {
                Answer(context, default, keepAlive: false, more: false);
            }

            return;
        }

        if (head.Framing == BodyFraming.ContentLength && head.ContentLength <= length - used)
        {
            var body = new ReadOnlySpan<byte>(context.Input, used, (int)head.ContentLength);
            used += body.Length;
            Answer(context, use == BodyUse.Read ? body : default, head.KeepAlive, used < length);
            return;
        }

        if (head.ExpectsContinue && used == length)
        {
            context.Output.Write(ContinueInterim);
        }

        _body = RequestBody.TryBegin(head, new ReadOnlySpan<byte>(context.Input, start, head.Length), use, _server.Buffers);
        if (_body is null)
        {
            Fail(context, 503);
        }
    }

    /// <summary>The body that was being read is complete, or was refused.</summary>
    private void FinishBody(WorkerContext context, ParseStatus status, bool more)
    {
        RequestBody body = _body!;
        _body = null;
        RequestParser.Parse(body.HeadBytes, 0, body.HeadLength, context.Head);
        if (status == ParseStatus.Complete)
        {
            Answer(context, body.Content, context.Head.KeepAlive && !body.IsTooLong, more && !body.IsTooLong);
        }
        else if (body.IsTooLong)
        {
            Fail(context, 413);
        }
        else if (body.IsWithoutBuffer)
        {
            Fail(context, 503);
        }
        else
        {
            Refuse(context, body.Rejection);
        }

        body.Dispose();
    }

    /// <summary>Has the handler answer the request in <see cref="WorkerContext.Head"/>.</summary>
    /// <param name="context">This thread's.</param>
    /// <param name="body">The decoded body.</param>
    /// <param name="keepAlive">Whether another request may follow as far as this one says.</param>
    /// <param name="more">Whether more bytes have been received, which then belong to the next request.</param>
    private void Answer(WorkerContext context, ReadOnlySpan<byte> body, bool keepAlive, bool more)
    {
        RequestHead head = context.Head;
        Response response = context.Response;
        _clientCloses = !head.KeepAlive;
        _moreRead = more;
        _phase = Phase.Answering;
        keepAlive = keepAlive && ++_requests < _server.Limits.RequestsPerConnection;
        response.Reset(head.Method == RequestMethod.Head, head.MinorVersion, keepAlive, _server.UnixSeconds, this);
        try
        {
            _server.Handler.Answer(head, body, response);
            if (!response.IsComplete)
            {
                throw new InvalidOperationException("The handler did not end its answer.");
            }
        }
        catch (Exception e)
        {
            _server.ReportFault(e);
            response.KeepAlive = false;
            ErrorPage.Write(response, 500);
        }

        _server.CountRequest();
        _closing = !response.KeepAlive;
    }

    /// <summary>Answers a request that broke a rule; the connection closes.</summary>
    private void Refuse(WorkerContext context, Rejection rejection)
    {
        BeginLast(context);
        ErrorPage.Write(context.Response, rejection);
    }

    /// <summary>Answers with an error after which the connection closes.</summary>
    private void Fail(WorkerContext context, int status)
    {
        BeginLast(context);
        ErrorPage.Write(context.Response, status);
    }

    private void BeginLast(WorkerContext context)
    {
        RequestHead head = context.Head;
        _closing = true;
        _server.CountRequest();
        context.Response.Reset(
            head.Method == RequestMethod.Head, head.MinorVersion, keepAlive: false, _server.UnixSeconds);
    }

    /// <summary>Sends what is in the output, with the beginning of a body where one follows, in one piece.</summary>
    private SendResult Flush(WorkerContext context)
    {
        OutputBuffer output = context.Output;
        if (output.Length == 0)
        {
            return SendResult.Done;
        }

        ResponseBody body = context.Response.TakeBody();
        ResponseBody whole = body;
        int headEnd = output.Length;
        if (!SendQueue.TryLead(output, ref body))
        {
            // The file cannot be read, or not to its end. Nothing of the answer is sent yet, so it can become another one.
            body.Dispose();
            body = whole = default;
            context.Response.KeepAlive = false;
            ErrorPage.Write(context.Response, 500);
            _closing = true;
        }

        int sent = SendQueue.SendLead(_socket, output.Written, more: !body.IsEmpty, out SocketError error);
        if (error is not (SocketError.Success or SocketError.WouldBlock))
        {
            body.Dispose();
            output.Truncate(0);
            return SendResult.Failed;
        }

        // Of a body that can be had again, nothing is held: a slow reader costs no copy.
        int copied = whole.IsEmpty ? output.Length : headEnd;
        if (sent < output.Length && !whole.IsEmpty)
        {
            body = whole;
            body.Skip(Math.Max(0, sent - headEnd));
        }

        bool held = sent >= copied || _sendQueue.TryHold(output.Written[sent..copied]);
        output.Truncate(0);
        if (!held)
        {
            body.Dispose();
            return SendResult.Failed;
        }

        if (body.IsEmpty)
        {
            body.Dispose();
        }
        else
        {
            _sendQueue.Hold(body);
        }

        return _sendQueue.IsEmpty ? SendResult.Done : SendHeld();
    }

    private SendResult SendHeld()
    {
        SendResult result = _sendQueue.Send(_socket, out long progress);
        if (_phase != Phase.Sending)
        {
            _transfer.Begin(Environment.TickCount64);
        }

        _transfer.Add(progress);
        WorkerPool.Charge((int)(progress / BytesOfUsualAnswer));
        if (result == SendResult.Blocked && (progress > 0 || _phase != Phase.Sending))
        {
            _deadline = _transfer.Due(Environment.TickCount64, _server.Limits);
        }

        _phase = Phase.Sending;
        return result;
    }

    private static Next After(SendResult result) => result switch
    {
        SendResult.Blocked => Next.Wait,
        SendResult.Yield => Next.Yield,
        _ => Next.Close,
    };
}
