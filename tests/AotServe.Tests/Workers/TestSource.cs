using System;
using System.Collections.Concurrent;
using System.Threading;
using AotServe.Workers;

namespace AotServe.Tests.Workers;

/// <summary>A source that brings what a test gives it: each signal ends one wait, as with an event counter and epoll(7).</summary>
internal sealed class TestSource(int mostWaiting) : IWorkSource, IDisposable
{
    private readonly ConcurrentQueue<IThreadPoolWorkItem> _items = new();
    private readonly AutoResetEvent _signal = new(false);
    private readonly object _lock = new();
    private int _inside;

    public ManualResetEventSlim IsWaitedIn { get; } = new();

    public int MostWaiting => mostWaiting;

    public int MostAtOnce { get; private set; }

    public void Bring(params IThreadPoolWorkItem[] items)
    {
        Array.ForEach(items, _items.Enqueue);
        _signal.Set();
    }

    public int WaitForWork(IThreadPoolWorkItem[] ready, bool mayWait)
    {
        if (mayWait)
        {
            Wait();
        }

        int count = 0;
        while (count < ready.Length && _items.TryDequeue(out IThreadPoolWorkItem? item))
        {
            ready[count++] = item;
        }

        return count;
    }

    private void Wait()
    {
        lock (_lock)
        {
            MostAtOnce = Math.Max(MostAtOnce, ++_inside);
            IsWaitedIn.Set();
        }

        if (_items.IsEmpty)
        {
            _signal.WaitOne(TimeSpan.FromSeconds(30));
        }

        lock (_lock)
        {
            if (--_inside == 0)
            {
                IsWaitedIn.Reset();
            }
        }
    }

    public void Wake() => _signal.Set();

    public void Dispose()
    {
        _signal.Dispose();
        IsWaitedIn.Dispose();
    }
}
