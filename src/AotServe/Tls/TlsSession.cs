using System;
using System.Net.Sockets;
using AotServe.Buffers;
using AotServe.Native;

namespace AotServe.Tls;

/// <summary>
/// The TLS of one connection (RFC 8446, RFC 5246), between its socket and whoever reads and writes plain text. It never waits: it
/// goes as far as the socket's bytes allow. Nothing native is made before a client's first byte. For the connection's owner.
/// </summary>
/// <remarks>
/// Reads go straight from the socket into OpenSSL's buffer (<see cref="RecordReader"/>). Records gather in the worker's buffer and leave in
/// one send; what the socket does not take is kept in a rented buffer (<see cref="RecordSender"/>). Where the kernel encrypts
/// (<see cref="IsByKernel"/>), plain text goes to the socket instead, and nothing gathers.
/// </remarks>
/// <param name="server">Has the certificates and the keys.</param>
/// <param name="socket">Non-blocking; not owned, and open until <see cref="Dispose"/>.</param>
/// <param name="buffers">Lends the buffer for what the socket does not take.</param>
internal sealed class TlsSession(TlsServer server, Socket socket, BufferBudget buffers) : SslCallbacks, IDisposable
{
    /// <summary>What a handshake costs a worker, in usual items of work: some 200 µs.</summary>
    private const int HandshakeCost = 20;

    /// <summary>How many bytes are read before there is a session: more than a client has to send at first.</summary>
    private const int FirstRead = TlsOutput.RecordLength;

    private readonly int _descriptor = (int)socket.Handle;
    private TlsContext? _context;
    private nint _session;
    private RecordReader _reader = new((int)socket.Handle);
    private RecordSender _sender = new((int)socket.Handle, buffers);
    private int _cost;
    private bool _isCharged;
    private bool _isBroken;
    private bool _hasSaidEnd;
    private bool _endsWithNext;
    private bool _mayBeByKernel;

    /// <summary>Whether a handshake has begun and is not done.</summary>
    public bool IsHandshaking => _session != 0 && !IsEstablished;

    /// <summary>Whether the handshake is done.</summary>
    public bool IsEstablished { get; private set; }

    /// <summary>
    /// Whether the kernel encrypts what is sent, so that plain text may go to the socket, and files by sendfile(2). Whoever sends by the
    /// socket tells <see cref="CountSent"/>.
    /// </summary>
    public bool IsByKernel { get; private set; }

    /// <summary>Whether the client's first byte is none of TLS, but may be one of HTTP. What was received is plain text then.</summary>
    public bool IsPlainHttp { get; private set; }

    /// <summary>Whether the handshake was given up, and the client has been told so.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Whether records wait here that the socket has not taken.</summary>
    public bool HasUnsent => _sender.HasUnsent;

    /// <summary>Whether bytes of the client lie in here.</summary>
    public bool HasPending => _session != 0 && SslSessions.HasPending(_session);

    /// <summary>Whether another <see cref="Receive"/> in this turn may give more.</summary>
    public bool MayBeMore => !_reader.IsDrained || HasPending;

    /// <summary>How many bytes the socket has taken so far.</summary>
    public long SentBytes => _sender.SentBytes;

    /// <summary>The name that the client has asked for (SNI); empty: none. Valid as long as the session.</summary>
    public ReadOnlySpan<byte> ServerName => _session == 0 ? default : SslSessions.ServerName(_session);

    /// <summary>The value of Strict-Transport-Security; null: the field is not sent.</summary>
    public byte[]? StrictTransport => server.StrictTransport;

    /// <summary>What was done for the client since this was last asked, in usual items of work.</summary>
    public int TakeCost()
    {
        int cost = _cost;
        _cost = 0;
        return cost;
    }

