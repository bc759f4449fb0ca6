using System;
using System.Collections.Generic;
using System.Threading;
using AotServe.Buffers;
using Xunit;

namespace AotServe.Tests.Buffers;

/// <summary>The bound on the buffers of all connections together.</summary>
public sealed class BufferBudgetTests
{
    private const int Kilobyte = 1024;

    [Fact]
    public void A_buffer_is_as_long_as_asked_for_or_longer()
    {
        var budget = new BufferBudget(1024 * Kilobyte);
        foreach (int length in (int[])[1, 100, 1_000, 4_097, 100_000])
        {
            byte[]? buffer = budget.TryRent(length);
            Assert.InRange(buffer?.Length ?? 0, length, int.MaxValue);
            budget.Return(buffer!);
        }
    }

    [Fact]
    public void No_more_is_lent_than_the_bound_and_what_is_given_back_is_lent_again()
    {
        var budget = new BufferBudget(16 * Kilobyte);
        for (int round = 0; round < 100; round++)
        {
            Stack<byte[]> lent = [];
            while (budget.TryRent(4 * Kilobyte) is { } buffer)
            {
                lent.Push(buffer);
            }

            Assert.Equal(4, lent.Count);
            Assert.Null(budget.TryRent(1));
            while (lent.TryPop(out byte[]? buffer))
            {
                budget.Return(buffer);
            }
        }
    }

    [Fact]
    public void What_is_longer_than_the_bound_is_refused_and_costs_nothing()
    {
        var budget = new BufferBudget(4 * Kilobyte);
        Assert.Null(budget.TryRent(4 * Kilobyte + 1));
        Assert.NotNull(budget.TryRent(4 * Kilobyte));
    }

    [Fact]
    public void More_memory_than_there_can_be_is_refused_and_costs_nothing()
    {
        // No array is as long as this: the allocation fails as it does where a container has less memory than the bound.
        var budget = new BufferBudget(long.MaxValue);
        Assert.Null(budget.TryRent(int.MaxValue));

        var small = new BufferBudget(4 * Kilobyte);
        Assert.Null(small.TryRent(int.MaxValue));
        Assert.NotNull(small.TryRent(4 * Kilobyte));
    }

    [Fact]
    public void The_bound_holds_while_threads_rent_and_return_at_once()
    {
        const int Bound = 64 * Kilobyte;
        var budget = new BufferBudget(Bound);
        long lent = 0;
        Threads.RunAll(4, thread =>
        {
            var random = new Random(thread);
            Queue<byte[]> held = [];
            for (int i = 0; i < 50_000; i++)
            {
                if (budget.TryRent(random.Next(1, 16 * Kilobyte)) is { } buffer)
                {
                    Assert.InRange(Interlocked.Add(ref lent, buffer.Length), 1, Bound);
                    held.Enqueue(buffer);
                }

                if (held.Count > 3)
                {
                    GiveBack(held.Dequeue());
                }
            }

            while (held.TryDequeue(out byte[]? buffer))
            {
                GiveBack(buffer);
            }
        });
        Assert.Equal(0, lent);
        Assert.NotNull(budget.TryRent(Bound));

        void GiveBack(byte[] buffer)
        {
            Interlocked.Add(ref lent, -buffer.Length);
            budget.Return(buffer);
        }
    }
}
