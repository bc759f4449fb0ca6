using System.Collections.Generic;
using System.Threading;
using AotServe.Workers;
using Xunit;

namespace AotServe.Tests.Workers;

public sealed class BackgroundThreadsTests
{
    [Fact]
    public void A_thread_that_is_idle_ends_and_no_item_is_left_lying()
    {
        object ownersLock = new();
        var items = new Queue<IThreadPoolWorkItem>();
        int started = 0;
        using var threads = new BackgroundThreads(
            "test",
            1,
            ownersLock,
            () => items.TryDequeue(out IThreadPoolWorkItem? item) ? item : null,
            new BackgroundThreadOptions { ThreadStarted = _ => Interlocked.Increment(ref started) },
            idleTime: 1);
        int done = 0;
        for (int i = 1; i <= 500; i++)
        {
            lock (ownersLock)
            {
                items.Enqueue(new Item(() => Interlocked.Increment(ref done)));
                threads.Wake();
            }

            Eventually.HoldsSoon(() => Volatile.Read(ref done) == i, "the item ran");
            if (i % 5 == 0)
            {
                Thread.Sleep(i % 3); // Before, at and after the end of the idle time.
            }
        }

        Assert.True(Volatile.Read(ref started) > 1, "no thread ended");
    }
}
