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
/// <remarks>
/// Where the system refuses to wait, every armed socket gets an event every few ms, so that what was begun can still be ended.
/// </remarks>
internal sealed class SelectPoller : IPoller
{
    /// <summary>How many of the sockets are no connections: those that listen, and the one that ends a wait.</summary>
    private const int OtherSockets = 256;

    /// <summary>After so many failures without a success the system is taken to refuse. One may come of a socket that was just closed.</summary>
    private const int MostFailures = 100;

    /// <summary>How long a wait takes where the system refuses to wait, ms.</summary>
    private const int PauseAfterFailure = 10;

    private readonly object _lock = new();
    private readonly Dictionary<int, Entry> _entries = [];
    private readonly Socket _wakeSend;
    private readonly Socket _wakeReceive;
    private readonly Action<string>? _failed;
    private bool _isWaiting;
    private long _round;
    private int _failures;
    private bool _hasFailed;
    private int _nextPlace;

    // Used by the waiting thread only.
    private readonly List<Socket> _reads = [];
    private readonly List<Socket> _writes = [];
    private readonly Dictionary<Socket, int> _slots = [];

    /// <summary>Creates one.</summary>
    /// <param name="failed">Told once why it cannot wait any more, if that happens. Must not throw.</param>
    public SelectPoller(Action<string>? failed = null)
    {
        _failed = failed;

        // A socketpair(2) where there is one: the sandbox may not let the process connect to itself over TCP.
        (_wakeSend, _wakeReceive) = OperatingSystem.IsWindows() ? ConnectToSelf() : CreatePair();
        _wakeSend.Blocking = false;
        _wakeReceive.Blocking = false;
    }

    /// <summary>How many connections it can watch on this system, beside the sockets that listen.</summary>
    public static int MostConnections => MostSockets(OperatingSystem.IsMacOS()) - OtherSockets;

    public int MostWaiting => 1;

    public void Add(int slot, Socket socket)
    {
        lock (_lock)
        {
            _entries[slot] = new Entry(socket, Interest.None);
        }
    }

    public void AddWriting(int slot, Socket socket)
    {
        // Each wait asks for what is armed.
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
        try
        {
            if (!_hasFailed)
            {
                Select(timeoutMs);
            }
            else
            {
                Pause();
            }
        }
        catch (Exception e)
        {
            // As a rule, its owner closed a socket after the lists were made. The next wait makes new ones.
            CountFailure(e);
            _reads.Clear();
            _writes.Clear();
        }

        lock (_lock)
        {
            _isWaiting = false;
            _round++;
            Monitor.PulseAll(_lock);
            return _hasFailed ? StoreArmed(events) : StoreReady(events);
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

    /// <summary>
    /// How many sockets it can watch: as many as .NET takes, and on macOS as many as poll(2) takes there (OPEN_MAX).
    /// </summary>
    internal static int MostSockets(bool isMacOS) => isMacOS ? 10_240 : 65_536;

    /// <summary>Waits until a socket of the lists is ready, and leaves only such in them.</summary>
    private void Select(int timeoutMs)
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

        Socket.Select(_reads, _writes, null, timeoutMs < 0 ? -1 : timeoutMs * 1000);
        _failures = 0;
    }

    /// <summary>Waits for some ms, or for <see cref="Wake"/>, where the system refuses to wait for more.</summary>
    private void Pause()
    {
        if (_wakeReceive.Poll(TimeSpan.FromMilliseconds(PauseAfterFailure), SelectMode.SelectRead))
        {
            DrainWake();
        }
    }

    private void CountFailure(Exception e)
    {
        bool mayPass = e is SocketException or ObjectDisposedException or OutOfMemoryException;
        if (_hasFailed)
        {
            Thread.Sleep(PauseAfterFailure);
        }
        else if (!mayPass || ++_failures > MostFailures)
        {
            _hasFailed = true;
            _failed?.Invoke(mayPass ? ErrorText.Describe(e) : $"{_reads.Count + _writes.Count} at once are more than the system can watch");
        }
    }

    /// <summary>Reports the sockets that are ready.</summary>
    private int StoreReady(Span<ReadyEvent> events)
    {
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

    /// <summary>Reports armed sockets, ready or not: as many as fit, the next ones the next time.</summary>
    private int StoreArmed(Span<ReadyEvent> events)
    {
        int stored = 0;
        int place = 0;
        foreach ((int slot, Entry entry) in _entries)
        {
            if (place++ < _nextPlace || entry.Interest == Interest.None)
            {
                continue;
            }

            events[stored++] = new ReadyEvent(slot, HangUp: false);
            if (stored == events.Length)
            {
                break;
            }
        }

        foreach (ReadyEvent e in events[..stored])
        {
            _entries[e.Slot] = _entries[e.Slot] with { Interest = Interest.None };
        }

        _nextPlace = stored == events.Length ? place : 0;
        return stored;
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
