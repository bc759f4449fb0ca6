using System;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AotServe.Net;
using Xunit;

namespace AotServe.Tests.Net;

/// <summary>
/// What <see cref="IPoller"/> promises, of each of its forms. The promise is the weaker one of the two, so a test may not
/// count on an event before <see cref="IPoller.Arm"/>, and has to bear an event that comes for nothing.
/// </summary>
public sealed class PollerContractTests
{
    private const int Slot = 5;

    /// <summary>How long a test waits for what must not come.</summary>
    private const int QuietMs = 50;

    [Theory]
    [MemberData(nameof(PollerForms.All), MemberType = typeof(PollerForms))]
    public void A_state_that_a_socket_is_in_already_is_an_event(string form)
    {
        using IPoller poller = PollerForms.Create(form);
        using var pair = new SocketPair();
        pair.Client.Send("x"u8);
        Eventually.Holds(() => pair.Server.Available == 1, "the byte has arrived");
        poller.Add(Slot, pair.Server);
        poller.Arm(Slot, forWriting: false);
        AwaitEvent(poller, Slot);
    }

    [Theory]
    [MemberData(nameof(PollerForms.All), MemberType = typeof(PollerForms))]
    public void That_a_new_socket_can_be_written_to_wakes_nobody_who_waits_to_read(string form)
    {
        using IPoller poller = PollerForms.Create(form);
        using var pair = new SocketPair();
        poller.Add(Slot, pair.Server);
        poller.Arm(Slot, forWriting: false);
        Assert.Equal(0, poller.Wait(new ReadyEvent[4], QuietMs));
        pair.Client.Send("x"u8);
        Assert.Equal(1, poller.Wait(new ReadyEvent[4], 30_000));
    }

    [Theory]
    [MemberData(nameof(PollerForms.All), MemberType = typeof(PollerForms))]
    public void Room_that_has_come_before_somebody_waits_for_it_is_an_event(string form)
    {
        using IPoller poller = PollerForms.Create(form);
        using var pair = new SocketPair();
        poller.Add(Slot, pair.Server);
        poller.AddWriting(Slot, pair.Server);
        poller.Arm(Slot, forWriting: true);
        AwaitEvent(poller, Slot);
    }

    [Theory]
    [MemberData(nameof(PollerForms.All), MemberType = typeof(PollerForms))]
    public void Each_arm_brings_an_event(string form)
    {
        using IPoller poller = PollerForms.Create(form);
        using var pair = new SocketPair();
        poller.Add(Slot, pair.Server);
        for (byte i = 0; i < 100; i++)
        {
            poller.Arm(Slot, forWriting: false);
            pair.Client.Send([i]);
            AwaitState(poller, Slot, forWriting: false, () => pair.Server.Available > 0);
            Assert.Equal([i], PollerForms.ReceiveAll(pair.Server));
        }
    }

    [Theory]
    [MemberData(nameof(PollerForms.All), MemberType = typeof(PollerForms))]
    public void What_comes_between_an_event_and_the_arm_is_not_lost(string form)
    {
        using IPoller poller = PollerForms.Create(form);
        using var pair = new SocketPair();
        poller.Add(Slot, pair.Server);
        poller.Arm(Slot, forWriting: false);
        pair.Client.Send("a"u8);
        AwaitState(poller, Slot, forWriting: false, () => pair.Server.Available > 0);
        PollerForms.ReceiveAll(pair.Server);

        pair.Client.Send("b"u8);
        Eventually.Holds(() => pair.Server.Available == 1, "the byte has arrived");
        poller.Arm(Slot, forWriting: false);
        AwaitEvent(poller, Slot);
    }

    [Theory]
    [MemberData(nameof(PollerForms.All), MemberType = typeof(PollerForms))]
    public void Room_to_send_is_an_event_for_who_waits_for_it_each_time(string form)
    {
        using IPoller poller = PollerForms.Create(form);
        using var pair = new SocketPair();
        poller.Add(Slot, pair.Server);
        byte[] much = new byte[256 * 1024];
        for (int time = 0; time < 3; time++)
        {
            long sent = 0;
            for (SocketError error = SocketError.Success; error != SocketError.WouldBlock;)
            {
                sent += pair.Server.Send(much, SocketFlags.None, out error);
            }

            if (time == 0)
            {
                poller.AddWriting(Slot, pair.Server);
            }

            poller.Arm(Slot, forWriting: true);
            for (; sent > 0; sent -= pair.Client.Receive(much))
            {
                // The client takes all of it.
            }

            AwaitState(poller, Slot, forWriting: true, () => pair.Server.Poll(0, SelectMode.SelectWrite));
        }
    }

