using System;
using System.Net.Sockets;
using AotServe.Buffers;
using AotServe.Http;
using AotServe.Workers;

namespace AotServe.Net;

/// <summary>
/// Sends responses, and keeps what the client has not taken yet: bytes, then the rest of a body. Belongs to its connection;
/// owns the buffer and the body until they are sent or <see cref="Drop"/> is called.
/// </summary>
internal sealed class SendQueue(BufferBudget buffers, SendAllowance allowance) : IDisposable
{
    /// <summary>The most bytes of a body that one turn sends, so that one fast client cannot hold a worker.</summary>
    private const int TurnBytes = 256 * 1024;

    /// <summary>A turn that sends several times this many bytes counts as several turns.</summary>
    private const int BytesPerTurn = 16 * 1024;

    /// <summary>
    /// Up to this many bytes of a file are read and leave in one piece with the head. More is sent by the kernel without a
    /// copy. Of a long part in memory as much is copied, for the same reason.
    /// </summary>
    private const int LongestCopy = 16 * 1024;

    private byte[]? _bytes;
    private int _start;
    private int _end;
    private ResponseBody _body;
    private int _charged;
    private UnsentBytes _unsent = new(allowance);
    private UnsentExchanges _exchanges = new(buffers);

    /// <summary>Whether the client has taken everything.</summary>
    public bool IsEmpty => _bytes is null && _body.IsEmpty;

    /// <summary>Sends what the worker has written. A body that cannot be read is replaced by an error, after which the connection ends.</summary>
    /// <param name="transport">The connection's.</param>
    /// <param name="context">The worker's.</param>
    /// <param name="server">The connection's.</param>
    /// <param name="after">What the connection does then.</param>
    /// <param name="sent">How many bytes of what did not leave in the first piece were sent.</param>
    public SendResult Start(Transport transport, WorkerContext context, Server server, ref AfterResponse after, out long sent)
    {
        bool hasBody = context.Response.HasBody;
        transport.EndWithNext(after != AfterResponse.ReadRequest && !hasBody);
        SendResult result = hasBody ? Start(transport, context.Output, context.Response.TakeBody(), out int first, out sent)
            : Start(transport, context.Output, out first, out sent);
        if (result == SendResult.Unreadable)
        {
            context.ReplaceNoted();
            after = AfterResponse.Linger;
            result = Start(transport, context.Output, out first, out sent);
        }

        if (context.ExchangesOf(server) is { } exchanges)
        {
            _exchanges.Begin(exchanges, result, first + sent);
        }

        return result;
    }

    /// <summary>Sends the output and the body that follows it, and keeps what the socket does not take. Called while nothing is kept.</summary>
    /// <param name="transport">The connection's.</param>
    /// <param name="output">Responses, the last of which has the body. Empty afterwards, but for <see cref="SendResult.Unreadable"/>.</param>
    /// <param name="body">Owned from here on; not empty.</param>
    /// <param name="first">How many bytes were sent in the first piece.</param>
    /// <param name="sent">How many bytes were sent after it.</param>
    internal SendResult Start(Transport transport, OutputBuffer output, ResponseBody body, out int first, out long sent)
    {
        sent = first = 0;
        ResponseBody wholeBody = body;
        int headLength = output.Length;
        if (!TryCopyBeginning(output, ref body))
        {
            body.Dispose();
            return SendResult.Unreadable;
        }

        _unsent.Bound(transport.Socket, body.Length);
        first = body.IsEmpty ? transport.Send(output.Written, out SocketError error) : transport.SendMore(output.Written, out error);
        if (error is not (SocketError.Success or SocketError.WouldBlock))
        {
            output.Truncate(0);
            body.Dispose();
            return SendResult.Failed;
        }

        _unsent.Took(first);

        // A body can be had again from its file or its bytes, so a slow reader costs no copy of it: only the head is kept.
        if (first < output.Length)
        {
            body = wholeBody;
            body.Skip(Math.Max(0, first - headLength));
        }

        bool isKept = first >= headLength || TryKeep(output.Written[first..headLength]);
        output.Truncate(0);
        if (!isKept || body.IsEmpty)
        {
            body.Dispose();
        }
        else
        {
            _body = body;
        }

        return !isKept ? SendResult.Failed : IsEmpty && !transport.HasUnsent ? SendResult.Done : Continue(transport, out sent);
    }

    /// <summary>The same where no body follows, as is mostly so. Never <see cref="SendResult.Unreadable"/>.</summary>
    internal SendResult Start(Transport transport, OutputBuffer output, out int first, out long sent)
    {
        sent = 0;
        _unsent.Bound(transport.Socket, 0);
        first = transport.Send(output.Written, out SocketError error);
        _unsent.Took(first);
        bool isSent = error == SocketError.Success && first == output.Length;
        bool isKept = isSent || (error is SocketError.Success or SocketError.WouldBlock && TryKeep(output.Written[first..]));
        output.Truncate(0);
        return !isKept ? SendResult.Failed
            : isSent && !transport.HasUnsent ? SendResult.Done
            : Continue(transport, out sent);
    }

