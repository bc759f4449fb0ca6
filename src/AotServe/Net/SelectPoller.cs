using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Threading;
using AotServe.Native;

namespace AotServe.Net;

/// <summary>
/// The portable poller, on <see cref="Socket.Select(System.Collections.IList, System.Collections.IList, System.Collections.IList, int)"/>: level-triggered,
/// and each wait passes every armed socket to the system again. For systems without epoll, and for some hundred connections.
/// </summary>
internal sealed class SelectPoller : IPoller
{
    private readonly object _lock = new();
    private readonly Dictionary<int, Entry> _entries = [];
    private readonly Socket _wakeSend;
    private readonly Socket _wakeReceive;
    private bool _isWaiting;
    private long _round;

    // Used by the waiting thread only.
    private readonly List<Socket> _reads = [];
    private readonly List<Socket> _writes = [];
    private readonly Dictionary<Socket, int> _slots = [];

    public SelectPoller()
    {
        // A socketpair(2) where there is one: the sandbox may not let the process connect to itself over TCP.
        (_wakeSend, _wakeReceive) = OperatingSystem.IsWindows() ? ConnectToSelf() : CreatePair();
        _wakeSend.Blocking = false;
        _wakeReceive.Blocking = false;
    }

    public int MostWaiting => 1;

    public void Add(int slot, Socket socket)
    {
        lock (_lock)
        {
            _entries[slot] = new Entry(socket, Interest.None);
        }
    }

    public void Arm(int slot, bool forWriting)
    {
        bool wake;
        lock (_lock)
        {
            if (!_entries.TryGetValue(slot, out Entry entry))
            {
                return; // A listener that another thread closed during its turn.
            }

            _entries[slot] = entry with { Interest = forWriting ? Interest.Write : Interest.Read };
            wake = _isWaiting;
        }

        if (wake)
        {
            Wake();
        }
    }

    /// <summary>
    /// Returns only when no wait uses the socket any more: .NET resets a connection that is closed while another thread
    /// waits for it.
    /// </summary>
    public void Remove(int slot)
    {
        lock (_lock)
        {
            if (!_entries.Remove(slot, out Entry entry) || entry.Interest == Interest.None || !_isWaiting)
            {
                return;
            }

            long round = _round;
            Wake();
            while (_isWaiting && _round == round)
            {
                Monitor.Wait(_lock);
            }
        }
    }

    public void RemoveShared(int slot, Socket socket) => Remove(slot);

    public bool Await(int descriptor, Action ready) => false;

    public int Wait(Span<ReadyEvent> events, int timeoutMs)
    {
        _reads.Clear();
        _writes.Clear();
        _slots.Clear();
        _reads.Add(_wakeReceive);
        lock (_lock)
        {
            foreach ((int slot, Entry entry) in _entries)
            {
                if (entry.Interest == Interest.None)
                {
                    continue;
                }

                (entry.Interest == Interest.Read ? _reads : _writes).Add(entry.Socket);
                _slots[entry.Socket] = slot;
            }

            _isWaiting = true;
        }

        try
        {
            Socket.Select(_reads, _writes, null, timeoutMs < 0 ? -1 : timeoutMs * 1000);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Its owner closed a socket after the lists were made. The next wait makes new ones.
            _reads.Clear();
            _writes.Clear();
        }

        lock (_lock)
        {
            _isWaiting = false;
            _round++;
            Monitor.PulseAll(_lock);
            int stored = 0;
            foreach (Socket socket in _reads)
            {
                if (socket == _wakeReceive)
                {
                    DrainWake();
                }
                else
                {
                    Store(socket, events, ref stored);
                }
            }

            foreach (Socket socket in _writes)
            {
                Store(socket, events, ref stored);
            }

            return stored;
        }
    }

    public void Wake()
    {
        ReadOnlySpan<byte> one = [1];
        _wakeSend.Send(one, SocketFlags.None, out _); // If the socket's buffer is full, the wait will end anyway.
    }

    public void Dispose()
    {
        _wakeSend.Dispose();
        _wakeReceive.Dispose();
    }

    [UnsupportedOSPlatform("windows")]
    private static (Socket Send, Socket Receive) CreatePair()
    {
        int result = SocketPair.Create(out int send, out int receive);
        return result < 0
            ? throw new SocketException(-result)
            : (new Socket(new SafeSocketHandle(send, ownsHandle: true)), new Socket(new SafeSocketHandle(receive, ownsHandle: true)));
    }

    private static (Socket Send, Socket Receive) ConnectToSelf()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var send = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        send.Connect(listener.LocalEndPoint!);
        return (send, listener.Accept());
    }

    /// <summary>Reports a socket and disarms it; one that does not fit stays armed and is found again.</summary>
    private void Store(Socket socket, Span<ReadyEvent> events, ref int stored)
    {
        int slot = _slots[socket];
        if (stored == events.Length || !_entries.TryGetValue(slot, out Entry entry) || entry.Socket != socket)
        {
            return;
        }

        _entries[slot] = entry with { Interest = Interest.None };
        events[stored++] = new ReadyEvent(slot, HangUp: false);
    }

    private void DrainWake()
    {
        Span<byte> scratch = stackalloc byte[64];
        while (_wakeReceive.Receive(scratch, SocketFlags.None, out _) == scratch.Length)
        {
            // Read everything that earlier calls of Wake have sent.
        }
    }

    private enum Interest
    {
        None,
        Read,
        Write,
    }

    private readonly record struct Entry(Socket Socket, Interest Interest);
}
