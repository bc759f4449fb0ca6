using System.Collections.Generic;
using System.Linq;
using AotServe.Net;
using Xunit;

namespace AotServe.Tests.Net;

/// <summary>The table of polled sockets.</summary>
public sealed class SocketTableTests
{
    [Fact]
    public void Each_has_a_slot_of_its_own_and_is_found_there_however_many_there_are()
    {
        var table = new SocketTable();
        Polled[] all = [.. Enumerable.Range(0, 1_000).Select(_ => new Polled())];
        foreach (Polled polled in all)
        {
            table.Add(polled);
        }

        Assert.Equal(Enumerable.Range(0, 1_000), all.Select(polled => polled.Slot));
        Assert.All(all, polled => Assert.Same(polled, table[polled.Slot]));
        Assert.Equal(1_000, table.Extent);
    }

    [Fact]
    public void A_slot_is_empty_after_the_removal_and_used_again_before_a_new_one()
    {
        var table = new SocketTable();
        Polled[] all = [new(), new(), new()];
        foreach (Polled polled in all)
        {
            table.Add(polled);
        }

        table.Remove(all[1]);
        Assert.Null(table[1]);
        Assert.Same(all[2], table[2]);
        var next = new Polled();
        table.Add(next);
        Assert.Equal((1, 3), (next.Slot, table.Extent));
        Assert.Same(next, table[1]);
    }

    [Fact]
    public void The_extent_stays_when_all_are_removed()
    {
        var table = new SocketTable();
        Polled[] all = [.. Enumerable.Range(0, 100).Select(_ => new Polled())];
        foreach (Polled polled in all)
        {
            table.Add(polled);
        }

        foreach (Polled polled in all)
        {
            table.Remove(polled);
        }

        Assert.Equal(100, table.Extent);
        Assert.All(Enumerable.Range(0, 100), slot => Assert.Null(table[slot]));
        foreach (Polled polled in all)
        {
            table.Add(polled);
        }

        Assert.Equal(100, table.Extent);
    }

    [Fact]
    public void Threads_that_add_and_remove_at_once_each_find_their_own()
    {
        const int Held = 100;
        var table = new SocketTable();
        Threads.RunAll(4, _ =>
        {
            Queue<Polled> held = [];
            for (int i = 0; i < 20_000; i++)
            {
                var polled = new Polled();
                table.Add(polled);
                held.Enqueue(polled);
                if (held.Count == Held)
                {
                    Polled oldest = held.Dequeue();
                    Assert.Same(oldest, table[oldest.Slot]);
                    table.Remove(oldest);
                }

                // The sweep walks over all of them meanwhile.
                Assert.True(table[i % table.Extent] is null or Polled);
            }

            Assert.All(held, polled => Assert.Same(polled, table[polled.Slot]));
        });
        Assert.InRange(table.Extent, Held, 4 * Held);
    }

    private sealed class Polled : PolledSocket
    {
        public override void Execute()
        {
        }
    }
}
