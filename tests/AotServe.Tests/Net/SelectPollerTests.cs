using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using AotServe.Net;
using Xunit;

namespace AotServe.Tests.Net;

/// <summary>The portable poller, where it promises more than <see cref="IPoller"/>, which <see cref="PollerContractTests"/> holds it to.</summary>
public sealed class SelectPollerTests
{
    [Fact]
    public void A_listener_that_was_removed_during_its_turn_can_be_armed_and_is_not_heard_of()
    {
        using var poller = new SelectPoller();
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        poller.Add(0, listener);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);

        poller.RemoveShared(0, listener);
        poller.Arm(0, forWriting: false);

        Assert.Equal(0, poller.Wait(new ReadyEvent[4], 1));
    }

    [Fact]
    public void A_socket_that_had_its_event_has_none_until_it_is_armed_again()
    {
        using var poller = new SelectPoller();
        using var pair = new SocketPair();
        poller.Add(3, pair.Server);
        pair.Client.Send("x"u8);
        Assert.Equal(0, poller.Wait(new ReadyEvent[4], 20));
        poller.Arm(3, forWriting: false);
        Assert.Equal(1, poller.Wait(new ReadyEvent[4], 30_000));
        Assert.Equal(0, poller.Wait(new ReadyEvent[4], 20));
    }

    /// <summary>One socket stands for all: it is the number that the system refuses.</summary>
    [Fact]
    public void A_poller_that_can_wait_no_more_says_so_once_and_gives_each_socket_an_event_from_time_to_time()
    {
        var reports = new List<string>();
        using var poller = new SelectPoller(reports.Add);
        using var pair = new SocketPair();
        int count = SelectPoller.MostSockets(isMacOS: false) + 1;
        for (int slot = 0; slot < count; slot++)
        {
            poller.Add(slot, pair.Server);
            poller.Arm(slot, forWriting: false);
        }

        var seen = new HashSet<int>();
        var events = new ReadyEvent[10_000];
        for (int wait = 0; wait < 8; wait++)
        {
            int stored = poller.Wait(events, 30_000);
            seen.UnionWith(events[..stored].Select(e => e.Slot));
        }

        Assert.Equal(count, seen.Count);
        Assert.Equal(0, poller.Wait(events, 30_000));
        Assert.Equal($"{count + 1} at once are more than the system can watch", Assert.Single(reports));

        poller.Arm(7, forWriting: false);
        Assert.Equal(1, poller.Wait(events, 30_000));
        Assert.Equal(7, events[0].Slot);
        poller.Remove(7);
        poller.Wake();
        Assert.Equal(0, poller.Wait(events, 30_000));
    }

    [Fact]
    public void A_socket_that_was_closed_without_a_word_is_no_failure_of_the_poller()
    {
        using var poller = new SelectPoller(why => Assert.Fail(why));
        using var pair = new SocketPair();
        using var other = new SocketPair();
        poller.Add(1, pair.Server);
        poller.Arm(1, forWriting: false);
        poller.Add(2, other.Server);
        poller.Arm(2, forWriting: false);
        pair.Server.Dispose();
        Assert.Equal(0, poller.Wait(new ReadyEvent[4], 20));
        poller.Remove(1);
        other.Client.Send("x"u8);
        Assert.Equal(1, poller.Wait(new ReadyEvent[4], 30_000));
    }

    [Fact]
    public void An_epoll_that_fails_is_told_of_once_too()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("epoll is Linux's.");
            return;
        }

        var reports = new List<string>();
        using var poller = new EpollPoller(reports.Add);
        Assert.Equal(0, poller.Wait([], 0)); // There has to be room for one event (epoll_wait(2), EINVAL).
        Assert.Equal(0, poller.Wait([], 0));
        Assert.Equal("epoll_wait: Invalid argument", Assert.Single(reports));
    }

    /// <summary>Those that .NET and macOS take: Socket.Select, and OPEN_MAX of its poll(2).</summary>
    [Fact]
    public void It_knows_how_many_sockets_it_can_watch()
    {
        Assert.Equal(65_536, SelectPoller.MostSockets(isMacOS: false));
        Assert.Equal(10_240, SelectPoller.MostSockets(isMacOS: true));
    }
}
