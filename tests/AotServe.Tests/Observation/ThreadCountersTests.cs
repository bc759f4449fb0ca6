using System;
using System.Linq;
using AotServe.Http;
using AotServe.Observation;
using Xunit;

namespace AotServe.Tests.Observation;

/// <summary>What several threads count adds up, also while they count.</summary>
public sealed class ThreadCountersTests
{
    [Fact]
    public void An_exchange_counts_by_its_method_and_status_with_its_bytes_and_its_time()
    {
        var counters = new ThreadCounters();
        counters.Count(Exchange(RequestMethod.Get, 200), 1_000, 50);
        counters.Count(Exchange(RequestMethod.Get, 200), 0, 51);
        counters.Count(Exchange(RequestMethod.Head, 200), 0, 10_000_000);
        counters.Count(Exchange(RequestMethod.Get, 404), 5, 10_000_001);
        CounterSum sum = SumOf(counters);

        Assert.Equal(
            [((RequestMethod.Get, 200), 2L), ((RequestMethod.Get, 404), 1L), ((RequestMethod.Head, 200), 1L)],
            sum.Requests.Select(row => ((row.Method, row.Status), row.Count)));
        Assert.Equal((4, (4 * 100) + 1_005, 20_000_102), (sum.Count, sum.ResponseBytes, sum.Microseconds));
        long[] buckets = new long[ThreadCounters.Bounds.Length + 1];
        (buckets[0], buckets[1], buckets[^2], buckets[^1]) = (1, 1, 1, 1); // A bound belongs to its own bucket.
        Assert.Equal(buckets, sum.Buckets);
    }

    [Fact]
    public void As_many_methods_and_statuses_as_there_are_find_room()
    {
        var counters = new ThreadCounters();
        RequestMethod[] methods = Enum.GetValues<RequestMethod>();
        for (int round = 1; round <= 3; round++)
        {
            foreach (RequestMethod method in methods)
            {
                for (int status = 100; status < 600; status++)
                {
                    if (status % round == 0)
                    {
                        counters.Count(Exchange(method, status), 0, 0);
                    }
                }
            }
        }

        RequestCount[] rows = [.. SumOf(counters).Requests];
        Assert.Equal(methods.Length * 500, rows.Length);
        Assert.All(rows, row => Assert.Equal(1 + (row.Status % 2 == 0 ? 1 : 0) + (row.Status % 3 == 0 ? 1 : 0), row.Count));
    }

    [Fact]
    public void Threads_count_on_their_own_and_a_reader_sees_no_count_fall()
    {
        const int Counting = 3, Each = 20_000;
        ThreadCounters[] counters = [.. Enumerable.Range(0, Counting).Select(_ => new ThreadCounters())];
        Threads.RunAll(Counting + 1, number =>
        {
            if (number < Counting)
            {
                for (int i = 0; i < Each; i++)
                {
                    counters[number].Count(Exchange(RequestMethod.Get, 200 + (i % 100)), 1, 1);
                }

                return;
            }

            for (long last = 0; last < Counting * Each;)
            {
                long now = SumOf(counters).Count;
                Assert.InRange(now, last, Counting * Each);
                last = now;
            }
        });

        CounterSum sum = SumOf(counters);
        Assert.Equal((Counting * Each, Counting * Each * 101L, (long)Counting * Each), (sum.Count, sum.ResponseBytes, sum.Microseconds));
        Assert.All(sum.Requests, row => Assert.Equal(Counting * Each / 100, row.Count));
    }

    private static Exchange Exchange(RequestMethod method, int status) => new() { Method = method, Status = status, HeadLength = 100 };

    private static CounterSum SumOf(params ThreadCounters[] counters)
    {
        var sum = new CounterSum();
        Array.ForEach(counters, one => one.AddTo(sum));
        return sum;
    }
}
