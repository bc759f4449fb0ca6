using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using AotServe.Net;
using Xunit;

namespace AotServe.Tests.Net;

/// <summary>The waits of an <see cref="IPoller"/>, of each of its forms: how they end, and that several threads may wait, add and remove.</summary>
public sealed class PollerWaitTests
{
    private const int Slot = 5;

    /// <summary>How long a test waits for what must not come.</summary>
    private const int QuietMs = 50;

    [Theory]
    [MemberData(nameof(PollerForms.All), MemberType = typeof(PollerForms))]
    public void Of_many_sockets_each_has_its_event_however_few_fit_into_a_wait(string form)
    {
        const int Count = 300;
        using IPoller poller = PollerForms.Create(form);
        SocketPair[] pairs = [.. Enumerable.Range(0, Count).Select(_ => new SocketPair())];
        for (int slot = 0; slot < Count; slot++)
        {
            poller.Add(slot, pairs[slot].Server);
            poller.Arm(slot, forWriting: false);
            pairs[slot].Client.Send("x"u8);
        }

        var events = new ReadyEvent[16];
        HashSet<int> missing = [.. Enumerable.Range(0, Count)];
        for (var watch = Stopwatch.StartNew(); missing.Count > 0 && watch.Elapsed < Eventually.Bound;)
        {
            int count = poller.Wait(events, 100);
            Assert.InRange(count, 0, events.Length);
            foreach (ReadyEvent ready in events.AsSpan(0, count))
            {
                // An event that came for nothing.
                if (PollerForms.ReceiveAll(pairs[ready.Slot].Server).Length == 0)
                {
                    poller.Arm(ready.Slot, forWriting: false);
                }
                else
                {
                    Assert.True(missing.Remove(ready.Slot));
                }
            }
        }

        Assert.Empty(missing);
        Array.ForEach(pairs, pair => pair.Dispose());
    }

    [Theory]
    [MemberData(nameof(PollerForms.All), MemberType = typeof(PollerForms))]
    public void A_wait_ends_after_its_timeout_and_not_before(string form)
    {
        using IPoller poller = PollerForms.Create(form);
        using var pair = new SocketPair();
        poller.Add(Slot, pair.Server);
        poller.Arm(Slot, forWriting: false);
        PollerForms.AwaitQuiet(poller);

        var watch = Stopwatch.StartNew();
        Assert.Equal(0, poller.Wait(new ReadyEvent[4], 100));
        // The kernel's clock and this one round differently.
        Assert.InRange(watch.ElapsedMilliseconds, 98, (long)Eventually.Bound.TotalMilliseconds);
        Assert.Equal(0, poller.Wait(new ReadyEvent[4], 0));
    }

    [Theory]
    [MemberData(nameof(PollerForms.All), MemberType = typeof(PollerForms))]
    public void A_wake_ends_the_next_wait(string form)
    {
        using IPoller poller = PollerForms.Create(form);
        poller.Wake();
        var wait = new Thread(() => poller.Wait(new ReadyEvent[4], -1)) { IsBackground = true };
        wait.Start();
        Assert.True(wait.Join(Eventually.Bound));
    }

    [Theory]
    [MemberData(nameof(PollerForms.All), MemberType = typeof(PollerForms))]
    public void A_wake_ends_a_wait_that_is_under_way_again_and_again(string form)
    {
        using IPoller poller = PollerForms.Create(form);
        using var waiter = new PollerWaiter(poller);
        for (int i = 0; i < 1_000; i++)
        {
            int before = waiter.Waits;
            poller.Wake();
            Eventually.HoldsSoon(() => waiter.Waits > before, "the wait has ended");
        }
    }

    [Theory]
    [MemberData(nameof(PollerForms.All), MemberType = typeof(PollerForms))]
    public void A_wake_is_no_event(string form)
    {
        using IPoller poller = PollerForms.Create(form);
        poller.Wake();
        Assert.Equal(0, poller.Wait(new ReadyEvent[4], QuietMs));
    }

    [Theory]
    [MemberData(nameof(PollerForms.All), MemberType = typeof(PollerForms))]
    public void A_socket_that_is_removed_during_a_wait_can_be_closed_in_order(string form)
    {
        using IPoller poller = PollerForms.Create(form);
        using var waiter = new PollerWaiter(poller);
        for (int i = 0; i < 100; i++)
        {
            using var pair = new SocketPair();
            poller.Add(Slot, pair.Server);
            poller.Arm(Slot, forWriting: false);
            Assert.Equal(1, pair.Server.Send("x"u8));
            poller.Remove(Slot);
            pair.Server.Dispose();

            // A reset in place of the end would be an exception.
            byte[] received = new byte[2];
            Assert.Equal(1, pair.Client.Receive(received));
            Assert.Equal(0, pair.Client.Receive(received));
        }
    }

    [Theory]
    [MemberData(nameof(PollerForms.All), MemberType = typeof(PollerForms))]
    public void An_event_goes_to_one_of_those_who_wait(string form)
    {
        const int Count = 50;
        using IPoller poller = PollerForms.Create(form);
        using var waiter = new PollerWaiter(poller, Math.Min(4, poller.MostWaiting));
        SocketPair[] pairs = [.. Enumerable.Range(0, Count).Select(_ => new SocketPair())];
        for (int slot = 0; slot < Count; slot++)
        {
            poller.Add(slot, pairs[slot].Server);
        }

        for (int slot = 0; slot < Count; slot++)
        {
            poller.Arm(slot, forWriting: false);
            pairs[slot].Client.Send("x"u8);
        }

        Eventually.Holds(() => Enumerable.Range(0, Count).All(slot => waiter.EventsOf(slot) > 0), "every socket has its event");
        Thread.Sleep(QuietMs);
        Assert.All(Enumerable.Range(0, Count), slot => Assert.Equal(1, waiter.EventsOf(slot)));
        Array.ForEach(pairs, pair => pair.Dispose());
    }

    [Theory]
    [MemberData(nameof(PollerForms.All), MemberType = typeof(PollerForms))]
    public void Sockets_are_added_armed_and_removed_by_many_threads_while_one_waits(string form)
    {
        using IPoller poller = PollerForms.Create(form);
        using var waiter = new PollerWaiter(poller);
        Threads.RunAll(4, thread =>
        {
            for (int i = 0; i < 200; i++)
            {
                using var pair = new SocketPair();
                int before = waiter.EventsOf(thread);
                poller.Add(thread, pair.Server);
                poller.Arm(thread, forWriting: false);
                pair.Client.Send("x"u8);
                Eventually.HoldsSoon(() => waiter.EventsOf(thread) > before, "the socket has its event");
                poller.Remove(thread);
            }
        });
    }
}
