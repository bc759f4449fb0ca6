using System.Net;
using System.Net.Sockets;
using AotServe.Net;
using Xunit;

namespace AotServe.Tests.Net;

/// <summary>The share of each client address.</summary>
public sealed class AddressCountsTests
{
    private const int ToBeTold = 8;

    [Fact]
    public void An_address_has_its_share_then_some_are_told_that_there_are_too_many_then_none_is_let_in()
    {
        var counts = new AddressCounts(3);
        for (int i = 0; i < 3; i++)
        {
            Assert.True(counts.TryAdd(1, out bool isSurplus));
            Assert.False(isSurplus);
            Assert.True(counts.IsWithin(1));
        }

        for (int i = 0; i < ToBeTold; i++)
        {
            Assert.True(counts.TryAdd(1, out bool isSurplus));
            Assert.True(isSurplus);
            Assert.False(counts.IsWithin(1));
        }

        Assert.False(counts.TryAdd(1, out _));
    }

    [Fact]
    public void One_address_takes_nothing_from_another()
    {
        var counts = new AddressCounts(1);
        while (counts.TryAdd(1, out _))
        {
            // All that one address can get.
        }

        Assert.True(counts.TryAdd(2, out bool isSurplus));
        Assert.False(isSurplus);
    }

    [Fact]
    public void A_connection_that_ends_makes_room_for_one()
    {
        var counts = new AddressCounts(2);
        int connections = 0;
        while (counts.TryAdd(1, out _))
        {
            connections++;
        }

        Assert.Equal(2 + ToBeTold, connections);
        counts.Remove(1);
        Assert.True(counts.TryAdd(1, out _));
        Assert.False(counts.TryAdd(1, out _));

        // Those beyond the share count until they have ended too.
        for (; connections > 2; connections--)
        {
            Assert.False(counts.IsWithin(1));
            counts.Remove(1);
        }

        Assert.True(counts.IsWithin(1));
    }

    [Fact]
    public void An_address_without_connections_starts_anew()
    {
        var counts = new AddressCounts(1);
        for (int i = 0; i < 1_000; i++)
        {
            Assert.True(counts.TryAdd(1, out bool isSurplus));
            Assert.False(isSurplus);
            counts.Remove(1);
        }
    }

    [Fact]
    public void Threads_that_add_and_remove_at_once_leave_nothing_behind()
    {
        var counts = new AddressCounts(2);
        Threads.RunAll(4, thread =>
        {
            for (int i = 0; i < 50_000; i++)
            {
                // Four at once are never more than the share and those to be told.
                Assert.True(counts.TryAdd((ulong)(i % 3), out _));
                counts.Remove((ulong)(i % 3));
            }
        });
        for (ulong key = 0; key < 3; key++)
        {
            Assert.True(counts.TryAdd(key, out bool isSurplus));
            Assert.False(isSurplus);
        }
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1", true)]
    [InlineData("::ffff:192.0.2.1", "::ffff:192.0.2.2", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("fe80::1%1", "fe80::2%2", true)]
    public void IPv4_counts_by_address_and_IPv6_by_its_network_of_64_bits(string one, string other, bool areOne) =>
        Assert.Equal(areOne, AddressCounts.KeyOf(IPAddress.Parse(one)) == AddressCounts.KeyOf(IPAddress.Parse(other)));

    [Fact]
    public void A_socket_counts_by_its_remote_address_over_both_protocols()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
        listener.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        listener.Listen();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndPoint!).Port);
        using Socket accepted = listener.Accept();
        Assert.Equal(AddressCounts.KeyOf(IPAddress.Loopback), AddressCounts.KeyOf(AddressCounts.AddressOf(accepted)!));
    }

    [Fact]
    public void A_socket_without_a_remote_address_has_none()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Assert.Null(AddressCounts.AddressOf(socket));
    }
}