    /// <summary>Sends more of what is kept.</summary>
    /// <param name="transport">The connection's.</param>
    /// <param name="exchanges">The worker's, to be told of those of the responses; or null.</param>
    /// <param name="sent">How many bytes the kernel has taken.</param>
    public SendResult Continue(Transport transport, Exchanges? exchanges, out long sent)
    {
        long encrypted = transport.Encrypted;
        SendResult result = Continue(transport, out sent);
        _exchanges.GoOn(exchanges, result, sent);
        sent = transport.IsSecure ? transport.Encrypted - encrypted : sent;
        return result;
    }

    private SendResult Continue(Transport transport, out long sent)
    {
        sent = 0;
        SendResult result = transport.Flush();
        if (result == SendResult.Done && _bytes is not null)
        {
            result = SendBytes(transport, ref sent);
        }

        if (result == SendResult.Done && !_body.IsEmpty)
        {
            result = SendBody(transport, ref sent);
        }

        if (result == SendResult.Done && transport.HasUnsent)
        {
            result = SendResult.Blocked;
        }

        WorkerPool.Charge((int)(sent / BytesPerTurn));
        if (result is SendResult.Blocked or SendResult.Yield && !TryKeepBody())
        {
            result = SendResult.Failed;
        }

        if (result is SendResult.Done or SendResult.Failed)
        {
            Drop();
        }

        return result;
    }

    /// <summary>Gives up what is kept.</summary>
    public void Drop()
    {
        if (_bytes is not null)
        {
            buffers.Return(_bytes);
        }

        _bytes = null;
        if (_charged > 0)
        {
            buffers.Release(_charged);
            _charged = 0;
        }

        _body.Dispose();
    }

    /// <summary>The connection closes: the exchanges whose responses are not wholly sent have ended, too.</summary>
    public void Close(Server server)
    {
        _exchanges.Lose(server);
        Dispose();
    }

    /// <summary>The connection closes: gives up what is kept, and its part of the allowance.</summary>
    public void Dispose()
    {
        Drop();
        _unsent.Close();
    }

    /// <summary>
    /// Copies the beginning of a body into the output as far as there is room, so that it leaves in one piece with the
    /// head: all of a short body of many parts. False where the file ends too early or cannot be read.
    /// </summary>
    private static bool TryCopyBeginning(OutputBuffer output, ref ResponseBody body)
    {
        while (!body.IsEmpty && output.Room > 0)
        {
            BodyPart part = body.Current;
            if (part.IsInFile && part.Length > LongestCopy && OperatingSystem.IsLinux())
            {
                return true;
            }

            int count = (int)Math.Min(part.Length, part.IsInFile ? output.Room : Math.Min(output.Room, LongestCopy));
            Span<byte> destination = output.Reserve(count)[..count];
            if (!part.IsInFile)
            {
                part.Bytes.Span[..count].CopyTo(destination);
            }
            else if (!FileRange.TryRead(body.File!, destination, part.Offset))
            {
                return false;
            }

            output.Advance(count);
            body.Advance(count);
            if (count < part.Length)
            {
                return true;
            }
        }

        return true;
    }

    /// <summary>Keeps a copy of bytes. False: there are no buffers left.</summary>
    private bool TryKeep(ReadOnlySpan<byte> bytes)
    {
        _bytes = buffers.TryRent(bytes.Length);
        if (_bytes is null)
        {
            return false;
        }

        bytes.CopyTo(_bytes);
        _start = 0;
        _end = bytes.Length;
        return true;
    }

    /// <summary>Charges the memory of the body that is kept. False: too much is kept already.</summary>
    private bool TryKeepBody()
    {
        if (_charged == 0 && _body.OwnMemory > 0)
        {
            if (!buffers.TryReserve(_body.OwnMemory))
            {
                return false;
            }

            _charged = _body.OwnMemory;
        }

        return _body.TryKeep();
    }

    private SendResult SendBytes(Transport transport, ref long total)
    {
        while (_start < _end)
        {
            int sent = transport.Send(_bytes.AsSpan(_start, _end - _start), out SocketError error);
            if (error != SocketError.Success)
            {
                return Transport.ResultOf(error);
            }

            _start += sent;
            total += sent;
        }

        buffers.Return(_bytes!);
        _bytes = null;
        return SendResult.Done;
    }

    private SendResult SendBody(Transport transport, ref long total)
    {
        _unsent.Bound(transport.Socket, _body.Length);
        for (long left = TurnBytes; !_body.IsEmpty;)
        {
            if (left <= 0)
            {
                return SendResult.Yield;
            }

            BodyPart part = _body.Current;
            long most = Math.Min(part.Length, left);
            SendResult result;
            long sent;
            if (part.IsInFile)
            {
                result = transport.SendFile(_body.File!, part.Offset, most, out sent);
            }
            else
            {
                sent = transport.Send(part.Bytes.Span[..(int)most], out SocketError error);
                result = Transport.ResultOf(error);
            }

            if (result != SendResult.Done)
            {
                return result;
            }

            _body.Advance(sent);
            left -= sent;
            total += sent;
            _unsent.Took(sent);
        }

        return SendResult.Done;
    }
}
