using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
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

    public static TheoryData<string> Pollers => OperatingSystem.IsLinux() ? ["epoll", "select"] : ["select"];

    [Theory]
    [MemberData(nameof(Pollers))]
    public void A_state_that_a_socket_is_in_already_is_an_event(string form)
    {
        using IPoller poller = Create(form);
        using var pair = new SocketPair();
        pair.Client.Send("x"u8);
        Eventually.Holds(() => pair.Server.Available == 1, "the byte has arrived");
        poller.Add(Slot, pair.Server);
        poller.Arm(Slot, pair.Server, forWriting: false);
        AwaitEvent(poller, pair.Server);
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void That_a_new_socket_can_be_written_to_wakes_nobody_who_waits_to_read(string form)
    {
        using IPoller poller = Create(form);
        using var pair = new SocketPair();
        poller.Add(Slot, pair.Server);
        poller.Arm(Slot, pair.Server, forWriting: false);
        Assert.Equal(0, poller.Wait(new ReadyEvent[4], QuietMs));
        pair.Client.Send("x"u8);
        Assert.Equal(1, poller.Wait(new ReadyEvent[4], 30_000));
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Each_arm_brings_an_event(string form)
    {
        using IPoller poller = Create(form);
        using var pair = new SocketPair();
        poller.Add(Slot, pair.Server);
        for (byte i = 0; i < 100; i++)
        {
            poller.Arm(Slot, pair.Server, forWriting: false);
            pair.Client.Send([i]);
            AwaitState(poller, pair.Server, forWriting: false, () => pair.Server.Available > 0);
            Assert.Equal([i], ReceiveAll(pair.Server));
        }
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void What_comes_between_an_event_and_the_arm_is_not_lost(string form)
    {
        using IPoller poller = Create(form);
        using var pair = new SocketPair();
        poller.Add(Slot, pair.Server);
        poller.Arm(Slot, pair.Server, forWriting: false);
        pair.Client.Send("a"u8);
        AwaitState(poller, pair.Server, forWriting: false, () => pair.Server.Available > 0);
        ReceiveAll(pair.Server);

        pair.Client.Send("b"u8);
        Eventually.Holds(() => pair.Server.Available == 1, "the byte has arrived");
        poller.Arm(Slot, pair.Server, forWriting: false);
        AwaitEvent(poller, pair.Server);
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Room_to_send_is_an_event_for_who_waits_for_it(string form)
    {
        using IPoller poller = Create(form);
        using var pair = new SocketPair();
        poller.Add(Slot, pair.Server);
        long sent = 0;
        byte[] much = new byte[256 * 1024];
        for (SocketError error = SocketError.Success; error != SocketError.WouldBlock;)
        {
            sent += pair.Server.Send(much, SocketFlags.None, out error);
        }

        poller.Arm(Slot, pair.Server, forWriting: true);
        for (; sent > 0; sent -= pair.Client.Receive(much))
        {
            // The client takes all of it.
        }

        AwaitState(poller, pair.Server, forWriting: true, () => pair.Server.Poll(0, SelectMode.SelectWrite));
        Assert.Equal(1, pair.Server.Send("x"u8));
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void A_connection_that_waits_for_a_listener_is_an_event(string form)
    {
        using IPoller poller = Create(form);
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        poller.Add(Slot, listener);
        poller.Arm(Slot, listener, forWriting: false);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        AwaitState(poller, listener, forWriting: false, () => listener.Poll(0, SelectMode.SelectRead));
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void The_end_of_what_a_client_sends_is_an_event(string form)
    {
        using IPoller poller = Create(form);
        using var pair = new SocketPair();
        poller.Add(Slot, pair.Server);
        poller.Arm(Slot, pair.Server, forWriting: false);
        pair.Client.Shutdown(SocketShutdown.Send);
        AwaitState(poller, pair.Server, forWriting: false, () => pair.Server.Poll(0, SelectMode.SelectRead));
        Assert.Equal(0, pair.Server.Receive(new byte[1], SocketFlags.None, out SocketError error));
        Assert.Equal(SocketError.Success, error);
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void A_reset_is_an_event(string form)
    {
        using IPoller poller = Create(form);
        using var pair = new SocketPair();
        poller.Add(Slot, pair.Server);
        poller.Arm(Slot, pair.Server, forWriting: false);
        pair.Abort();
        AwaitState(poller, pair.Server, forWriting: false, () => pair.Server.Poll(0, SelectMode.SelectRead));
        pair.Server.Receive(new byte[1], SocketFlags.None, out SocketError error);
        Assert.Equal(SocketError.ConnectionReset, error);
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Of_many_sockets_each_has_its_event_however_few_fit_into_a_wait(string form)
    {
        const int Count = 300;
        using IPoller poller = Create(form);
        SocketPair[] pairs = [.. Enumerable.Range(0, Count).Select(_ => new SocketPair())];
        for (int slot = 0; slot < Count; slot++)
        {
            poller.Add(slot, pairs[slot].Server);
            poller.Arm(slot, pairs[slot].Server, forWriting: false);
            pairs[slot].Client.Send("x"u8);
        }

        var events = new ReadyEvent[16];
        HashSet<int> missing = [.. Enumerable.Range(0, Count)];
        for (var watch = Stopwatch.StartNew(); missing.Count > 0 && watch.Elapsed < Eventually.Bound;)
        {
            int count = poller.Wait(events, 100);
            Assert.InRange(count, 0, events.Length);
            foreach (ReadyEvent ready in events.AsSpan(0, count))
            {
                // An event that came for nothing.
                if (ReceiveAll(pairs[ready.Slot].Server).Length == 0)
                {
                    poller.Arm(ready.Slot, pairs[ready.Slot].Server, forWriting: false);
                }
                else
                {
                    Assert.True(missing.Remove(ready.Slot));
                }
            }
        }

        Assert.Empty(missing);
        Array.ForEach(pairs, pair => pair.Dispose());
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void A_wait_ends_after_its_timeout_and_not_before(string form)
    {
        using IPoller poller = Create(form);
        using var pair = new SocketPair();
        poller.Add(Slot, pair.Server);
        poller.Arm(Slot, pair.Server, forWriting: false);
        AwaitQuiet(poller);

        var watch = Stopwatch.StartNew();
        Assert.Equal(0, poller.Wait(new ReadyEvent[4], 100));
        // The kernel's clock and this one round differently.
        Assert.InRange(watch.ElapsedMilliseconds, 98, (long)Eventually.Bound.TotalMilliseconds);
        Assert.Equal(0, poller.Wait(new ReadyEvent[4], 0));
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void A_wake_ends_the_next_wait(string form)
    {
        using IPoller poller = Create(form);
        poller.Wake();
        var wait = new Thread(() => poller.Wait(new ReadyEvent[4], -1)) { IsBackground = true };
        wait.Start();
        Assert.True(wait.Join(Eventually.Bound));
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void A_wake_ends_a_wait_that_is_under_way_again_and_again(string form)
    {
        using IPoller poller = Create(form);
        using var waiter = new PollerWaiter(poller);
        for (int i = 0; i < 1_000; i++)
        {
            int before = waiter.Waits;
            poller.Wake();
            Eventually.HoldsSoon(() => waiter.Waits > before, "the wait has ended");
        }
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void A_wake_is_no_event(string form)
    {
        using IPoller poller = Create(form);
        poller.Wake();
        Assert.Equal(0, poller.Wait(new ReadyEvent[4], QuietMs));
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Nothing_is_heard_of_a_socket_that_was_removed_and_closed(string form)
    {
        using IPoller poller = Create(form);
        using var pair = new SocketPair();
        poller.Add(Slot, pair.Server);
        poller.Arm(Slot, pair.Server, forWriting: false);
        AwaitQuiet(poller);
        poller.Remove(Slot);
        pair.Server.Dispose();
        Assert.Equal(0, poller.Wait(new ReadyEvent[4], QuietMs));
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void A_socket_that_is_removed_during_a_wait_can_be_closed_in_order(string form)
    {
        using IPoller poller = Create(form);
        using var waiter = new PollerWaiter(poller);
        for (int i = 0; i < 100; i++)
        {
            using var pair = new SocketPair();
            poller.Add(Slot, pair.Server);
            poller.Arm(Slot, pair.Server, forWriting: false);
            Assert.Equal(1, pair.Server.Send("x"u8));
            poller.Remove(Slot);
            pair.Server.Dispose();

            // A reset in place of the end would be an exception.
            byte[] received = new byte[2];
            Assert.Equal(1, pair.Client.Receive(received));
            Assert.Equal(0, pair.Client.Receive(received));
        }
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Nothing_is_heard_of_a_shared_socket_that_was_removed_although_it_stays_open_elsewhere(string form)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no descriptors.");
        using IPoller poller = Create(form);
        using var pair = new SocketPair();
        using Socket elsewhere = Posix.Duplicate(pair.Server);
        poller.Add(Slot, pair.Server);
        poller.Arm(Slot, pair.Server, forWriting: false);
        AwaitQuiet(poller);
        poller.RemoveShared(Slot, pair.Server);
        pair.Server.Dispose();

        pair.Client.Send("x"u8);
        Eventually.Holds(() => elsewhere.Available == 1, "the byte has arrived");
        Assert.Equal(0, poller.Wait(new ReadyEvent[4], QuietMs));
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void A_slot_can_be_used_again(string form)
    {
        using IPoller poller = Create(form);
        for (int i = 0; i < 100; i++)
        {
            using var pair = new SocketPair();
            poller.Add(Slot, pair.Server);
            poller.Arm(Slot, pair.Server, forWriting: false);
            pair.Client.Send("x"u8);
            AwaitState(poller, pair.Server, forWriting: false, () => pair.Server.Available == 1);
            poller.Remove(Slot);
        }
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void An_event_goes_to_one_of_those_who_wait(string form)
    {
        const int Count = 50;
        using IPoller poller = Create(form);
        using var waiter = new PollerWaiter(poller, Math.Min(4, poller.MostWaiting));
        SocketPair[] pairs = [.. Enumerable.Range(0, Count).Select(_ => new SocketPair())];
        for (int slot = 0; slot < Count; slot++)
        {
            poller.Add(slot, pairs[slot].Server);
        }

        for (int slot = 0; slot < Count; slot++)
        {
            poller.Arm(slot, pairs[slot].Server, forWriting: false);
            pairs[slot].Client.Send("x"u8);
        }

        Eventually.Holds(() => Enumerable.Range(0, Count).All(slot => waiter.EventsOf(slot) > 0), "every socket has its event");
        Thread.Sleep(QuietMs);
        Assert.All(Enumerable.Range(0, Count), slot => Assert.Equal(1, waiter.EventsOf(slot)));
        Array.ForEach(pairs, pair => pair.Dispose());
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Sockets_are_added_armed_and_removed_by_many_threads_while_one_waits(string form)
    {
        using IPoller poller = Create(form);
        using var waiter = new PollerWaiter(poller);
        Threads.RunAll(4, thread =>
        {
            for (int i = 0; i < 200; i++)
            {
                using var pair = new SocketPair();
                int before = waiter.EventsOf(thread);
                poller.Add(thread, pair.Server);
                poller.Arm(thread, pair.Server, forWriting: false);
                pair.Client.Send("x"u8);
                Eventually.HoldsSoon(() => waiter.EventsOf(thread) > before, "the socket has its event");
                poller.Remove(thread);
            }
        });
    }

    private static IPoller Create(string form) =>
        form == "select" ? new SelectPoller() : OperatingSystem.IsLinux() ? new EpollPoller() : throw new PlatformNotSupportedException();

    private static void AwaitEvent(IPoller poller, Socket socket) => AwaitState(poller, socket, forWriting: false, () => true);

    /// <summary>
    /// Waits for an event of the socket in the slot after which the state holds, and arms it again after one that came for nothing, as its
    /// owner has to.
    /// </summary>
    private static void AwaitState(IPoller poller, Socket socket, bool forWriting, Func<bool> holds)
    {
        var events = new ReadyEvent[4];
        for (var watch = Stopwatch.StartNew(); ;)
        {
            foreach (ReadyEvent ready in events.AsSpan(0, poller.Wait(events, 1_000)))
            {
                Assert.Equal(Slot, ready.Slot);
                if (holds())
                {
                    return;
                }

                poller.Arm(Slot, socket, forWriting);
            }

            Assert.True(watch.Elapsed < Eventually.Bound, "There should have been an event.");
        }
    }

    /// <summary>Takes the events that came for nothing; nothing is armed again.</summary>
    private static void AwaitQuiet(IPoller poller)
    {
        while (poller.Wait(new ReadyEvent[4], 0) > 0)
        {
            // The next one, until there is none.
        }
    }

    /// <summary>Reads until there is no more, as an owner has to before it arms.</summary>
    private static byte[] ReceiveAll(Socket socket)
    {
        List<byte> received = [];
        byte[] buffer = new byte[64];
        while (socket.Receive(buffer, SocketFlags.None, out _) is > 0 and int count)
        {
            received.AddRange(buffer.AsSpan(0, count));
        }

        return [.. received];
    }
}
