using System;
using System.Linq;
using AotServe.Observation;
using Xunit;

namespace AotServe.Tests.Observation;

/// <summary>The last ten minutes, a point a second.</summary>
public sealed class HistoryTests
{
    private readonly History _history = new();
    private readonly CounterSum _sum = new();

    [Fact]
    public void Nothing_was_before_the_first_second() => Assert.Empty(_history.Read());

    [Fact]
    public void A_point_has_the_requests_of_its_own_second()
    {
        Sample(0, 7, 0);
        Sample(1_000, 5, 0);
        Sample(2_000, 0, 0);
        Sample(3_000, 11, 0);
        Assert.Equal([7, 5, 0, 11], _history.Read().Select(point => point.Requests));
    }

    [Fact]
    public void A_second_that_was_longer_has_as_many_fewer()
    {
        Sample(0, 0, 0);
        Sample(4_000, 100, 0);
        Assert.Equal(25, _history.Read()[^1].Requests);
    }

    [Fact]
    public void Within_a_second_there_is_no_other_point_and_its_requests_are_the_next_ones()
    {
        Sample(0, 0, 0);
        Sample(500, 3, 0);
        Sample(899, 3, 0);
        Assert.Single(_history.Read());
        Sample(1_000, 4, 0);
        Assert.Equal([0, 10], _history.Read().Select(point => point.Requests));
    }

    [Fact]
    public void It_keeps_the_last_600_oldest_first()
    {
        for (int i = 0; i < 1_500; i++)
        {
            Sample(i * 1_000, i, 0);
            Assert.Equal(Math.Min(i + 1, 600), _history.Read().Length);
        }

        Assert.Equal(Enumerable.Range(900, 600).Select(i => (double)i), _history.Read().Select(point => point.Requests));
    }

    [Theory]
    [InlineData(99, 1, 0.05)]
    [InlineData(98, 2, 1)]
    [InlineData(198, 2, 0.05)]
    [InlineData(197, 3, 1)]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 0.05)]
    [InlineData(0, 0, 0)]
    public void The_time_is_that_within_which_99_of_100_were_answered(int fast, int slow, double milliseconds)
    {
        // What was before does not count.
        Sample(0, 1_000, ThreadCounters.Bounds.Length - 1);
        Add(fast, 0);
        Sample(1_000, slow, ThreadCounters.Bounds.IndexOf(1_000));
        Assert.Equal(milliseconds, _history.Read()[^1].Slow);
    }

    [Fact]
    public void What_took_longer_than_any_bound_is_shown_as_the_last_one()
    {
        Sample(0, 5, ThreadCounters.Bounds.Length);
        Assert.Equal(10_000, _history.Read()[^1].Slow);
    }

    private void Add(int requests, int bucket)
    {
        _sum.Add(0, requests);
        _sum.Buckets[bucket] += requests;
    }

    private void Sample(long now, int requests, int bucket)
    {
        Add(requests, bucket);
        _history.Sample(now, () => _sum);
    }
}
