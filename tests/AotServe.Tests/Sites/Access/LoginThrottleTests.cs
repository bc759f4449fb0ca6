using AotServe.Sites.Access;
using Xunit;

namespace AotServe.Tests.Sites.Access;

/// <summary>How guessing is slowed down. Time is a number here.</summary>
public sealed class LoginThrottleTests
{
    private const ulong Client = 42;

    private readonly LoginThrottle _tries = new();
    private long _now = 1_000_000;

    [Fact]
    public void So_many_tries_may_fail_and_then_one_an_interval()
    {
        TakeAll(Client);
        Assert.False(_tries.TryTake(Client, _now, out long wait));
        Assert.Equal(LoginThrottle.Interval, wait);
        _now += LoginThrottle.Interval - 1;
        Assert.False(_tries.TryTake(Client, _now, out wait));
        Assert.Equal(1, wait);
        _now++;
        Assert.True(_tries.HasTry(Client, _now, out _));
        Assert.True(_tries.TryTake(Client, _now, out _));
        Assert.False(_tries.TryTake(Client, _now, out _));
    }

    [Fact]
    public void A_try_that_did_not_fail_is_given_back()
    {
        for (int i = 0; i < 5 * LoginThrottle.Allowed; i++)
        {
            Assert.True(_tries.TryTake(Client, _now, out _));
            _tries.GiveBack(Client, _now);
        }

        Assert.False(_tries.IsAnyExhausted(_now));
    }

    [Fact]
    public void After_a_quiet_while_all_tries_are_there_again()
    {
        TakeAll(Client);
        _now += LoginThrottle.Allowed * LoginThrottle.Interval;
        Assert.False(_tries.IsAnyExhausted(_now));
        TakeAll(Client);
        Assert.True(_tries.IsAnyExhausted(_now));
    }

    [Fact]
    public void Addresses_do_not_pay_for_each_other()
    {
        TakeAll(Client);
        for (ulong other = 0; other < 20; other++)
        {
            Assert.True(_tries.TryTake(other, _now, out _));
        }

        Assert.False(_tries.HasTry(Client, _now, out _));
    }

    [Fact]
    public void However_many_addresses_there_are_room_is_made()
    {
        for (ulong other = 0; other < 100_000; other++)
        {
            Assert.True(_tries.TryTake(other, _now, out _));
        }

        TakeAll(1_000_000);
        Assert.False(_tries.TryTake(1_000_000, _now, out _));
    }

    private void TakeAll(ulong client)
    {
        for (int i = 0; i < LoginThrottle.Allowed; i++)
        {
            Assert.True(_tries.TryTake(client, _now, out _));
        }
    }
}
