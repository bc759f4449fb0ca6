using System;
using AotServe.Native;
using Xunit;

namespace AotServe.Tests.Native;

/// <summary>How many descriptors the process asks for.</summary>
public sealed class DescriptorLimitTests
{
    private const ulong Infinity = ulong.MaxValue;

    /// <summary>RLIM_INFINITY of macOS, with which setrlimit(2) fails there for descriptors.</summary>
    private const ulong InfinityOfMac = long.MaxValue;

    [Theory]
    [InlineData(1_024, 1_048_576, false, 1_048_576)]
    [InlineData(1_024, Infinity, false, Infinity)]
    [InlineData(4_096, 4_096, false, 4_096)]
    [InlineData(256, InfinityOfMac, true, 10_240)]
    [InlineData(256, 4_096, true, 4_096)]
    [InlineData(256, 10_240, true, 10_240)]
    [InlineData(20_000, InfinityOfMac, true, 20_000)]
    [InlineData(InfinityOfMac, InfinityOfMac, true, InfinityOfMac)]
    public void As_many_as_the_system_lets_it_have_and_no_fewer_than_it_has(ulong soft, ulong hard, bool isMacOS, ulong wanted)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("There is no such limit.");
            return;
        }

        Assert.Equal((nuint)wanted, DescriptorLimit.Wanted((nuint)soft, (nuint)hard, isMacOS));
    }
}
