using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using AotServe.Workers;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AotServe.Tests.Workers;

/// <summary>The pool on its own, with no source.</summary>
public sealed class WorkerPoolTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [Fact]
    public void Every_item_that_was_queued_has_run_when_Dispose_returns()
    {
        int run = 0;
        var pool = new WorkerPool(3, source: null);
        for (int i = 0; i < 10_000; i++)
        {
            pool.Execute(new Item(() => Interlocked.Increment(ref run)));
        }

        pool.Dispose();
        Assert.Equal(10_000, run);
    }

    [Fact]
    public void Workers_that_give_way_run_everything_all_the_same()
    {
        int run = 0;
        var names = new ConcurrentBag<string>();
        var pool = new WorkerPool(3, source: null, new WorkerPoolOptions
        {
            ThreadStarted = name =>
            {
                names.Add(name);
                return true;
            },
        });
        for (int i = 0; i < 10_000; i++)
        {
            pool.Execute(new Item(() => WorkerPool.Charge(Interlocked.Increment(ref run) % 100)));
        }

        pool.Dispose();
        Assert.Equal(10_000, run);
        Assert.Equal(["worker 0", "worker 1", "worker 2"], names.Order());
        WorkerPool.Charge(1_000); // On a thread that is no worker: nothing.
    }

    [Fact]
    public void Whatever_throws_and_however_many_threads_nothing_queued_is_lost()
    {
        Check.QuickThrowOnFailure(Prop.ForAll<PositiveInt, bool[]>((threads, throwing) =>
        {
            int run = 0;
            int faults = 0;
            int count = Math.Min(threads.Get, 16);
            var options = new WorkerPoolOptions { ReportFault = _ => Interlocked.Increment(ref faults) };
            var pool = new WorkerPool(count, source: null, options);
            foreach (bool throws in throwing)
            {
                pool.Execute(new Item(() =>
                {
                    Interlocked.Increment(ref run);
                    if (throws)
                    {
                        throw new InvalidOperationException();
                    }
                }));
            }

            pool.Dispose();
            return run == throwing.Length && faults == throwing.Count(throws => throws);
        }));
    }

    [Fact]
    public void What_an_item_leaves_to_be_done_next_is_done_behind_what_was_queued_before()
    {
        var order = new List<string>();
        using var begun = new ManualResetEventSlim();
        using var queued = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();
        using (var pool = new WorkerPool(1, source: null))
        {
            pool.Execute(new Item(() =>
            {
                begun.Set();
                Assert.True(queued.Wait(Bound));
                order.Add("first");
                pool.ExecuteNext(new Item(() =>
                {
                    order.Add("next");
                    done.Set();
                }));
            }));
            Assert.True(begun.Wait(Bound));
            pool.Execute(new Item(() => order.Add("second")));
            queued.Set();
            Assert.True(done.Wait(Bound));
        }

        Assert.Equal(["first", "second", "next"], order);
    }

    [Fact]
    public void On_a_thread_that_is_no_worker_somebody_is_woken_for_what_is_next()
    {
        using var run = new ManualResetEventSlim();
        using var pool = new WorkerPool(2, source: null);
        for (int i = 0; i < 100; i++)
        {
            run.Reset();
            pool.ExecuteNext(new Item(run.Set));
            Assert.True(run.Wait(Bound));
        }
    }

    [Fact]
    public void A_worker_that_leaves_two_things_to_be_done_does_not_do_both_while_another_is_idle()
    {
        using var both = new Barrier(2);
        using var done = new CountdownEvent(2);
        using var pool = new WorkerPool(2, source: null);
        pool.Execute(new Item(() =>
        {
            for (int i = 0; i < 2; i++)
            {
                pool.ExecuteNext(new Item(() =>
                {
                    Assert.True(both.SignalAndWait(Bound)); // Each waits for the other: two workers have to come.
                    done.Signal();
                }));
            }
        }));
        Assert.True(done.Wait(Bound));
    }

    [Fact]
    public void A_pool_that_starts_with_one_worker_has_all_of_them_in_the_end()
    {
        var names = new ConcurrentBag<string>();
        using (var pool = new WorkerPool(3, source: null, new WorkerPoolOptions { ThreadStarted = Started, InitialWorkers = 1 }))
        {
            using var run = new ManualResetEventSlim();
            pool.Execute(new Item(run.Set));
            Assert.True(run.Wait(Bound));
            Assert.Equal(["worker 0"], names);
            pool.Start();
            pool.Start();
        }

        Assert.Equal(["worker 0", "worker 1", "worker 2"], names.Order());

        bool Started(string name)
        {
            names.Add(name);
            return false;
        }
    }

    [Fact]
    public void Workers_are_shut_down_and_joined_in_order()
    {
        var lines = new List<string>();
        new WorkerPool(4, source: null, new WorkerPoolOptions { Report = lines.Add }).Dispose();
        Assert.Equal(
            ["Shutting down worker 0", "Shutting down worker 1", "Shutting down worker 2", "Shutting down worker 3"],
            lines);
    }

    [Fact]
    public void Items_run_on_dedicated_named_threads_of_their_own()
    {
        var names = new ConcurrentDictionary<string, bool>();
        using var all = new CountdownEvent(4);
        using (var pool = new WorkerPool(4, source: null))
        {
            for (int i = 0; i < 4; i++)
            {
                pool.Execute(new Item(() =>
                {
                    names[Thread.CurrentThread.Name!] = Thread.CurrentThread.IsThreadPoolThread;
                    all.Signal();
                    all.Wait(Bound); // Holds its worker until all four have one.
                }));
            }
        }

        Assert.Equal(["worker 0", "worker 1", "worker 2", "worker 3"], names.Keys.Order());
        Assert.DoesNotContain(true, names.Values);
    }

    [Fact]
    public void An_item_that_throws_is_reported_and_costs_no_worker()
    {
        var faults = new List<Exception>();
        using var ran = new ManualResetEventSlim();
        using (var pool = new WorkerPool(1, source: null, new WorkerPoolOptions { ReportFault = faults.Add }))
        {
            pool.Execute(new Item(() => throw new InvalidOperationException("first")));
            pool.Execute(new Item(ran.Set));
            Assert.True(ran.Wait(Bound));
        }

        Assert.Equal("first", Assert.Single(faults).Message);
    }

    [Fact]
    public void A_report_that_throws_costs_no_worker_either()
    {
        using var ran = new ManualResetEventSlim();
        var options = new WorkerPoolOptions { ReportFault = _ => throw new InvalidOperationException("report") };
        using var pool = new WorkerPool(1, source: null, options);
        pool.Execute(new Item(() => throw new InvalidOperationException()));
        pool.Execute(new Item(ran.Set));
        Assert.True(ran.Wait(Bound));
    }

    [Fact]
    public void Execute_after_Dispose_throws()
    {
        var pool = new WorkerPool(2, source: null);
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pool.Execute(new Item(() => { })));
    }

    [Fact]
    public void Dispose_may_be_called_twice_and_reports_once()
    {
        var lines = new List<string>();
        var pool = new WorkerPool(2, source: null, new WorkerPoolOptions { Report = lines.Add });
        pool.Dispose();
        pool.Dispose();
        Assert.Equal(2, lines.Count);
    }

    [Fact]
    public void Dispose_from_two_threads_returns_to_both_only_when_all_workers_have_ended()
    {
        using var release = new ManualResetEventSlim();
        using var started = new ManualResetEventSlim();
        bool ended = false;
        var pool = new WorkerPool(2, source: null);
        pool.Execute(new Item(() =>
        {
            started.Set();
            release.Wait(Bound);
            Volatile.Write(ref ended, true);
        }));
        Assert.True(started.Wait(Bound));

        bool[] sawEnd = new bool[2];
        var threads = new Thread[2];
        for (int i = 0; i < 2; i++)
        {
            int index = i;
            threads[i] = new Thread(() =>
            {
                pool.Dispose();
                sawEnd[index] = Volatile.Read(ref ended);
            });
            threads[i].Start();
        }

        release.Set();
        foreach (Thread thread in threads)
        {
            Assert.True(thread.Join(Bound));
        }

        Assert.Equal([true, true], sawEnd);
    }

    [Fact]
    public void A_worker_that_disposes_its_own_pool_is_told_that_this_is_wrong()
    {
        Exception? fault = null;
        var pool = new WorkerPool(1, source: null, new WorkerPoolOptions { ReportFault = e => fault = e });
        pool.Execute(new Item(pool.Dispose));
        pool.Dispose();
        Assert.IsType<InvalidOperationException>(fault);
    }

    [Fact]
    public void Dispose_does_not_wait_for_a_worker_that_has_left_for_good()
    {
        using var forever = new ManualResetEventSlim();
        using var left = new ManualResetEventSlim();
        var pool = new WorkerPool(2, source: null);
        pool.Execute(new Item(() =>
        {
            WorkerPool.AbandonCurrentWorker();
            left.Set();
            forever.Wait(Bound);
        }));
        Assert.True(left.Wait(Bound));
        pool.Dispose(); // Would take until the bound.
        Assert.False(forever.IsSet);
        forever.Set();
    }

    [Fact]
    public void An_item_may_queue_another_until_the_pool_closes()
    {
        int run = 0;
        using var done = new ManualResetEventSlim();
        using var pool = new WorkerPool(2, source: null);
        pool.Execute(new Item(Next));
        Assert.True(done.Wait(Bound));
        Assert.Equal(1000, run);

        void Next()
        {
            if (Interlocked.Increment(ref run) < 1000)
            {
                pool.Execute(new Item(Next));
            }
            else
            {
                done.Set();
            }
        }
    }

    [Fact]
    public void No_threads_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new WorkerPool(0, source: null));
}
