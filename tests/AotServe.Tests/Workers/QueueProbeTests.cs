using System.Threading;
using AotServe.Workers;
using Xunit;

namespace AotServe.Tests.Workers;

/// <summary>How long an item waits for a worker.</summary>
public sealed class QueueProbeTests
{
    [Fact]
    public void One_that_was_never_queued_has_not_waited() => Assert.Equal(0, new QueueProbe().Wait);

    [Fact]
    public void It_waits_as_long_as_the_workers_are_busy_and_is_queued_once()
    {
        var probe = new QueueProbe();
        using var go = new ManualResetEventSlim();
        using var busy = new ManualResetEventSlim();
        using var pool = new WorkerPool(1, source: null);
        try
        {
            pool.Execute(new Item(() =>
            {
                busy.Set();
                go.Wait();
            }));
            Assert.True(busy.Wait(Eventually.Bound));
            probe.Start(pool);
            probe.Start(pool);
            Eventually.Holds(() => probe.Wait >= 50, "the wait is seen while it lasts");
            probe.Start(pool);
            Assert.Equal(1, pool.Count().Queued);
        }
        finally
        {
            go.Set();
        }

        // What it has waited stays until it has waited again.
        Eventually.Holds(() => pool.Count().Queued == 0, "its turn has come");
        Assert.True(probe.Wait >= 50);
        Eventually.Holds(
            () =>
            {
                probe.Start(pool);
                return probe.Wait < 50;
            },
            "it is queued again");
    }

    [Fact]
    public void A_pool_that_has_ended_is_no_error()
    {
        var pool = new WorkerPool(1, source: null);
        pool.Dispose();
        new QueueProbe().Start(pool);
    }
}
