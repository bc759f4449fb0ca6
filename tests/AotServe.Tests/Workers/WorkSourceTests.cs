using System;
using System.Threading;
using AotServe.Workers;
using Xunit;

namespace AotServe.Tests.Workers;

/// <summary>Who waits in the source, and that nothing which it brings is left lying about.</summary>
public sealed class WorkSourceTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(4, 1)]
    [InlineData(1, int.MaxValue)]
    [InlineData(4, 2)]
    [InlineData(4, int.MaxValue)]
    public void Everything_the_source_brings_is_run(int threads, int mostWaiting)
    {
        const int Items = 5_000;
        using var source = new TestSource(mostWaiting);
        using var all = new CountdownEvent(Items);
        using var pool = new WorkerPool(threads, source);
        for (int i = 0; i < Items; i++)
        {
            source.Bring(new Item(() => all.Signal()));
        }

        Assert.True(all.Wait(Bound));
        Assert.InRange(source.MostAtOnce, 1, Math.Min(threads, mostWaiting));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(4, 2)]
    [InlineData(4, int.MaxValue)]
    public void Queued_items_run_while_an_idle_worker_waits_in_the_source(int threads, int mostWaiting)
    {
        using var source = new TestSource(mostWaiting);
        using var pool = new WorkerPool(threads, source);
        for (int i = 0; i < 200; i++)
        {
            using var ran = new ManualResetEventSlim();
            Assert.True(source.IsWaitedIn.Wait(Bound));
            pool.Execute(new Item(ran.Set));
            Assert.True(ran.Wait(Bound), "the item lay in the queue while a worker was idle");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public void Queued_items_run_side_by_side_as_far_as_there_are_idle_workers(int mostWaiting) =>
        AssertRunSideBySide(mostWaiting, static (pool, _, items) => Array.ForEach(items, pool.Execute));

    [Theory]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public void What_the_source_brings_at_once_runs_side_by_side(int mostWaiting) =>
        AssertRunSideBySide(mostWaiting, static (_, source, items) => source.Bring(items));

    [Theory]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public void While_all_other_workers_are_busy_the_last_one_waits_in_the_source(int mostWaiting)
    {
        using var source = new TestSource(mostWaiting);
        using var release = new ManualResetEventSlim();
        using var busy = new CountdownEvent(3);
        using var needed = new AutoResetEvent(false);
        using var pool = new WorkerPool(4, source, new WorkerPoolOptions { WatchNeeded = () => needed.Set() });
        using var watch = new Watch(pool, needed);
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

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(int.MaxValue)]
    public void Dispose_ends_the_waits_in_the_source(int mostWaiting)
    {
        using var source = new TestSource(mostWaiting);
        var pool = new WorkerPool(4, source);
        Assert.True(source.IsWaitedIn.Wait(Bound));
        pool.Dispose(); // Hangs, and the run with it, where nobody wakes the one who waits.
        Assert.Throws<ObjectDisposedException>(() => pool.Execute(new Item(() => { })));
    }

    private static void AssertRunSideBySide(int mostWaiting, Action<WorkerPool, TestSource, IThreadPoolWorkItem[]> give)
    {
        using var source = new TestSource(mostWaiting);
        using var meeting = new Barrier(4);
        using var met = new CountdownEvent(4);
        using var needed = new AutoResetEvent(false);
        using var pool = new WorkerPool(4, source, new WorkerPoolOptions { WatchNeeded = () => needed.Set() });
        using var watch = new Watch(pool, needed);
        var items = new IThreadPoolWorkItem[4];
        Array.Fill(items, new Item(() =>
        {
            // Returns only when all four are running.
            if (meeting.SignalAndWait(Bound))
            {
                met.Signal();
            }
        }));
        for (int round = 0; round < 50; round++)
        {
            met.Reset();
            give(pool, source, items);
            Assert.True(met.Wait(Bound), "items lay in the queue while workers were idle");
        }
    }
}
