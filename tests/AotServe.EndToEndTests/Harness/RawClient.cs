using System;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace AotServe.EndToEndTests.Harness;

/// <summary>A connection by TCP or a Unix socket that sends what a test wrote, byte for byte, and reads responses strictly.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket;
    private readonly TlsStream? _tls;
    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    /// <summary>Connects to 127.0.0.1, or to another address.</summary>
    /// <param name="port">Where the server listens.</param>
    /// <param name="address">Of the server; null: 127.0.0.1.</param>
    /// <param name="receiveBuffer">About how many bytes the kernel keeps that were not read; 0: as many as it likes.</param>
    /// <param name="source">The address that the client has for the server; null: the system chooses.</param>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public RawClient(int port, IPAddress? address = null, int receiveBuffer = 0, IPAddress? source = null)
    {
        address ??= IPAddress.Loopback;
        _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = (int)Eventually.Bound.TotalMilliseconds,
            SendTimeout = (int)Eventually.Bound.TotalMilliseconds,
        };
        if (receiveBuffer > 0)
        {
            _socket.ReceiveBufferSize = receiveBuffer;
        }

        try
        {
            if (source is not null)
            {
                _socket.Bind(new IPEndPoint(source, 0));
            }

            _socket.Connect(address, port);
            _tls = OverTls.IsOn ? new TlsStream(_socket) : null;
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects to 127.0.0.1 by TLS.</summary>
    /// <param name="port">Where the server listens.</param>
    /// <param name="options">Of the handshake; any certificate will do unless they say otherwise.</param>
    /// <param name="wrap">What the bytes pass through on their way; null: nothing.</param>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The server refuses the handshake.</exception>
    public RawClient(int port, SslClientAuthenticationOptions options, Func<Stream, Stream>? wrap = null)
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = (int)Eventually.Bound.TotalMilliseconds,
            SendTimeout = (int)Eventually.Bound.TotalMilliseconds,
        };
        try
        {
            _socket.Connect(IPAddress.Loopback, port);
            var stream = new NetworkStream(_socket);
            _tls = new TlsStream(wrap is null ? stream : wrap(stream), options);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects to a Unix socket.</summary>
    /// <param name="path">Of its file.</param>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public RawClient(string path)
    {
        _socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        {
            ReceiveTimeout = (int)Eventually.Bound.TotalMilliseconds,
            SendTimeout = (int)Eventually.Bound.TotalMilliseconds,
        };
        try
        {
            _socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>Its TLS session, where it has one.</summary>
    public SslStream Session => _tls!.Session;

    /// <summary>How many bytes have arrived that were not read yet.</summary>
    public int Available => _end - _start + (_tls is null ? _socket.Available : _tls.Available);

    /// <summary>Whether bytes were received that were not read yet.</summary>
    public bool HasReceived => _end > _start;

    /// <summary>Sends text, each character as one byte.</summary>
    public void Send(string text) => Send(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends bytes.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (_tls is not null)
        {
            _tls.Send(bytes);
            return;
        }

        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    /// <summary>Sends text in pieces of so many bytes, each a segment of its own.</summary>
    public void SendInPieces(string text, int size)
    {
        for (int i = 0; i < text.Length; i += size)
        {
            Send(text.Substring(i, int.Min(size, text.Length - i)));
        }
    }

    /// <summary>Sends a GET and reads the answer.</summary>
    public Answer Get(string target, params string[] fieldLines) => Request("GET", target, fieldLines);

    /// <summary>Sends a request without content and reads the answer.</summary>
    public Answer Request(string method, string target, params string[] fieldLines)
    {
        SendRequest(method, target, fieldLines);
        return Read(method);
    }

    /// <summary>The entity tag of a file, once the server has hashed it: that of a large one is weak at first.</summary>
    public string StrongTag(string target, params string[] fieldLines) => Eventually.Is(
        () => Request("HEAD", target, fieldLines)["ETag"]!, tag => tag.StartsWith('"'), $"the tag of {target} is strong");

    /// <summary>Sends a request without content.</summary>
    public void SendRequest(string method, string target, params string[] fieldLines) =>
        Send($"{method} {target} HTTP/1.1\r\nHost: test\r\n" + string.Concat(Array.ConvertAll(fieldLines, line => line + "\r\n")) + "\r\n");

    /// <summary>Reads one response, an interim one (1xx) too.</summary>
    /// <param name="method">The request's method: an answer to HEAD has no content.</param>
    public Answer Read(string method = "GET")
    {
        Answer answer = ReadHead();
        if (answer.Status >= 200)
        {
            Assert.Equal("aotserve", answer["Server"]);
            Assert.True(
                DateTime.TryParseExact(answer["Date"], "r", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
                $"Date: {answer["Date"]}");
        }

        if (method == "HEAD" || answer.Status is < 200 or 204 or 304)
        {
            return answer;
        }

        if (answer["Content-Length"] is { } length)
        {
            Assert.Null(answer["Transfer-Encoding"]);
            return answer with { Body = ReadExactly(int.Parse(length, NumberStyles.None, CultureInfo.InvariantCulture)) };
        }

        return answer["Transfer-Encoding"] is { } coding
            ? answer with { Body = ReadChunks(coding) }
            : answer with { Body = ReadToEnd() };
    }

    /// <summary>Reads a response up to its content, which stays on the connection.</summary>
    public Answer ReadHead()
    {
        string[] status = ReadLine().Split(' ', 3);
        Assert.Equal(3, status.Length);
        Assert.Equal("HTTP/1.1", status[0]);
        var answer = new Answer(status[0], int.Parse(status[1], NumberStyles.None, CultureInfo.InvariantCulture), [], []);
        var fields = new System.Collections.Generic.List<(string, string)>();
        for (string line = ReadLine(); line.Length != 0; line = ReadLine())
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            Assert.True(colon > 0 && !char.IsWhiteSpace(line[colon - 1]), $"Not a field line: {line}");
            fields.Add((line[..colon], line[(colon + 1)..].Trim(' ', '\t')));
        }

        return answer with { Fields = fields };
    }

    /// <summary>Reads so many bytes.</summary>
    public byte[] ReadExactly(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length;)
        {
            if (_start == _end && !Fill())
            {
                throw new EndOfStreamException($"The connection was closed {length - i} bytes too early.");
            }

            int part = int.Min(length - i, _end - _start);
            Array.Copy(_buffer, _start, bytes, i, part);
            _start += part;
            i += part;
        }

        return bytes;
    }

    /// <summary>Reads until the server closes its side. A reset is an error.</summary>
    public byte[] ReadToEnd()
    {
        using var bytes = new MemoryStream();
        do
        {
            bytes.Write(_buffer, _start, _end - _start);
            _start = _end;
        }
        while (Fill());

        return bytes.ToArray();
    }

    /// <summary>Fails unless the server has nothing more to say and closes its side of the connection, without a reset.</summary>
    public void AssertClosed() => Assert.Equal("", Encoding.Latin1.GetString(ReadToEnd()));

    /// <summary>Sends FIN; answers can still be read.</summary>
    public void HalfClose()
    {
        _tls?.Shutdown();
        _socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Closes with a RST.</summary>
    public void Abort()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Dispose();
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose() => _socket.Dispose();

    private byte[] ReadChunks(string coding)
    {
        Assert.Equal("chunked", coding);
        using var bytes = new MemoryStream();
        for (; ; )
        {
            int size = int.Parse(ReadLine(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                Assert.Equal("", ReadLine());
                return bytes.ToArray();
            }

            bytes.Write(ReadExactly(size));
            Assert.Equal("", ReadLine());
        }
    }

    private string ReadLine()
    {
        for (; ; )
        {
            int length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8);
            if (length >= 0)
            {
                string line = Encoding.Latin1.GetString(_buffer, _start, length);
                _start += length + 2;
                return line;
            }

            if (!Fill())
            {
                throw new EndOfStreamException(
                    $"The connection was closed in the middle of a response head: '{Encoding.Latin1.GetString(_buffer, _start, _end - _start)}'");
            }
        }
    }

    private bool Fill()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_end == _buffer.Length)
        {
            if (_start == 0)
            {
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }

            Array.Copy(_buffer, _start, _buffer, 0, _end - _start);
            _end -= _start;
            _start = 0;
        }

        int received = _tls is null ? _socket.Receive(_buffer.AsSpan(_end)) : _tls.Receive(_buffer.AsSpan(_end));
        _end += received;
        return received != 0;
    }
}
