using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Threading;
using AotServe.Native;

namespace AotServe.Lifetime;

/// <summary>
/// The signals that this process handles. SIGINT, SIGQUIT and SIGTERM ask for the stop. SIGHUP does if the process has a
/// terminal; a server without one rereads its rules (daemon(7)). SIGUSR1 opens the log anew, SIGUSR2 starts its replacement. The main
/// thread does the last three in <see cref="WaitForStop"/>.
/// </summary>
/// <remarks>
/// On Linux the main thread itself waits for SIGHUP, SIGUSR1 and SIGUSR2 (<see cref="WaitableSignals"/>), because .NET would start its
/// thread pool for them. All other threads must block them, so they are started after this object is made.
/// </remarks>
internal sealed class StopSignals : IDisposable
{
    private const int HangUp = 1;
    private const int Interrupt = 2;
    private const int Quit = 3;
    private const int Termination = 15;
    private const int User1 = 10; // The same on every Linux that .NET runs on, as is the next.
    private const int User2 = 12;
    private const string HangUpName = "SIGHUP";

    /// <summary>Those that ask for the stop.</summary>
    private static readonly int[] Stopping = [Interrupt, Quit, Termination];

    private readonly StopRequest _stop;
    private readonly object _lock = new();
    private readonly bool _hasTerminal;
    private readonly WaitableSignals? _waited;
    private readonly List<PosixSignalRegistration> _registrations = new(3);
    private readonly List<PosixSignalRegistration> _untilConsole = new(2);
    private volatile bool _isConsoleTakingOver;
    private bool _isConsoleRegistered;
    private bool _isHangUpPending;
    private bool _isWoken;

    /// <summary>
    /// Finds out whether the process has a terminal, and blocks the signals that the main thread will wait for. On Linux it also
    /// blocks those that ask for the stop until <see cref="Register"/>: one that comes earlier stays pending. Called by the
    /// main thread, before any other thread is started.
    /// </summary>
    public StopSignals(StopRequest stop)
    {
        _stop = stop;
        _hasTerminal = OperatingSystem.IsWindows() || Terminal.HasControllingTerminal(); // Now: later the terminal may be gone.
        if (OperatingSystem.IsLinux())
        {
            int[] signals = SignalsToWaitFor();
            WaitedSignals = signals;
            _waited = new WaitableSignals([.. signals, User1]);
            SignalMask.Block(Stopping);
        }

        stop.Requested += Wake;
    }

    /// <summary>The numbers of the signals that the main thread waits for, and that a successor must not begin with as ignored.</summary>
    public int[] WaitedSignals { get; } = [];

