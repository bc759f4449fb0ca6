using System.Threading.Tasks;
using AotServe.Buffers;
using Xunit;

namespace AotServe.Tests.Buffers;

/// <summary>What is charged for bytes that a cache and responses share.</summary>
public sealed class SharedBytesTests
{
    [Fact]
    public void However_many_keep_them_they_are_charged_once_and_until_the_last_lets_go()
    {
        var budget = new BufferBudget(1_000);
        var bytes = new SharedBytes(new byte[600], budget);
        Assert.True(budget.TryReserve(1_000));
        budget.Release(1_000);
        Assert.True(bytes.TryKeep());
        Assert.True(bytes.TryKeep());
        Assert.False(budget.TryReserve(401));
        bytes.Dispose();
        Assert.False(budget.TryReserve(401));
        bytes.Dispose();
        Assert.True(budget.TryReserve(1_000));
    }

    [Fact]
    public void What_the_budget_does_not_allow_is_not_kept_and_costs_nothing()
    {
        var budget = new BufferBudget(1_000);
        var first = new SharedBytes(new byte[600], budget);
        var second = new SharedBytes(new byte[600], budget);
        Assert.True(first.TryKeep());
        Assert.False(second.TryKeep());
        first.Dispose();
        Assert.True(second.TryKeep());
        second.Dispose();
        Assert.True(budget.TryReserve(1_000));
    }

    [Fact]
    public void Threads_that_keep_and_let_go_at_once_leave_the_budget_as_it_was()
    {
        var budget = new BufferBudget(10_000);
        var bytes = new SharedBytes(new byte[2_000], budget);
        Parallel.For(0, 8, _ =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                if (bytes.TryKeep())
                {
                    bytes.Dispose();
                }
            }
        });
        Assert.True(budget.TryReserve(10_000));
        Assert.False(budget.TryReserve(1));
    }
}
