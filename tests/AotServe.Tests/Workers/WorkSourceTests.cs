using System;
using System.Collections.Concurrent;
using System.Threading;
using AotServe.Workers;
using Xunit;

namespace AotServe.Tests.Workers;

/// <summary>Leader and followers: who waits in the source, and that nothing which it brings is left lying about.</summary>
public sealed class WorkSourceTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Everything_the_source_brings_is_run(int threads)
    {
        const int Items = 5_000;
        using var source = new Source();
        using var all = new CountdownEvent(Items);
        using var pool = new WorkerPool(threads, source);
        for (int i = 0; i < Items; i++)
            source.Bring(new Item(() => all.Signal()));
        Assert.True(all.Wait(Bound));
        Assert.Equal(1, source.MostAtOnce);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Queued_items_run_while_an_idle_worker_waits_in_the_source(int threads)
    {
        using var source = new Source();
        using var pool = new WorkerPool(threads, source);
        for (int i = 0; i < 200; i++)
        {
            using var ran = new ManualResetEventSlim();
            Assert.True(source.IsWaitedIn.Wait(Bound));
            pool.Execute(new Item(ran.Set));
            Assert.True(ran.Wait(Bound), "the item lay in the queue while a worker was idle");
        }
    }

    [Fact]
    public void While_all_other_workers_are_busy_the_last_one_waits_in_the_source()
    {
        using var source = new Source();
        using var release = new ManualResetEventSlim();
        using var busy = new CountdownEvent(3);
        using var pool = new WorkerPool(4, source);
        for (int i = 0; i < 3; i++)
        {
            source.Bring(new Item(() =>
            {
                busy.Signal();
                release.Wait(Bound);
            }));
        }

        Assert.True(busy.Wait(Bound));
        using var ran = new ManualResetEventSlim();
        source.Bring(new Item(ran.Set));
        Assert.True(ran.Wait(Bound));
        release.Set();
    }

    [Fact]
    public void Dispose_ends_a_wait_in_the_source()
    {
        using var source = new Source();
        var pool = new WorkerPool(2, source);
        Assert.True(source.IsWaitedIn.Wait(Bound));
        pool.Dispose(); // Hangs, and the run with it, where nobody wakes the one who waits.
        Assert.Throws<ObjectDisposedException>(() => pool.Execute(new Item(() => { })));
    }

    /// <summary>A source that brings what a test gives it.</summary>
    private sealed class Source : IWorkSource, IDisposable
    {
        private readonly ConcurrentQueue<IThreadPoolWorkItem> _items = new();
        private readonly AutoResetEvent _signal = new(false);
        private int _inside;

        public ManualResetEventSlim IsWaitedIn { get; } = new();

        public int MostAtOnce { get; private set; }

        public void Bring(IThreadPoolWorkItem item)
        {
            _items.Enqueue(item);
            _signal.Set();
        }

        public int WaitForWork(IThreadPoolWorkItem[] ready)
        {
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _inside));
            IsWaitedIn.Set();
            if (_items.IsEmpty)
                _signal.WaitOne(Bound);
            IsWaitedIn.Reset();
            int count = 0;
            while (count < ready.Length && _items.TryDequeue(out IThreadPoolWorkItem? item))
                ready[count++] = item;
            Interlocked.Decrement(ref _inside);
            return count;
        }

        public void Wake() => _signal.Set();

        public void Dispose()
        {
            _signal.Dispose();
            IsWaitedIn.Dispose();
        }
    }
}
