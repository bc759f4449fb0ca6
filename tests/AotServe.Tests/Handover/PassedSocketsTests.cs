using System.Collections.Generic;
using AotServe.Handover;
using Xunit;

namespace AotServe.Tests.Handover;

/// <summary>What the variables of sd_listen_fds(3), and those of a server that is to be replaced, mean to this process.</summary>
public sealed class PassedSocketsTests
{
    private const int Self = 42;
    private const int Parent = 41;

    [Fact]
    public void Sockets_for_this_process_are_its_descriptors_from_3_on()
    {
        PassedSockets? passed = Read(out string? error, ("LISTEN_FDS", "2"), ("LISTEN_PID", "42"), ("LISTEN_FDNAMES", "a:b"));
        Assert.Null(error);
        Assert.Equal([3, 4], passed!.Descriptors);
        Assert.Equal("a:b", passed.Names);
        Assert.False(passed.HasPredecessor);
        Assert.False(passed.AreOwn);
    }

    [Theory]
    [InlineData("41:own", true)]
    [InlineData("41:shared", false)]
    public void A_predecessor_hands_over_without_knowing_the_id(string predecessor, bool own)
    {
        PassedSockets? passed = Read(out string? error, ("LISTEN_FDS", "1"), ("AOTSERVE_PREDECESSOR", predecessor));
        Assert.Null(error);
        Assert.True(passed!.HasPredecessor);
        Assert.Equal(own, passed.AreOwn);
        Assert.Equal([3], passed.Descriptors);
        Assert.Equal(4, passed.ChannelDescriptor);
    }

    [Theory]
    [InlineData("LISTEN_PID", "43")]
    [InlineData("LISTEN_PID", "")]
    [InlineData("LISTEN_PID", "042")]
    [InlineData("AOTSERVE_PREDECESSOR", "42:own")]
    [InlineData("AOTSERVE_PREDECESSOR", "41")]
    [InlineData("AOTSERVE_PREDECESSOR", ":own")]
    [InlineData("PATH", "/bin")]
    public void What_was_meant_for_another_process_is_left_alone(string name, string value)
    {
        Assert.Null(Read(out string? error, ("LISTEN_FDS", "1"), (name, value)));
        Assert.Null(error);
    }

    [Fact]
    public void Without_sockets_there_is_nothing()
    {
        Assert.Null(Read(out string? error, ("LISTEN_PID", "42")));
        Assert.Null(error);
        Assert.Null(Read(out error, ("LISTEN_PID", "42"), ("LISTEN_FDS", "0")));
        Assert.Null(error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1x")]
    [InlineData("1025")]
    [InlineData("99999999999")]
    public void A_count_that_is_none_is_an_error_of_one_line(string count)
    {
        Assert.Null(Read(out string? error, ("LISTEN_PID", "42"), ("LISTEN_FDS", count)));
        Assert.Equal("LISTEN_FDS is no number from 0 to 1024", error);
    }

    private static PassedSockets? Read(out string? error, params (string Name, string Value)[] variables)
    {
        Dictionary<string, string> environment = [];
        foreach ((string name, string value) in variables)
        {
            environment[name] = value;
        }

        bool isRead = PassedSockets.TryRead(environment.GetValueOrDefault, Self, Parent, out PassedSockets? passed, out error);
        Assert.Equal(error is null, isRead);
        return passed;
    }
}
