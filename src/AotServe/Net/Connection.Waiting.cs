using System;
using System.Net.Sockets;
using AotServe.Http;

namespace AotServe.Net;

/// <content>Waiting, deadlines, stopping, and the end.</content>
internal sealed partial class Connection
{
    /// <summary>Notes what is being waited for, and for how long.</summary>
    /// <param name="length">How many bytes of an incomplete head there are.</param>
    /// <param name="received">How many bytes came since the last wait.</param>
    private void EnterReading(int length, int received)
    {
        long now = Environment.TickCount64;
        if (_body is not null)
        {
            if (_phase != Phase.Body)
            {
                _transfer.Begin(now);
            }

            _transfer.Add(received);
            if (received > 0 || _phase != Phase.Body)
            {
                _deadline = _transfer.Due(now, _server.Limits);
            }

            _phase = Phase.Body;
        }
        else if (length > 0)
        {
            // From the first byte on: more bytes do not buy more time.
            if (_phase != Phase.Head)
            {
                _deadline = now + _server.Limits.HeadTimeout;
            }

            _phase = Phase.Head;
        }
        else if (received > 0 || _phase != Phase.Idle)
        {
            _lastActive = now;
            _deadline = now + _server.Limits.IdleTimeout;
            _phase = Phase.Idle;
        }
    }

    /// <summary>The socket would block: whether to wait after all, with deadlines and a stop in mind.</summary>
    private Next BeforeWaiting(WorkerContext context)
    {
        if (_phase == Phase.Idle && _server.IsStopping)
        {
            if (_server.StopTime - _lastActive > ConnectionLimits.RecentlyActive)
            {
                return Next.Close;
            }

            _deadline = Math.Min(_deadline, _server.StopTime + ConnectionLimits.LastRequest);
        }

        if (_phase == Phase.Idle && IsEvicted)
        {
            return Next.Close;
        }

        if (Environment.TickCount64 < _deadline)
        {
            return Next.Wait;
        }

        switch (_phase)
        {
            case Phase.Head or Phase.Body:
                return EndWith(context, 408);
            default:
                // Idle: nothing is on its way that closing could cut short. Sending, lingering: it had its time.
                return Next.Close;
        }
    }

    /// <summary>Nothing more can be kept for this connection. A request that had begun is told so.</summary>
    private Next RunOutOfBuffers(WorkerContext context) => EndWith(context, 503);

    /// <summary>Answers the request that is being read with an error, and closes.</summary>
    private Next EndWith(WorkerContext context, int status)
    {
        // What is known of the request by now: an error in answer to HEAD has no content either.
        if (_body is not null)
        {
            RequestParser.Parse(_body.HeadBytes, 0, _body.HeadLength, context.Head);
        }
        else
        {
            RequestParser.Parse(_input ?? [], 0, _inputLength, context.Head);
        }

        Fail(context, status);
        _body?.Dispose();
        _body = null;
        SendResult sent = Flush(context);
        return sent == SendResult.Done ? BeginClose(context) : After(sent);
    }

    /// <summary>
    /// The last answer is with the kernel. Closing while the client still sends would make the kernel reset the
    /// connection, and the answer could be lost on the way (RFC 9112 §9.6): so FIN first, and the socket is closed when
    /// the client has closed its side, or after a while.
    /// </summary>
    private Next BeginClose(WorkerContext context)
    {
        if (_clientCloses && !_unread && _inputLength == 0)
        {
            return Next.Close;
        }

        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            return Next.Close; // It is gone already.
        }

        _phase = Phase.Lingering;
        _deadline = Environment.TickCount64 + ConnectionLimits.Linger;
        return Linger(context);
    }

    private Next Linger(WorkerContext context)
    {
        for (int turn = 0; turn < ReadsPerTurn; turn++)
        {
            int n = _socket.Receive(context.Input, SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
            {
                return Next.Wait;
            }

            if (error != SocketError.Success || n == 0)
            {
                return Next.Close;
            }
        }

        // A client that never stops sending does not get to stay beyond the deadline either.
        return Environment.TickCount64 < _deadline ? Next.Yield : Next.Close;
    }
}
