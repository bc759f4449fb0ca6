using System;
using System.Threading;
using AotServe.Lifetime;
using Xunit;

namespace AotServe.Tests.Lifetime;

/// <summary>The states of a stop: not asked for, asked for, cut off; and those of a server that is being replaced.</summary>
public sealed class StopRequestTests : IDisposable
{
    private const int Interrupt = 2;
    private const int Termination = 15;

    private readonly StopRequest _stop = new(new ServiceNotifier(_ => null, 1, _ => { }), TimeSpan.FromSeconds(1));

    public void Dispose() => _stop.Dispose();

    [Fact]
    public void Nothing_is_asked_for_at_first()
    {
        Assert.False(_stop.IsRequested);
        Assert.False(_stop.IsReplaced);
        Assert.Null(_stop.Reason);
        Assert.Equal(0, _stop.SecondSignal);
        Assert.False(_stop.CutOffToken.IsCancellationRequested);
    }

    [Fact]
    public void The_first_signal_asks_for_the_stop_and_cuts_nothing_off()
    {
        Signal("SIGTERM", Termination);
        Assert.Equal("SIGTERM", _stop.Reason);
        Assert.Equal(0, _stop.SecondSignal);
        Assert.False(_stop.CutOffToken.IsCancellationRequested);
    }

    [Fact]
    public void The_second_signal_cuts_off_and_later_ones_change_nothing()
    {
        Signal("SIGTERM", Termination);
        Signal("SIGINT", Interrupt);
        Assert.Equal("SIGTERM", _stop.Reason);
        Assert.Equal(Interrupt, _stop.SecondSignal);
        Assert.True(_stop.CutOffToken.IsCancellationRequested);
        Signal("SIGTERM", Termination);
        Assert.Equal(Interrupt, _stop.SecondSignal);
    }

    [Fact]
    public void A_signal_is_the_second_one_whatever_asked_for_the_stop()
    {
        _stop.Request("--exit-after");
        Signal("SIGTERM", Termination);
        Assert.Equal("--exit-after", _stop.Reason);
        Assert.Equal(Termination, _stop.SecondSignal);
        Assert.True(_stop.CutOffToken.IsCancellationRequested);
    }

    [Fact]
    public void A_signal_that_may_be_seen_twice_is_no_second_signal()
    {
        _stop.RequestBySignal("SIGINT", Interrupt, maySeeTwice: true);
        _stop.RequestBySignal("SIGINT", Interrupt, maySeeTwice: true);
        Assert.Equal(0, _stop.SecondSignal);
        Assert.False(_stop.CutOffToken.IsCancellationRequested);
    }

    [Fact]
    public void The_first_reason_is_kept()
    {
        _stop.Request("--exit-after");
        _stop.Request("Environment.Exit");
        Assert.Equal("--exit-after", _stop.Reason);
    }

    [Fact]
    public void A_server_that_is_replaced_ignores_one_signal()
    {
        _stop.RequestForSuccessor(42);
        Assert.True(_stop.IsReplaced);
        Assert.Equal("replaced by process 42", _stop.Reason);
        Signal("SIGTERM", Termination);
        Assert.Equal(0, _stop.SecondSignal);
        Assert.False(_stop.CutOffToken.IsCancellationRequested);
        Signal("SIGTERM", Termination);
        Assert.Equal(Termination, _stop.SecondSignal);
        Assert.True(_stop.CutOffToken.IsCancellationRequested);
    }

    [Fact]
    public void Each_request_wakes_whoever_waits()
    {
        int woken = 0;
        _stop.Requested += () => woken++;
        Signal("SIGTERM", Termination);
        Assert.Equal(1, woken);
    }

    [Fact]
    public void Of_two_signals_at_once_one_is_the_first_and_one_the_second()
    {
        for (int round = 0; round < 200; round++)
        {
            using var stop = new StopRequest(new ServiceNotifier(_ => null, 1, _ => { }), TimeSpan.FromSeconds(1));
            Threads.RunAll(2, number => stop.RequestBySignal("SIG" + (number + 1), number + 1, maySeeTwice: false));
            Assert.Equal(stop.Reason == "SIG1" ? 2 : 1, stop.SecondSignal);
            Assert.True(stop.CutOffToken.IsCancellationRequested);
        }
    }

    [Fact]
    public void A_main_thread_that_exits_does_not_wait_for_itself()
    {
        Assert.True(_stop.TryRequestByExit(isMainThread: true));
        Assert.Equal("Environment.Exit", _stop.Reason);
        _stop.Dispose();
        Assert.False(_stop.TryRequestByExit(isMainThread: true));
    }

    [Fact]
    public void Who_waits_for_the_end_goes_on_when_everything_is_disposed_of()
    {
        var waiting = new Thread(_stop.WaitForCompletion) { IsBackground = true };
        waiting.Start();
        Eventually.Holds(() => (waiting.ThreadState & ThreadState.WaitSleepJoin) != 0, "it waits");
        _stop.Dispose();
        Assert.True(waiting.Join(Eventually.Bound));
    }

    private void Signal(string name, int number) => _stop.RequestBySignal(name, number, maySeeTwice: false);
}