    /// <summary>
    /// Registers the signals that ask for the stop, and handles those that have come. Called by the main thread: on Linux while
    /// the first requests are accepted, since .NET starts a thread here, which takes as long as an answer; elsewhere before that.
    /// </summary>
    public void Register()
    {
        if (!OperatingSystem.IsLinux())
        {
            _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnHangUp));
        }

        _registrations.Add(Create(PosixSignal.SIGTERM, "SIGTERM", Termination));
        _untilConsole.Add(Create(PosixSignal.SIGINT, "SIGINT", Interrupt));
        _untilConsole.Add(Create(PosixSignal.SIGQUIT, "SIGQUIT", Quit));
        if (OperatingSystem.IsLinux())
        {
            SignalMask.Unblock(Stopping);
        }
    }

    /// <summary>
    /// Lets the console handle Ctrl-C (SIGINT) and Ctrl-Break (SIGQUIT). That takes longer than the rest of the start, so it is
    /// done when the server already serves. Called by the main thread.
    /// </summary>
    public void RegisterConsole()
    {
        _isConsoleTakingOver = true;

        // Without TERM, the console does not read the terminal's description and does not change its mode. start.c has taken it away
        // where that is linked in.
        string? terminal = Environment.GetEnvironmentVariable("TERM");
        if (terminal is not null)
        {
            Environment.SetEnvironmentVariable("TERM", null);
        }

        Console.CancelKeyPress += OnCancelKeyPress;
        if (terminal is not null)
        {
            Environment.SetEnvironmentVariable("TERM", terminal);
        }

        DisposeAll(_untilConsole);
        _isConsoleRegistered = true;
        _isConsoleTakingOver = false;
    }

    /// <summary>Waits until the stop is asked for, and handles the other signals meanwhile. Called by the main thread.</summary>
    /// <param name="reread">What SIGHUP does to a server without a terminal.</param>
    /// <param name="replace">What SIGUSR2 does.</param>
    /// <param name="reopen">What SIGUSR1 does.</param>
    /// <param name="idle">
    /// Called before each wait and after <see cref="Wake"/>; returns how long the wait may take, ms; −1: until there is a signal.
    /// </param>
    public void WaitForStop(Action reread, Action replace, Action reopen, Func<int> idle)
    {
        if (OperatingSystem.IsLinux() && _waited is not null)
        {
            WaitForSignals(_waited, reread, replace, reopen, idle);
        }
        else
        {
            WaitForHangUps(reread, idle);
        }
#if TEST_HOOKS
        _stop.OnStop?.Invoke();
#endif
    }

    /// <summary>Ends a wait of <see cref="WaitForStop"/>, or else the next one, which then goes on. Any thread may call it.</summary>
    public void Wake()
    {
        if (OperatingSystem.IsLinux())
        {
            _waited?.Wake();
            return;
        }

        lock (_lock)
        {
            _isWoken = true;
            Monitor.PulseAll(_lock);
        }
    }

    public void Dispose()
    {
        _stop.Requested -= Wake;
        DisposeAll(_registrations);
        if (_isConsoleRegistered)
        {
            Console.CancelKeyPress -= OnCancelKeyPress;
        }
    }

    private static void DisposeAll(List<PosixSignalRegistration> registrations)
    {
        foreach (PosixSignalRegistration registration in registrations)
        {
            registration.Dispose();
        }
    }

    /// <summary>The signals to wait for: without those that the process was started to ignore, as by nohup(1).</summary>
    [SupportedOSPlatform("linux")]
    private static int[] SignalsToWaitFor()
    {
        var signals = new List<int>(2);
        foreach (int signal in (ReadOnlySpan<int>)[HangUp, User2])
        {
            if (!WaitableSignals.IsIgnored(signal))
            {
                signals.Add(signal);
            }
        }

        return [.. signals];
    }

    [SupportedOSPlatform("linux")]
    private void WaitForSignals(WaitableSignals waited, Action reread, Action replace, Action reopen, Func<int> idle)
    {
        while (!_stop.IsRequested)
        {
            switch (waited.Wait(idle()))
            {
                case HangUp when !_stop.IsRequested && _hasTerminal:
                    RequestStop(HangUpName, HangUp);
                    break;
                case HangUp when !_stop.IsRequested:
                    reread();
                    break;
                case User2 when !_stop.IsRequested:
                    replace();
                    break;
                case User1:
                    reopen();
                    break;
            }
        }

        // The main thread no longer waits for SIGHUP, which counts as a second signal from now on.
        if (_hasTerminal && _stop.Reason != HangUpName)
        {
            _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnHangUp));
            waited.Release();
        }
    }

    /// <summary>The same without sigwait: there is no SIGUSR2, and a handler tells of SIGHUP.</summary>
    private void WaitForHangUps(Action reread, Func<int> idle)
    {
        while (true)
        {
            int time = idle();
            lock (_lock)
            {
                if (!_stop.IsRequested && !_isHangUpPending && !_isWoken)
                {
                    Monitor.Wait(_lock, time);
                }

                _isWoken = false;
                if (_stop.IsRequested)
                {
                    return;
                }

                if (!_isHangUpPending)
                {
                    continue;
                }

                _isHangUpPending = false;
            }

            reread();
        }
    }

    private PosixSignalRegistration Create(PosixSignal signal, string name, int number) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            RequestStop(name, number);
            WaitOnWindows();
        });

    private void OnCancelKeyPress(object? sender, ConsoleCancelEventArgs e)
    {
        e.Cancel = true; // The process ends by itself, after the stop.
        if (e.SpecialKey == ConsoleSpecialKey.ControlC)
        {
            RequestStop("SIGINT", Interrupt);
        }
        else
        {
            RequestStop("SIGQUIT", Quit);
        }
    }

    /// <summary>SIGHUP: the terminal went away, if there was one. A server without one is to reread its rules.</summary>
    private void OnHangUp(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_hasTerminal)
        {
            RequestStop(HangUpName, HangUp);
            WaitOnWindows();
            return;
        }

        lock (_lock)
        {
            _isHangUpPending = true;
            Monitor.PulseAll(_lock);
        }
    }

    private void RequestStop(string name, int number)
    {
        if (name == HangUpName && _stop.Reason == HangUpName)
        {
            return; // The same hang-up: both the kernel and the shell send SIGHUP.
        }

        // While the console takes over, one Ctrl-C may come both from it and from the earlier registration.
        _stop.RequestBySignal(name, number, maySeeTwice: _isConsoleTakingOver);
    }

    /// <summary>Windows ends the process when the handler returns, so there it waits until everything is disposed of.</summary>
    private void WaitOnWindows()
    {
        if (OperatingSystem.IsWindows())
        {
            _stop.WaitForCompletion();
        }
    }
}
