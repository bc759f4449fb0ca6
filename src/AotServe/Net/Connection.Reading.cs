using System;
using System.Net.Sockets;
using AotServe.Http;

namespace AotServe.Net;

/// <content>From bytes that arrive to complete requests.</content>
internal sealed partial class Connection
{
    /// <summary>Reads, has answered what is complete, and sends, until the socket would block.</summary>
    private Next Serve(WorkerContext context)
    {
        byte[] input = context.Input;
        int length = TakeInput(input);
        int received = 0;
        for (int turn = 0; turn < ReadsPerTurn; turn++)
        {
            if (_inputUnparsed)
            {
                _inputUnparsed = false;
            }
            else
            {
                int space = input.Length - length;
                int n = _socket.Receive(input.AsSpan(length), SocketFlags.None, out SocketError error);
                if (error == SocketError.WouldBlock)
                {
                    _unread = false;
                    return Keep(context, 0, length, received: 0);
                }

                if (error != SocketError.Success || n == 0)
                {
                    return Next.Close; // Every whole request that came before is answered.
                }

                _unread = n == space || HangUp;
                length += n;
                received += n;
            }

            int used = Process(context, length);
            SendResult sent = Flush(context);
            if (sent != SendResult.Done || _closing)
            {
                if (!TryKeepInput(input, used, length - used))
                {
                    return Next.Close;
                }

                _inputUnparsed = _inputLength > 0;
                return sent == SendResult.Done ? BeginClose(context) : After(sent);
            }

            length -= used;
            if (!_unread && !_inputUnparsed)
            {
                // A read that gave less than there was room for took all there was; more is a new event (epoll(7)).
                return Keep(context, used, length, received);
            }

            input.AsSpan(used, length).CopyTo(input);
        }

        return TryKeepInput(input, 0, length) ? Next.Yield : RunOutOfBuffers(context);
    }

    /// <summary>Puts what is left of the input aside and waits for more.</summary>
    private Next Keep(WorkerContext context, int start, int length, int received)
    {
        if (!TryKeepInput(context.Input, start, length))
        {
            return RunOutOfBuffers(context);
        }

        EnterReading(length, received);
        return Next.Wait;
    }

    /// <summary>
    /// Goes through the first <paramref name="length"/> bytes of the input, request by request, and returns how many were
    /// used. Stops early when the output should be flushed or no further request is wanted.
    /// </summary>
    private int Process(WorkerContext context, int length)
    {
        byte[] input = context.Input;
        RequestHead head = context.Head;
        int used = 0;
        while (used < length && !_closing)
        {
            if (context.Response.HasBody || context.Output.Length >= FlushAt)
            {
                _inputUnparsed = true;
                break;
            }

            if (_body is not null)
            {
                ParseStatus status = _body.Read(input.AsSpan(used, length - used), out int taken);
                used += taken;
                if (status == ParseStatus.Incomplete)
                {
                    break;
                }

                FinishBody(context, status, more: used < length);
                continue;
            }

            switch (RequestParser.Parse(input, used, length, head))
            {
                case ParseStatus.Incomplete:
                    return used;
                case ParseStatus.Rejected:
                    Refuse(context, head.Rejection);
                    return used;
                case ParseStatus.Complete:
                    int start = used;
                    used += head.Length;
                    Begin(context, start, ref used, length);
                    break;
            }
        }

        return used;
    }

    private int TakeInput(byte[] destination)
    {
        if (_input is null)
        {
            return 0;
        }

        _input.AsSpan(0, _inputLength).CopyTo(destination);
        _server.Buffers.Return(_input);
        _input = null;
        int length = _inputLength;
        _inputLength = 0;
        return length;
    }

    private bool TryKeepInput(byte[] source, int start, int length)
    {
        _inputLength = 0;
        if (length == 0)
        {
            return true;
        }

        _input = _server.Buffers.TryRent(length);
        if (_input is null)
        {
            return false;
        }

        source.AsSpan(start, length).CopyTo(_input);
        _inputLength = length;
        return true;
    }
}
