using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using Xunit;

namespace AotServe.Tests.Shared;

/// <summary>Threads of a test that do the same at the same time.</summary>
internal static class Threads
{
    /// <summary>Runs an action on so many threads at once, each with its number, and fails the test if one fails or does not end.</summary>
    public static void RunAll(int count, Action<int> action)
    {
        var failures = new ConcurrentQueue<Exception>();
        using var start = new Barrier(count);
        Thread[] threads = [.. Enumerable.Range(0, count).Select(number => new Thread(() =>
        {
            try
            {
                start.SignalAndWait();
                action(number);
            }
            catch (Exception e)
            {
                failures.Enqueue(e);
            }
        }) { IsBackground = true })];
        Array.ForEach(threads, thread => thread.Start());
        Assert.All(threads, thread => Assert.True(thread.Join(2 * Eventually.Bound), "A thread does not end."));
        Assert.Empty(failures);
    }
}
