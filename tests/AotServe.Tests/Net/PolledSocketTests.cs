using System.Threading;
using AotServe.Net;
using Xunit;

namespace AotServe.Tests.Net;

/// <summary>Ownership of a polled socket: one owner at a time, and no event lost while there is one.</summary>
public sealed class PolledSocketTests
{
    [Fact]
    public void Whoever_makes_it_owns_it()
    {
        var polled = new Polled();
        Assert.False(polled.TryOwn());
    }

    [Fact]
    public void One_that_was_released_can_be_owned_once()
    {
        var polled = new Polled();
        Assert.True(polled.Release());
        Assert.True(polled.TryOwn());
        Assert.False(polled.TryOwn());
    }

    [Fact]
    public void An_event_during_ownership_has_the_owner_look_again_before_it_lets_go()
    {
        var polled = new Polled();
        Assert.False(polled.TryOwn());
        Assert.False(polled.Release());
        Assert.True(polled.Release());
        Assert.True(polled.TryOwn());
    }

    [Fact]
    public void However_many_events_there_are_during_ownership_looking_once_more_is_enough()
    {
        var polled = new Polled();
        for (int i = 0; i < 3; i++)
        {
            Assert.False(polled.TryOwn());
        }

        Assert.False(polled.Release());
        Assert.True(polled.Release());
    }

    [Fact]
    public void While_the_owner_looks_again_nobody_else_can_own_it()
    {
        var polled = new Polled();
        Assert.False(polled.TryOwn());
        Assert.False(polled.Release());
        Assert.False(polled.TryOwn());
        Assert.False(polled.Release());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_hang_up_is_kept_whether_or_not_its_teller_becomes_the_owner(bool isOwned)
    {
        var polled = new Polled();
        if (!isOwned)
        {
            Assert.True(polled.Release());
        }

        Assert.Equal(!isOwned, polled.TryOwn(isHungUp: true));
        Assert.True(polled.HasHungUp);
        polled.TryOwn();
        Assert.True(polled.HasHungUp);
    }

    [Fact]
    public void Of_threads_that_race_one_owns_it_at_a_time_and_no_event_is_lost()
    {
        const int Rounds = 200_000;
        var polled = new Polled();
        Assert.True(polled.Release());
        int events = 0;
        int handled = 0;
        int owners = 0;
        Threads.RunAll(4, _ =>
        {
            for (int i = 0; i < Rounds; i++)
            {
                // As a worker that was told of an event: what happened is there before it tries to own the socket.
                Interlocked.Increment(ref events);
                if (!polled.TryOwn())
                {
                    continue;
                }

                do
                {
                    Assert.Equal(1, Interlocked.Increment(ref owners));
                    handled += Interlocked.Exchange(ref events, 0);
                    Interlocked.Decrement(ref owners);
                }
                while (!polled.Release());
            }
        });

        Assert.Equal((0, 4 * Rounds), (events, handled));
        Assert.True(polled.TryOwn());
    }

    private sealed class Polled : PolledSocket
    {
        public bool HasHungUp => IsHungUp;

        public override void Execute()
        {
        }

        public bool Release() => TryRelease();
    }
}
