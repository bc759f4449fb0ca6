using System.Diagnostics;
using AotServe.Net;
using Xunit;

namespace AotServe.Tests.Net;

/// <summary>When a worker stays awake for a moment before it sleeps, and when it does not give the processor away any more.</summary>
public sealed class BusyPollingTests
{
    private const long Now = 1_000_000_000_000;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(400, 0)]
    [InlineData(600, 60)]
    [InlineData(3_000, 300)]
    public void Who_keeps_the_processor_does_not_get_it_for_a_hundred_times_as_long(int microseconds, int milliseconds)
    {
        var polling = default(BusyPolling);
        Assert.True(polling.AreFew);
        Assert.Equal(Now + Ticks(milliseconds * 1_000), polling.NotBefore(Now - Ticks(microseconds), Now));
    }

    [Fact]
    public void And_for_ten_times_that_where_many_events_come_at_once()
    {
        var polling = default(BusyPolling);
        Wait(ref polling, microseconds: 50, events: 12, times: 4);
        Assert.False(polling.AreFew);
        Assert.Equal(Now, polling.NotBefore(Now - Ticks(400), Now));
        Assert.Equal(Now + Ticks(600_000), polling.NotBefore(Now - Ticks(600), Now));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(100, true)]
    [InlineData(101, false)]
    [InlineData(1_000_000, false)]
    public void The_last_wait_says_whether_the_next_one_is_worth_it(int microseconds, bool isShort)
    {
        var polling = default(BusyPolling);
        Wait(ref polling, microseconds: isShort ? 1_000 : 10, events: 1, times: 3);
        Wait(ref polling, microseconds, events: 1, times: 1);
        Assert.Equal(isShort, polling.WasShort);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(4, false)]
    [InlineData(16, false)]
    public void Events_come_one_by_one_or_many_at_once(int events, bool areFew)
    {
        var polling = default(BusyPolling);
        Wait(ref polling, microseconds: 10, events: areFew ? 16 : 0, times: 100);
        Assert.NotEqual(areFew, polling.AreFew);
        Wait(ref polling, microseconds: 10, events, times: 100);
        Assert.Equal(areFew, polling.AreFew);
    }

    private static void Wait(ref BusyPolling polling, int microseconds, int events, int times)
    {
        for (int i = 0; i < times; i++)
        {
            polling.End(Now - Ticks(microseconds), Now, events);
        }
    }

    private static long Ticks(long microseconds) => microseconds * (Stopwatch.Frequency / 1_000_000);
}
