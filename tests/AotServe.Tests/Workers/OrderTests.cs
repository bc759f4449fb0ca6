using AotServe.Workers;
using Xunit;

namespace AotServe.Tests.Workers;

/// <summary>Items run about in the order in which they came, also where some are a worker's own and others are queued.</summary>
public sealed class OrderTests
{
    private readonly Item _first = new(() => { });
    private readonly Item _second = new(() => { });

    [Fact]
    public void What_a_worker_has_comes_before_what_is_queued_after_that()
    {
        (WorkScheduler work, WorkerState worker) = Running();
        work.AddOwn(worker, _first);
        work.Queue.Add(_second);
        Assert.Equal([_first, _second], [work.Take(worker), work.Take(worker)]);
    }

    [Fact]
    public void What_is_queued_comes_before_what_goes_on()
    {
        (WorkScheduler work, WorkerState worker) = Running();
        work.Queue.Add(_first);
        work.AddOwn(worker, _second);
        Assert.Equal([_first, _second], [work.Take(worker), work.Take(worker)]);
    }

    [Fact]
    public void What_a_worker_hands_over_comes_before_what_is_queued()
    {
        (WorkScheduler work, WorkerState worker) = Running();
        work.AddOwn(worker, _first);
        work.Queue.Add(_second);
        work.Queue.BeginBlocking(worker);
        WorkerState other = work.AddWorker();
        Assert.Equal([_first, _second], [work.Take(other), work.Take(other)]);
    }

    /// <summary>One worker of at most one that is active, which has run an item of its own source.</summary>
    private static (WorkScheduler Work, WorkerState Worker) Running()
    {
        var source = new TestSource(int.MaxValue);
        source.Bring(new Item(() => { }));
        var work = new WorkScheduler(source, mostActive: 1, watchNeeded: null);
        WorkerState worker = work.AddWorker();
        Assert.NotNull(work.Take(worker));
        return (work, worker);
    }
}