    /// <summary>Receives plain text, and goes on with the handshake before that.</summary>
    /// <param name="room">Where to; not empty.</param>
    /// <param name="isFirst">Whether it is the first call of a turn.</param>
    /// <param name="mayHaveEnded">Whether the client is known to have ended its side: the end is to be read, too.</param>
    /// <param name="error">WouldBlock: it takes more bytes of the client, or the client has to take some.</param>
    /// <returns>How many bytes; 0 without an error: the client has ended its side.</returns>
    public int Receive(Span<byte> room, bool isFirst, bool mayHaveEnded, out SocketError error)
    {
        _reader.Begin(isFirst, mayHaveEnded);
        error = Flush();
        int count = 0;
        if (error == SocketError.Success && _session == 0)
        {
            count = Begin(room, out error);
        }

        if (error != SocketError.Success || _session == 0 || _isBroken)
        {
            return count;
        }

        OpenSsl.ClearErrors();
        Current = this;
        count = SslSessions.Read(_session, room, out int why);
        Current = null;
        if (!IsEstablished && why != SslSessions.Closed)
        {
            NoteHandshake(why);
        }
        else if (count > 0)
        {
            OpenSsl.NoteSuccess();
        }

        if (IsByKernel && SslSessions.AwaitsNewKeys(_session))
        {
            // OpenSSL cannot give the kernel others, and with the old ones the client may not be served any longer.
            _isBroken = true;
            error = SocketError.ConnectionAborted;
            return 0;
        }

        if (count > 0)
        {
            error = SocketError.Success; // Records that answer the client's own, such as a ticket, leave together with the response.
            return count;
        }

        error = SendGathered();
        if (_isBroken)
        {
            return 0;
        }

        _isBroken = why is not (SslSessions.WantRead or SslSessions.Closed);
        error = _isBroken ? SocketError.ConnectionAborted : why == SslSessions.WantRead ? SocketError.WouldBlock : SocketError.Success;
        return 0;
    }

    /// <summary>Encrypts and sends as much as the socket takes. What was encrypted and not taken is kept: see <see cref="HasUnsent"/>.</summary>
    /// <param name="bytes">Plain text.</param>
    /// <param name="isMoreToCome">Whether more follows at once.</param>
    /// <param name="error">WouldBlock: the client has to take more first. Another: the connection broke, or there is no memory.</param>
    /// <returns>How many bytes were taken over.</returns>
    public int Send(ReadOnlySpan<byte> bytes, bool isMoreToCome, out SocketError error)
    {
        if (IsByKernel)
        {
            return _sender.SendPlain(bytes, isMoreToCome, out error);
        }

        error = _sender.Flush();
        int taken = 0;
        while (error == SocketError.Success && taken < bytes.Length && !HasUnsent)
        {
            ReadOnlySpan<byte> piece = bytes.Slice(taken, Math.Min(bytes.Length - taken, PieceLength));
            OpenSsl.ClearErrors();
            Current = this;
            bool isWritten = !_isBroken && _session != 0 && SslSessions.Write(_session, piece);
            if (isWritten && _endsWithNext && taken + piece.Length == bytes.Length)
            {
                _hasSaidEnd = true;
                SslSessions.WriteClose(_session);
            }

            Current = null;
            if (!isWritten)
            {
                _isBroken = true;
                TlsOutput.Current.Clear();
                error = SocketError.ConnectionAborted;
                return taken;
            }

            OpenSsl.NoteSuccess();
            taken += piece.Length;
            error = SendGathered(isMoreToCome || taken < bytes.Length);
        }

        error = error == SocketError.WouldBlock && taken > 0 ? SocketError.Success : error;
        return taken;
    }

    /// <inheritdoc cref="RecordSender.CountSent"/>
    public void CountSent(long count) => _sender.CountSent(count);

    /// <summary>The next call of <see cref="Send"/> is the last: close_notify leaves together with it, unless the kernel encrypts.</summary>
    public void EndWithNext() => _endsWithNext = true;

    /// <inheritdoc cref="RecordSender.PieceLength"/>
    public int PieceLength => _sender.PieceLength;