    [Theory]
    [MemberData(nameof(PollerForms.All), MemberType = typeof(PollerForms))]
    public void A_connection_that_waits_for_a_listener_is_an_event(string form)
    {
        using IPoller poller = PollerForms.Create(form);
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        poller.Add(Slot, listener);
        poller.Arm(Slot, forWriting: false);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        AwaitState(poller, Slot, forWriting: false, () => listener.Poll(0, SelectMode.SelectRead));
    }

    [Theory]
    [MemberData(nameof(PollerForms.All), MemberType = typeof(PollerForms))]
    public void The_end_of_what_a_client_sends_is_an_event(string form)
    {
        using IPoller poller = PollerForms.Create(form);
        using var pair = new SocketPair();
        poller.Add(Slot, pair.Server);
        poller.Arm(Slot, forWriting: false);
        pair.Client.Shutdown(SocketShutdown.Send);
        AwaitState(poller, Slot, forWriting: false, () => pair.Server.Poll(0, SelectMode.SelectRead));
        Assert.Equal(0, pair.Server.Receive(new byte[1], SocketFlags.None, out SocketError error));
        Assert.Equal(SocketError.Success, error);
    }

    [Theory]
    [MemberData(nameof(PollerForms.All), MemberType = typeof(PollerForms))]
    public void A_reset_is_an_event(string form)
    {
        using IPoller poller = PollerForms.Create(form);
        using var pair = new SocketPair();
        poller.Add(Slot, pair.Server);
        poller.Arm(Slot, forWriting: false);
        pair.Abort();
        AwaitState(poller, Slot, forWriting: false, () => pair.Server.Poll(0, SelectMode.SelectRead));
        pair.Server.Receive(new byte[1], SocketFlags.None, out SocketError error);
        Assert.Equal(SocketError.ConnectionReset, error);
    }

    [Theory]
    [MemberData(nameof(PollerForms.All), MemberType = typeof(PollerForms))]
    public void Nothing_is_heard_of_a_socket_that_was_removed_and_closed(string form)
    {
        using IPoller poller = PollerForms.Create(form);
        using var pair = new SocketPair();
        poller.Add(Slot, pair.Server);
        poller.Arm(Slot, forWriting: false);
        PollerForms.AwaitQuiet(poller);
        poller.Remove(Slot);
        pair.Server.Dispose();
        Assert.Equal(0, poller.Wait(new ReadyEvent[4], QuietMs));
    }

    [Theory]
    [MemberData(nameof(PollerForms.All), MemberType = typeof(PollerForms))]
    public void Nothing_is_heard_of_a_shared_socket_that_was_removed_although_it_stays_open_elsewhere(string form)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no descriptors.");
        using IPoller poller = PollerForms.Create(form);
        using var pair = new SocketPair();
        using Socket elsewhere = Posix.Duplicate(pair.Server);
        poller.Add(Slot, pair.Server);
        poller.Arm(Slot, forWriting: false);
        PollerForms.AwaitQuiet(poller);
        poller.RemoveShared(Slot, pair.Server);
        pair.Server.Dispose();

        pair.Client.Send("x"u8);
        Eventually.Holds(() => elsewhere.Available == 1, "the byte has arrived");
        Assert.Equal(0, poller.Wait(new ReadyEvent[4], QuietMs));
    }

    [Theory]
    [MemberData(nameof(PollerForms.All), MemberType = typeof(PollerForms))]
    public void A_slot_can_be_used_again(string form)
    {
        using IPoller poller = PollerForms.Create(form);
        for (int i = 0; i < 100; i++)
        {
            using var pair = new SocketPair();
            poller.Add(Slot, pair.Server);
            poller.Arm(Slot, forWriting: false);
            pair.Client.Send("x"u8);
            AwaitState(poller, Slot, forWriting: false, () => pair.Server.Available == 1);
            poller.Remove(Slot);
        }
    }

    private static void AwaitEvent(IPoller poller, int slot) => AwaitState(poller, slot, forWriting: false, () => true);

    /// <summary>
    /// Waits for an event of a slot after which the state holds, and arms it again after one that came for nothing, as its
    /// owner has to.
    /// </summary>
    private static void AwaitState(IPoller poller, int slot, bool forWriting, Func<bool> holds)
    {
        var events = new ReadyEvent[4];
        for (var watch = Stopwatch.StartNew(); ;)
        {
            foreach (ReadyEvent ready in events.AsSpan(0, poller.Wait(events, 1_000)))
            {
                Assert.Equal(slot, ready.Slot);
                if (holds())
                {
                    return;
                }

                poller.Arm(slot, forWriting);
            }

            Assert.True(watch.Elapsed < Eventually.Bound, "There should have been an event.");
        }
    }
}
