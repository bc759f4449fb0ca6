using System;
using System.Net.Sockets;
using AotServe.Http;

namespace AotServe.Net;

/// <summary>
/// One client's connection: reads requests, has them answered, sends the answers, and closes. Never waits: whenever the
/// socket would block it lets go of itself and comes back with the next event. It holds a buffer only while there are
/// bytes in it.
/// </summary>
internal sealed partial class Connection : PolledSocket, IPersistence
{
    /// <summary>Short answers to pipelined requests are gathered up to this many bytes.</summary>
    private const int FlushAt = 32 * 1024;

    /// <summary>How many full reads one turn takes before others have theirs.</summary>
    private const int ReadsPerTurn = 16;

    private readonly Server _server;
    private readonly Socket _socket;
    private readonly SendQueue _sendQueue;
    private readonly ulong _address;
    private Phase _phase = Phase.Idle;
    private RequestBody? _body;

    // Bytes received and not yet used, in a rented buffer; null while there are none.
    private byte[]? _input;
    private int _inputLength;

    private long _deadline;
    private long _lastActive;
    private Transfer _transfer;
    private long _requests;
    private bool _isPolled;

    // Whole requests may lie in _input, put aside while an answer was blocked.
    private bool _inputUnparsed;

    // The kernel may hold more received bytes than were read.
    private bool _unread;

    // What was read holds more than the request being answered.
    private bool _moreRead;

    // No further request is answered; what is being sent is the last.
    private bool _closing;

    // Its address has its share without it.
    private bool _isSurplus;

    // The client said that it sends no more requests, so closing cannot cut an answer short (RFC 9112 §9.6).
    private bool _clientCloses;

    /// <summary>Takes over a socket that was just accepted. The creator is the owner.</summary>
    /// <param name="server">Whose connection it is.</param>
    /// <param name="socket">Non-blocking.</param>
    /// <param name="address">The client's address as <see cref="AddressCounts"/> counts it.</param>
    /// <param name="isSurplus">Whether its address has its share already: its first request is told so, soon.</param>
    public Connection(Server server, Socket socket, ulong address, bool isSurplus)
    {
        _server = server;
        _socket = socket;
        _address = address;
        _sendQueue = new SendQueue(server.Buffers);
        _lastActive = Environment.TickCount64;
        _isSurplus = isSurplus;
        _deadline = _lastActive + (isSurplus ? ConnectionLimits.Surplus : server.Limits.IdleTimeout);
    }

    private enum Phase
    {
        /// <summary>Between requests, or before the first.</summary>
        Idle,

        /// <summary>Part of a head has arrived.</summary>
        Head,

        /// <summary>The head is complete, the body is not.</summary>
        Body,

        /// <summary>A handler has been asked for the answer, and it is not all with the kernel.</summary>
        Answering,

        /// <summary>The client has to take more of an answer before anything else happens.</summary>
        Sending,

        /// <summary>The last answer and FIN are sent; what still comes is discarded.</summary>
        Lingering,
    }

    private enum Next
    {
        /// <summary>The socket would block: wait for an event.</summary>
        Wait,

        /// <summary>There is more to do, after others had their turn.</summary>
        Yield,

        /// <summary>Nothing is left to do but close.</summary>
        Close,
    }

    /// <summary>
    /// When the connection has waited long enough, as <see cref="Environment.TickCount64"/>. Read by the sweep without
    /// ownership: a stale value makes for a look too many.
    /// </summary>
    public long Deadline => System.Threading.Volatile.Read(ref _deadline);

    /// <summary>
    /// Since when there was no request, as <see cref="Environment.TickCount64"/>; the largest value where there is one.
    /// Read without ownership, for a choice among many: a stale value makes for a choice that is not the best.
    /// </summary>
    public long IdleSince => _phase == Phase.Idle ? System.Threading.Volatile.Read(ref _lastActive) : long.MaxValue;

    /// <summary>Set to have the connection closed, if it is still idle at its next turn, to make room for others.</summary>
    public bool IsEvicted { get; set; }

    /// <summary>Whether a request has begun and is not yet answered in full. For the owner, or once workers have ended.</summary>
    public bool IsInFlight => _phase is Phase.Head or Phase.Body or Phase.Answering or Phase.Sending;

    /// <summary>See <see cref="IClient.Network"/>. For the owner.</summary>
    public ulong ClientNetwork
    {
        get
        {
            try
            {
                return AddressCounts.KeyOf(_socket);
            }
            catch (SocketException)
            {
                return 0;
            }
        }
    }

    /// <summary>Takes a turn. Called by the owner, on a worker's thread.</summary>
    public override void Execute()
    {
        WorkerContext context = WorkerContext.Current;
        context.Connection = this;
        Next next;
        try
        {
            do
            {
                next = _server.IsCutOff ? Next.Close : Run(context);
                if (next == Next.Wait)
                {
                    next = BeforeWaiting(context);
                }
            }
            while (next == Next.Wait && !LetGo(ref next));
        }
        catch (Exception e)
        {
            // Memory ran out, or there is a bug: without an owner it would stay for ever.
            _server.ReportFault(e);
            context.Clear();
            next = Next.Close;
        }

        context.Connection = null;
        if (next == Next.Close)
        {
            Close();
        }
        else if (next == Next.Yield)
        {
            _server.Queue(this, atEnd: true);
        }
    }

    /// <summary>Closes the socket and gives back what is held. Called by the owner, or once workers have ended.</summary>
    public void Close()
    {
        if (_isPolled)
        {
            _server.Poller.Remove(Slot);
        }

        _server.ReturnShare(_address);
        _socket.Dispose();
        _sendQueue.Drop();
        _body?.Dispose();
        _body = null;
        if (_input is not null)
        {
            _server.Buffers.Return(_input);
        }

        _input = null;
        _server.Forget(this);
    }

    private Next Run(WorkerContext context)
    {
        if (_phase == Phase.Lingering)
        {
            return Linger(context);
        }

        if (!_sendQueue.IsEmpty)
        {
            SendResult sent = SendHeld();
            if (sent != SendResult.Done)
            {
                return After(sent);
            }

            if (_closing)
            {
                return BeginClose(context);
            }

            _unread = true; // Events that came while the answer was blocked have been used up.
        }

        return Serve(context);
    }

    /// <summary>Starts watching where that was not done yet, and gives up ownership. False: look again, or close.</summary>
    private bool LetGo(ref Next next)
    {
        try
        {
            if (!_isPolled)
            {
                _isPolled = true;
                _server.Poller.Add(Slot, _socket);
            }

            _server.Poller.Arm(Slot, _phase == Phase.Sending);
        }
        catch (SocketException)
        {
            next = Next.Close; // The kernel cannot watch one more.
            return true;
        }

        return TryRelease();
    }
}