    /// <summary>Sends what was gathered in this turn, and what is kept.</summary>
    /// <inheritdoc cref="RecordSender.Flush"/>
    public SocketError Flush()
    {
        SocketError error = _sender.Flush();
        return error == SocketError.Success && TlsOutput.Current.IsOf(this) ? SendGathered() : error;
    }

    /// <summary>Says that no more will come (close_notify). Can be called again where it would block.</summary>
    /// <returns>Success: it is with the kernel, or there is nobody to tell. WouldBlock: the client has to take more first.</returns>
    public SocketError End()
    {
        SocketError error = Flush();
        if (error != SocketError.Success || _hasSaidEnd || _isBroken || !IsEstablished)
        {
            return error;
        }

        OpenSsl.ClearErrors();
        Current = this;
        _hasSaidEnd = SslSessions.WriteClose(_session);
        Current = null;
        return _hasSaidEnd ? SendGathered() : SocketError.WouldBlock;
    }

    public void Dispose()
    {
        if (_session != 0)
        {
            SslSessions.Free(_session);
            _session = 0;
            _context!.Release();
            if (!IsEstablished && !HasFailed)
            {
                server.CountFailure();
            }
        }

        _sender.Dispose();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> bytes) => _reader.Read(bytes);

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> bytes)
    {
        TlsOutput.Current.Add(bytes, this);
        if (!_isCharged)
        {
            _isCharged = true;
            _cost = HandshakeCost;
        }

        // What OpenSSL has encrypted has to be out before the kernel gets the keys, or it would encrypt that, too.
        if (_mayBeByKernel && SendGathered() != SocketError.Success)
        {
            _mayBeByKernel = false;
            SslSessions.KeepFromKernel(_session);
        }
    }

    /// <inheritdoc/>
    public override nint ContextFor(ReadOnlySpan<byte> name) => _context!.Find(name);

    /// <inheritdoc/>
    public override SslTicketKey? NewestKey() => server.Keys.Newest;

    /// <inheritdoc/>
    public override SslTicketKey? KeyOf(ReadOnlySpan<byte> name) => server.Keys.Find(name);

    /// <summary>Receives the first bytes, and makes the session, which finds them in the worker's buffer.</summary>
    /// <returns>How many there are that are none of TLS; 0 without an error and without a session: the client has ended its side.</returns>
    private int Begin(Span<byte> room, out SocketError error)
    {
        room = room[..Math.Min(room.Length, FirstRead)];
        int count = _reader.Read(room);
        error = count >= 0 ? SocketError.Success : count == -1 ? SocketError.WouldBlock : SocketError.ConnectionReset;
        if (count <= 0)
        {
            return 0;
        }

        // A record of TLS begins with its type, 22 for a handshake. A method begins with a letter.
        IsPlainHttp = room[0] is >= (byte)'A' and <= (byte)'Z' or >= (byte)'a' and <= (byte)'z';
        if (IsPlainHttp)
        {
            return count;
        }

        _reader.PutBack(room[..count]);
        _mayBeByKernel = KernelTls.TryEnable(_descriptor);
        _context = server.Acquire();
        _session = SslSessions.Create(_context.Default, _mayBeByKernel ? _descriptor : SslBio.NoSocket);
        if (_session == 0)
        {
            _context.Release();
            error = SocketError.NoBufferSpaceAvailable;
        }

        return 0;
    }

    private SocketError SendGathered(bool isMoreToCome = false)
    {
        SocketError error = _sender.Send(isMoreToCome);
        _isBroken |= error is not (SocketError.Success or SocketError.WouldBlock);
        return error;
    }

    private void NoteHandshake(int why)
    {
        IsEstablished = SslSessions.IsEstablished(_session);
        if (IsEstablished)
        {
            IsByKernel = _mayBeByKernel && SslSessions.IsEncryptedByKernel(_session);
            _mayBeByKernel = false;
            server.CountHandshake(SslSessions.IsResumed(_session));
        }
        else if (why != SslSessions.WantRead)
        {
            HasFailed = true;
            server.CountFailure();
        }
    }
}
