using System.Diagnostics;
using AotServe.Net;
using Xunit;

namespace AotServe.Tests.Net;

/// <summary>The processor is given to others before a sleep, and no longer where they keep it.</summary>
public sealed class YieldingTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(400, 0)]
    [InlineData(600, 1_000)]
    [InlineData(3_000, 1_000)]
    public void Who_keeps_the_processor_does_not_get_it_for_a_second(int microseconds, int milliseconds)
    {
        long ended = 5 * Stopwatch.Frequency;
        long began = ended - (microseconds * Stopwatch.Frequency / 1_000_000);
        Assert.Equal(ended + (milliseconds * Stopwatch.Frequency / 1_000), Yielding.NotBefore(began, ended));
    }
}
