using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using AotServe.Lifetime;
using Xunit;

namespace AotServe.Tests.Lifetime;

/// <summary>What a service manager hears: datagrams to a socket that the test owns.</summary>
public sealed class ServiceNotifierTests : IDisposable
{
    private readonly string _address = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
    private readonly Socket _manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly List<string> _complaints = [];

    public ServiceNotifierTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "systemd is Linux's.");
        _manager.ReceiveTimeout = 10_000;
        _manager.Bind(new UnixDomainSocketEndPoint(_address));
    }

    public void Dispose()
    {
        _manager.Dispose();
        File.Delete(_address);
    }

    [Fact]
    public void The_states_are_told_in_the_managers_words()
    {
        ServiceNotifier notifier = Create(("NOTIFY_SOCKET", _address));
        notifier.Ready("Serving x");
        Assert.Equal("READY=1\nMAINPID=42\nSTATUS=Serving x", Receive());
        notifier.Reloading();
        string[] reloading = Receive().Split('\n');
        Assert.Equal("RELOADING=1", reloading[0]);
        Assert.InRange(long.Parse(reloading[1]["MONOTONIC_USEC=".Length..]), 1, Environment.TickCount64 * 1000 + 60_000_000);
        notifier.Reloaded();
        Assert.Equal("READY=1\nMAINPID=42\nSTATUS=Serving x", Receive());
        notifier.Stopping(TimeSpan.FromSeconds(30));
        Assert.Equal("STOPPING=1\nSTATUS=Stopping\nEXTEND_TIMEOUT_USEC=35000000", Receive());
        notifier.MainProcessIs(43);
        Assert.Equal("MAINPID=43", Receive());
        notifier.StopSending();
        notifier.Stopping(TimeSpan.Zero);
        Assert.Equal(0, _manager.Available);
        Assert.Empty(_complaints);
    }

    [Fact]
    public void An_abstract_address_is_spelt_with_an_at_sign()
    {
        string name = Guid.NewGuid().ToString("N");
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };
        manager.Bind(new UnixDomainSocketEndPoint("\0" + name));
        Create(("NOTIFY_SOCKET", "@" + name)).MainProcessIs(7);
        Assert.Equal("MAINPID=7", Receive(manager));
    }

    [Theory]
    [InlineData("42")]
    [InlineData(null)]
    public void The_watchdog_is_fed_when_half_of_its_time_has_passed(string? meant)
    {
        ServiceNotifier notifier = Create(("NOTIFY_SOCKET", _address), ("WATCHDOG_USEC", "2000000"), ("WATCHDOG_PID", meant));
        Assert.Equal(250, notifier.BeatInterval);
        notifier.Beat(4_000); // Not ready yet: not the one that counts, perhaps.
        notifier.Ready("");
        Assert.StartsWith("READY=1", Receive());
        foreach (long now in (long[])[5_000, 5_500, 5_999, 6_000, 6_250, 6_999])
        {
            notifier.Beat(now);
        }

        notifier.MainProcessIs(1);
        Assert.Equal(["WATCHDOG=1", "WATCHDOG=1", "MAINPID=1"], Enumerable.Range(0, 3).Select(_ => Receive()));
    }

    [Theory]
    [InlineData("WATCHDOG_PID", "41")]
    [InlineData("WATCHDOG_USEC", "0")]
    [InlineData("WATCHDOG_USEC", "-5")]
    [InlineData("WATCHDOG_USEC", "soon")]
    public void A_watchdog_that_is_not_this_processs_is_not_fed(string name, string value)
    {
        ServiceNotifier notifier = Create(("NOTIFY_SOCKET", _address), ("WATCHDOG_USEC", "2000000"), (name, value));
        Assert.Equal(1_000, notifier.BeatInterval);
        notifier.Ready("");
        Assert.StartsWith("READY=1", Receive());
        notifier.Beat(5_000);
        Assert.Equal(0, _manager.Available);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_a_manager_nothing_happens(string? address)
    {
        ServiceNotifier notifier = Create(("NOTIFY_SOCKET", address), ("WATCHDOG_USEC", "2000000"));
        notifier.Ready("");
        notifier.Beat(5_000);
        Assert.Equal(1_000, notifier.BeatInterval);
        Assert.Empty(_complaints);
    }

    [Theory]
    [InlineData("/nonexistent/notify")]
    [InlineData("vsock:2:1234")]
    [InlineData("/too-long")]
    public void A_manager_that_cannot_be_reached_is_complained_of_once(string address)
    {
        ServiceNotifier notifier = Create(("NOTIFY_SOCKET", address == "/too-long" ? "/" + new string('x', 200) : address));
        notifier.Ready("");
        notifier.Stopping(TimeSpan.Zero);
        Assert.Contains("NOTIFY_SOCKET", Assert.Single(_complaints));
    }

    [Fact]
    public void A_manager_that_reads_nothing_does_not_hold_up_a_worker()
    {
        ServiceNotifier notifier = Create(("NOTIFY_SOCKET", _address), ("WATCHDOG_USEC", "2"));
        notifier.Ready("");
        for (int now = 0; now < 5_000; now++)
        {
            notifier.Beat(now); // More than any queue of datagrams holds; it would stand still here if it waited.
        }

        Assert.Single(_complaints);
    }

    private ServiceNotifier Create(params (string Name, string? Value)[] variables)
    {
        Dictionary<string, string?> environment = [];
        foreach ((string name, string? value) in variables)
        {
            environment[name] = value;
        }

        return new ServiceNotifier(name => environment.GetValueOrDefault(name), 42, _complaints.Add);
    }

    private string Receive() => Receive(_manager);

    private static string Receive(Socket manager)
    {
        byte[] bytes = new byte[4096];
        return Encoding.UTF8.GetString(bytes, 0, manager.Receive(bytes));
    }
}
