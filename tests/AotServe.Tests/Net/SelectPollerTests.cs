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
}
