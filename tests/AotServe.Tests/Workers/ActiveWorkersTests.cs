using System;
using System.Threading;
using AotServe.Workers;
using Xunit;

namespace AotServe.Tests.Workers;

/// <summary>No more workers are active than may be, as long as they get on; where they do not, others work in their place.</summary>
public sealed class ActiveWorkersTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(8, 1, int.MaxValue)]
    [InlineData(8, 2, int.MaxValue)]
    [InlineData(8, 2, 1)]
    [InlineData(2, 4, int.MaxValue)]
    public void Everything_is_run_whatever_the_limit(int threads, int mostActive, int mostWaiting)
    {
        const int Items = 5_000;
        using var source = new TestSource(mostWaiting);
        using var all = new CountdownEvent(2 * Items);
        using var pool = new WorkerPool(threads, source, new WorkerPoolOptions { MostActive = mostActive });
        for (int i = 0; i < Items; i++)
        {
            source.Bring(new Item(() => all.Signal()));
            pool.Execute(new Item(() => all.Signal()));
        }

        Assert.True(all.Wait(Bound));
    }

    [Fact]
    public void Those_that_are_not_active_do_not_wait_in_the_source()
    {
        using var source = new TestSource(int.MaxValue);
        using var pool = new WorkerPool(8, source, new WorkerPoolOptions { MostActive = 2 });
        Eventually.Holds(() => pool.Count() is (2, 6, 0), "two wait in the source, and six sleep");
        Assert.Equal(2, source.MostAtOnce);
    }

    [Fact]
    public void A_worker_that_says_that_it_waits_is_replaced_at_once()
    {
        using var source = new TestSource(int.MaxValue);
        using var go = new ManualResetEventSlim();
        using var waiting = new CountdownEvent(3);
        using var done = new CountdownEvent(4);
        using var pool = new WorkerPool(4, source, new WorkerPoolOptions { MostActive = 1 });
        for (int i = 0; i < 3; i++)
        {
            source.Bring(new Item(() =>
            {
                WorkerPool.BeginBlocking();
                waiting.Signal();
                go.Wait(Bound);
                WorkerPool.EndBlocking();
                done.Signal();
            }));
        }

        Assert.True(waiting.Wait(Bound), "all three wait at once");
        source.Bring(new Item(() => done.Signal()));
        Eventually.Holds(() => done.CurrentCount == 3, "another one is run beside them");
        go.Set();
        Assert.True(done.Wait(Bound));
        Eventually.Holds(() => pool.Count() is (1, 3, 0), "they are active one at a time again");
    }

    [Theory]
    [InlineData(1, int.MaxValue)]
    [InlineData(2, int.MaxValue)]
    [InlineData(1, 1)]
    public void Workers_that_do_not_get_on_are_noticed_and_replaced(int mostActive, int mostWaiting)
    {
        // Each waits for all the others, and says nothing.
        using var source = new TestSource(mostWaiting);
        using var together = new Barrier(4);
        using var done = new CountdownEvent(4);
        using var needed = new AutoResetEvent(false);
        using var pool = new WorkerPool(4, source, new WorkerPoolOptions { MostActive = mostActive, WatchNeeded = () => needed.Set() });
        using var watch = new Watch(pool, needed);
        for (int round = 0; round < 10; round++)
        {
            // Every other time the watch has had time to end.
            Eventually.Holds(() => round % 2 == 0 || !pool.IsWatched, "nobody looks any more");
            done.Reset();
            for (int i = 0; i < 4; i++)
            {
                source.Bring(new Item(() =>
                {
                    together.SignalAndWait(Bound);
                    done.Signal();
                }));
            }

            Assert.True(done.Wait(Bound), "all four run at once");
        }
    }

    [Fact]
    public void A_queue_that_is_never_empty_does_not_keep_a_worker_from_the_source()
    {
        using var source = new TestSource(int.MaxValue);
        using var done = new ManualResetEventSlim();
        using var pool = new WorkerPool(1, source, new WorkerPoolOptions { MostActive = 1 });
        Item? again = null;
        again = new Item(() =>
        {
            if (!done.IsSet)
            {
                pool.ExecuteNext(again!);
            }
        });
        pool.Execute(again);
        source.Bring(new Item(done.Set));
        Assert.True(done.Wait(Bound));
    }

    [Fact]
    public void A_pool_whose_workers_all_wait_can_be_disposed_of()
    {
        using var go = new ManualResetEventSlim();
        using var waiting = new CountdownEvent(2);
        var source = new TestSource(int.MaxValue);
        var pool = new WorkerPool(2, source, new WorkerPoolOptions { MostActive = 1 });
        for (int i = 0; i < 2; i++)
        {
            pool.Execute(new Item(() =>
            {
                WorkerPool.BeginBlocking();
                waiting.Signal();
                go.Wait(Bound);
                WorkerPool.EndBlocking();
            }));
        }

        Assert.True(waiting.Wait(Bound));
        var disposal = new Thread(pool.Dispose);
        disposal.Start();
        go.Set();
        Assert.True(disposal.Join(Bound));
        source.Dispose();
    }
}
