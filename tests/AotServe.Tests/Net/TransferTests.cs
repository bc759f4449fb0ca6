using System;
using AotServe.Net;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AotServe.Tests.Net;

/// <summary>The least rate of a body or an answer: progress buys time, but on average no more than the rate allows.</summary>
public sealed class TransferTests
{
    private static readonly Gen<ConnectionLimits> Limits =
        from stall in Gen.Choose(1, 100_000)
        from rate in Gen.Choose(1, 100_000)
        select new ConnectionLimits { StallTimeout = stall, LeastRate = rate };

    /// <summary>Steps of a client: how much of the time that it has left it takes, in percent, and how many bytes it moves then.</summary>
    private static readonly Gen<(int Percent, int Bytes)[]> Steps =
        (from percent in Gen.Frequency((1, Gen.Constant(100)), (2, Gen.Choose(0, 100)))
         from bytes in Gen.Frequency((2, Gen.Constant(1)), (1, Gen.Choose(1, 1_000_000)))
         select (percent, bytes)).ArrayOf();

    [Fact]
    public void Nothing_is_due_before_the_stall_timeout_and_never_later_than_that_after_the_last_progress() => ForAll((limits, start, steps) =>
        Run(limits, start, steps, (now, _, due) => Assert.InRange(due, start + limits.StallTimeout, now + limits.StallTimeout)));

    [Fact]
    public void A_client_that_is_never_late_has_moved_at_the_least_rate_on_average() => ForAll((limits, start, steps) =>
        Run(limits, start, steps, (now, bytes, _) =>
            Assert.True(now - start <= limits.StallTimeout + (bytes * 1000 / limits.LeastRate), $"{bytes} bytes may not take {now - start} ms")));

    [Fact]
    public void Who_is_at_the_least_rate_or_above_is_held_to_the_stall_timeout_only() => ForAll((limits, start, steps) =>
        Run(limits, start, steps, (now, bytes, due) =>
        {
            if (bytes * 1000 / limits.LeastRate >= now - start)
            {
                Assert.Equal(now + limits.StallTimeout, due);
            }
        }));

    [Fact]
    public void More_bytes_never_bring_the_due_time_closer() => ForAll((limits, start, steps) =>
    {
        var transfer = new Transfer();
        transfer.Start(start);
        long before = transfer.Due(start, limits);
        foreach ((_, int bytes) in steps)
        {
            transfer.Add(bytes);
            Assert.True(transfer.Due(start, limits) >= before);
            before = transfer.Due(start, limits);
        }
    });

    [Fact]
    public void Without_a_least_rate_each_progress_buys_the_stall_timeout()
    {
        var limits = new ConnectionLimits { StallTimeout = 100, LeastRate = 0 };
        var transfer = new Transfer();
        transfer.Start(0);
        Assert.Equal(100, transfer.Due(0, limits));
        transfer.Add(1);
        Assert.Equal(1_000_100, transfer.Due(1_000_000, limits));
    }

    [Fact]
    public void A_byte_now_and_then_does_not_hold_a_connection_for_ever()
    {
        var limits = new ConnectionLimits { StallTimeout = 1_000, LeastRate = 100 };
        var transfer = new Transfer();
        transfer.Start(0);
        transfer.Add(1);
        Assert.Equal(1_010, transfer.Due(900, limits));
    }

    [Fact]
    public void What_is_begun_anew_owes_nothing_to_what_was_before()
    {
        var limits = new ConnectionLimits { StallTimeout = 1_000, LeastRate = 1 };
        var transfer = new Transfer();
        transfer.Start(0);
        transfer.Add(1_000_000);
        transfer.Start(5_000);
        Assert.Equal(6_000, transfer.Due(5_500, limits));
    }

    private static void ForAll(Action<ConnectionLimits, long, (int Percent, int Bytes)[]> property) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1_000),
        Prop.ForAll(Limits.ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), Steps.ToArbitrary(), (limits, start, steps) => property(limits, start, steps)));

    /// <summary>Has a client move on before it is due each time; tells after each step the time, the bytes so far and what is due next.</summary>
    private static void Run(ConnectionLimits limits, long start, (int Percent, int Bytes)[] steps, Action<long, long, long> check)
    {
        var transfer = new Transfer();
        transfer.Start(start);
        long now = start;
        long due = transfer.Due(now, limits);
        long total = 0;
        foreach ((int percent, int bytes) in steps)
        {
            now += (due - now) * percent / 100;
            transfer.Add(bytes);
            total += bytes;
            due = transfer.Due(now, limits);
            check(now, total, due);
        }
    }
}
