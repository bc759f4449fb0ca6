using System;
using System.IO;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading.Tasks;

namespace AotServe.EndToEndTests.Harness;

/// <summary>TLS over a client's socket. It fails as the socket would: where that was reset or refused, by its own exception.</summary>
internal sealed class TlsStream
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

    private readonly SslStream _stream;
    private readonly bool _isClosed;
    private readonly byte[] _ahead = new byte[16 * 1024];
    private Task<int>? _reading;
    private int _read;

    /// <summary>Makes a handshake. A server that closes meanwhile has closed the connection, as without TLS.</summary>
    public TlsStream(Socket socket)
    {
        _stream = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        try
        {
            _stream.AuthenticateAsClient("localhost");
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            _isClosed = true;
        }
    }

    /// <summary>Makes a handshake as the options say, whatever the certificate.</summary>
    /// <exception cref="AuthenticationException">The server refuses it.</exception>
    public TlsStream(Stream socket, SslClientAuthenticationOptions options)
    {
        options.RemoteCertificateValidationCallback ??= (_, _, _, _) => true;
        options.TargetHost ??= "localhost";
        options.AllowTlsResume = false; // Whoever resumes shows the certificate of before.
        _stream = new SslStream(socket);
        _stream.AuthenticateAsClient(options);
    }

    /// <summary>The session.</summary>
    public SslStream Session => _stream;

    /// <summary>How many bytes have arrived: not of TLS itself, such as a ticket, but of what it carries.</summary>
    public int Available
    {
        get
        {
            if (_isClosed)
            {
                return 0;
            }

            _reading ??= _stream.ReadAsync(_ahead).AsTask();
            return Task.WaitAny([_reading], Moment) == 0 && _reading.IsCompletedSuccessfully ? _reading.Result - _read : 0;
        }
    }

    /// <summary>Sends all of the bytes.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (!_isClosed)
            {
                _stream.Write(bytes);
            }
        }
        catch (IOException e) when (e.InnerException is SocketException inner)
        {
            throw inner;
        }
    }

    /// <summary>Receives some bytes; 0: the server has ended.</summary>
    public int Receive(Span<byte> bytes)
    {
        if (_isClosed)
        {
            return 0;
        }

        try
        {
            if (_reading is null)
            {
                return _stream.Read(bytes);
            }

            if (Task.WaitAny([_reading], Eventually.Bound) < 0)
            {
                throw new SocketException((int)SocketError.TimedOut);
            }

            int count = Math.Min(_reading.GetAwaiter().GetResult() - _read, bytes.Length);
            _ahead.AsSpan(_read, count).CopyTo(bytes);
            _read += count;
            if (_read == _reading.Result)
            {
                (_reading, _read) = (null, 0);
            }

            return count;
        }
        catch (IOException e) when (e.InnerException is SocketException inner)
        {
            throw inner;
        }
    }

    /// <summary>Sends close_notify.</summary>
    public void Shutdown()
    {
        if (!_isClosed)
        {
            _stream.ShutdownAsync().Wait();
        }
    }
}
