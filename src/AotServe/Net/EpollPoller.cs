using System;
using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Threading;
using AotServe.Native;

namespace AotServe.Net;

/// <summary>
/// The poller for Linux: epoll(7), edge-triggered. A socket is added once for reading, and once for writing if a send ever blocks; it costs no
/// system call after that: <see cref="Arm"/> does nothing. So before it waits, the owner must read or write until the socket would block, or
/// until it gets less than it asked for. And an event can arrive while the socket is owned (see <see cref="PolledSocket"/>).
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class EpollPoller : IPoller
{
    /// <summary>How long a wait takes that failed, ms: whoever waits does so again and again until the server has stopped.</summary>
    private const int PauseAfterFailure = 10;

    private const uint ForReading = Epoll.In | Epoll.ReadHangUp | Epoll.EdgeTriggered;

    private const ulong WakeData = ulong.MaxValue;
    private const ulong AwaitedData = ulong.MaxValue - 1;

    [ThreadStatic]
    private static BusyPolling _polling;

    private readonly int _epoll;
    private readonly int _wake;
    private readonly Action<string>? _failed;
    private Action? _ready;
    private int _failures;

    /// <summary>Creates an epoll instance.</summary>
    /// <param name="failed">Told once why it cannot wait any more, if that happens. Must not throw.</param>
    /// <exception cref="Win32Exception">The kernel cannot create one.</exception>
    public EpollPoller(Action<string>? failed = null)
    {
        _failed = failed;
        _epoll = Required(Epoll.Create());
        _wake = Required(Epoll.CreateEvent());
        Required(Epoll.Add(_epoll, _wake, Epoll.In | Epoll.EdgeTriggered, WakeData));
    }

    public int MostWaiting => int.MaxValue;

    // Not for writing: a new socket can be written to, so that would wake a worker for nothing, while the client computes.
    public void Add(int slot, Socket socket) => ThrowIfFailed(Epoll.Add(_epoll, (int)socket.Handle, ForReading, (ulong)slot));

    // What it is ready for by now is an event (ep_modify in fs/eventpoll.c), so no room that has come meanwhile is missed.
    public void AddWriting(int slot, Socket socket) =>
        ThrowIfFailed(Epoll.Change(_epoll, (int)socket.Handle, ForReading | Epoll.Out, (ulong)slot));

    public void Arm(int slot, bool forWriting)
    {
        // Edge-triggered: the socket stays armed.
    }

    public void Remove(int slot)
    {
        // Closing the socket removes it (epoll(7)).
    }

    public void RemoveShared(int slot, Socket socket) => Epoll.Remove(_epoll, (int)socket.Handle);

    public bool Await(int descriptor, Action ready)
    {
        _ready = ready;
        return Epoll.Add(_epoll, descriptor, Epoll.In | Epoll.EdgeTriggered, AwaitedData) == 0;
    }

    [SkipLocalsInit]
    public int Wait(Span<ReadyEvent> events, int timeoutMs)
    {
        byte* ready = stackalloc byte[events.Length * Epoll.EventSize];
        int count = timeoutMs == 0 ? Epoll.Wait(_epoll, ready, events.Length, 0) : WaitLong(ready, events.Length, timeoutMs);
        if (count < 0)
        {
            Fail(-count);
            return 0;
        }

        int stored = 0;
        for (int i = 0; i < count; i++)
        {
            (uint mask, ulong data) = Epoll.Read(ready, i);
            if (data == WakeData)
            {
                continue; // Edge-triggered: the next write is an event even if the counter is not read.
            }

            if (data == AwaitedData)
            {
                _ready!();
                continue;
            }

            events[stored++] = new ReadyEvent((int)data, (mask & (Epoll.ReadHangUp | Epoll.HangUp | Epoll.Error)) != 0);
        }

        return stored;
    }

    public void Wake()
    {
        ulong one = 1;
        _ = FileDescriptor.Write(_wake, new ReadOnlySpan<byte>(&one, sizeof(ulong)));
    }

    public void Dispose()
    {
        FileDescriptor.Close(_wake);
        FileDescriptor.Close(_epoll);
    }

    /// <summary>The same as <see cref="Epoll.Wait"/>, but the worker stays awake for a moment where that is worth it.</summary>
    private int WaitLong(byte* ready, int capacity, int timeoutMs)
    {
        ref BusyPolling polling = ref _polling;
        int count = 0;
        bool looks = polling.Begin();
        while (looks)
        {
            count = Epoll.Wait(_epoll, ready, capacity, 0);
            looks = count == 0 && polling.GoOn();
        }

        if (count == 0)
        {
            count = Epoll.Wait(_epoll, ready, capacity, timeoutMs);
        }

        polling.End(count);
        return count;
    }

    private void Fail(int error)
    {
        if (Interlocked.Increment(ref _failures) == 1)
        {
            _failed?.Invoke($"epoll_wait: {Errno.Describe(error)}");
        }

        Thread.Sleep(PauseAfterFailure);
    }

    private static void ThrowIfFailed(int result)
    {
        if (result < 0)
        {
            throw new SocketException((int)SocketError.NoBufferSpaceAvailable);
        }
    }

    private static int Required(int result) => result >= 0 ? result : throw new Win32Exception(-result);
}
