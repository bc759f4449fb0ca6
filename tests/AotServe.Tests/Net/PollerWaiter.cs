using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using AotServe.Net;

namespace AotServe.Tests.Net;

/// <summary>Threads that wait with a poller as the workers do, and count the events of each slot. They arm nothing.</summary>
internal sealed class PollerWaiter : IDisposable
{
    private readonly IPoller _poller;
    private readonly Thread[] _threads;
    private readonly Dictionary<int, int> _events = [];
    private volatile bool _stopping;
    private int _waits;

    public PollerWaiter(IPoller poller, int threads = 1)
    {
        _poller = poller;
        _threads = [.. Enumerable.Range(0, threads).Select(_ => new Thread(Run) { IsBackground = true })];
        Array.ForEach(_threads, thread => thread.Start());
    }

    /// <summary>How many waits have ended so far.</summary>
    public int Waits => Volatile.Read(ref _waits);

    /// <summary>How many events a slot had so far.</summary>
    public int EventsOf(int slot)
    {
        lock (_events)
        {
            return _events.GetValueOrDefault(slot);
        }
    }

    /// <summary>Ends the threads, however many wakes that takes.</summary>
    public void Dispose()
    {
        _stopping = true;
        foreach (Thread thread in _threads)
        {
            Eventually.Holds(
                () =>
                {
                    _poller.Wake();
                    return thread.Join(1);
                },
                "a wake ends the wait");
        }
    }

    private void Run()
    {
        var events = new ReadyEvent[64];
        while (!_stopping)
        {
            int count = _poller.Wait(events, -1);
            Interlocked.Increment(ref _waits);
            lock (_events)
            {
                foreach (ReadyEvent ready in events.AsSpan(0, count))
                {
                    _events[ready.Slot] = _events.GetValueOrDefault(ready.Slot) + 1;
                }
            }
        }
    }
}
