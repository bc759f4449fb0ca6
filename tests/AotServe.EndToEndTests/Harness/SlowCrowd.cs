using System;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;

namespace AotServe.EndToEndTests.Harness;

/// <summary>Clients that each hold a connection and move a byte a second, all of them on one thread.</summary>
internal sealed class SlowCrowd : IDisposable
{
    private const int Slices = 20;

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    private readonly Socket[] _sockets;
    private readonly SlowKind _kind;
    private readonly Thread _thread;
    private volatile bool _stopping;
    private int _lost;

    /// <summary>Connects them to a port of 127.0.0.1, where <c>/large.bin</c> is larger than the kernel's buffers.</summary>
    public SlowCrowd(int port, SlowKind kind, int count)
    {
        _kind = kind;
        _sockets = new Socket[count];
        try
        {
            for (int i = 0; i < count; i++)
            {
                _sockets[i] = Begin(port, kind);
            }
        }
        catch
        {
            Array.ForEach(_sockets, socket => socket?.Dispose());
            throw;
        }

        _thread = new Thread(Trickle) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>How many the server has closed.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>Closes all of them.</summary>
    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
        Array.ForEach(_sockets, socket => socket.Dispose());
    }

    private static Socket Begin(int port, SlowKind kind)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveBufferSize = 4096,
        };
        socket.Connect(IPAddress.Loopback, port);
        socket.Blocking = false;
        string beginning = kind switch
        {
            SlowKind.Heads => "GET / HTTP/1.1\r\nHost: h\r\nX: ",
            SlowKind.Bodies => "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n",
            SlowKind.Readers => "GET /large.bin HTTP/1.1\r\nHost: h\r\n\r\n",
            _ => string.Concat(Enumerable.Repeat("GET /large.bin HTTP/1.1\r\nHost: h\r\n\r\n", 100)),
        };
        socket.Send(Encoding.ASCII.GetBytes(beginning), SocketFlags.None, out _);
        return socket;
    }

    // A slice of them at a time, so that the load is even.
    private void Trickle()
    {
        var watch = Stopwatch.StartNew();
        for (int slice = 0; !_stopping; slice++)
        {
            int lost = 0;
            for (int i = slice % Slices; i < _sockets.Length; i += Slices)
            {
                if (!Move(_sockets[i]))
                {
                    lost++;
                }
            }

            Interlocked.Add(ref _lost, lost);
            TimeSpan ahead = (slice + 1) * (Round / Slices) - watch.Elapsed;
            if (ahead > TimeSpan.Zero)
            {
                Thread.Sleep(ahead);
            }
        }
    }

    /// <summary>Moves a byte if that is possible now. False: the server has closed the connection.</summary>
    private bool Move(Socket socket)
    {
        Span<byte> one = [(byte)'x'];
        SocketError error = SocketError.Success;
        int moved = 1;
        if (_kind == SlowKind.Readers)
        {
            moved = socket.Receive(one, SocketFlags.None, out error);
        }
        else if (_kind != SlowKind.Deaf)
        {
            socket.Send(one, SocketFlags.None, out error);
        }

        return error == SocketError.WouldBlock || (error == SocketError.Success && moved > 0);
    }
}
