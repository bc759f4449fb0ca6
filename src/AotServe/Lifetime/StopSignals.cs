using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Threading;
using AotServe.Native;

namespace AotServe.Lifetime;

/// <summary>
/// The signals that this process heeds. SIGINT, SIGQUIT and SIGTERM ask for the stop. SIGHUP does if the process has a
/// terminal; a server without one rereads its rules (daemon(7)). SIGUSR2 has it replaced. The last two are carried out by the
/// main thread in <see cref="WaitForStop"/>.
/// </summary>
/// <remarks>
/// On Linux the main thread waits for SIGHUP and SIGUSR2 itself (<see cref="WaitableSignals"/>): the platform would start its
/// thread pool for them. So they are kept from all other threads, which have to be started after this object was made.
/// </remarks>
internal sealed class StopSignals : IDisposable
{
    private const int HangUp = 1;
    private const int Interrupt = 2;
    private const int Quit = 3;
    private const int Termination = 15;
    private const int User2 = 12; // The same on every Linux that .NET runs on.
    private const string HangUpName = "SIGHUP";

    private readonly StopRequest _stop;
    private readonly object _lock = new();
    private readonly bool _hasTerminal;
    private readonly WaitableSignals? _waited;
    private readonly List<PosixSignalRegistration> _registrations = new(3);
    private readonly List<PosixSignalRegistration> _untilConsole = new(2);
    private volatile bool _isConsoleRegistered;
    private bool _isHangUpPending;

    /// <summary>
    /// Sees how the process was started, and keeps to the calling thread, the main thread, the signals that it will wait for.
    /// Called before any other thread is started.
    /// </summary>
    public StopSignals(StopRequest stop)
    {
        _stop = stop;
        _hasTerminal = OperatingSystem.IsWindows() || Terminal.HasControllingTerminal(); // Now: once it is gone there is no telling.
        if (OperatingSystem.IsLinux() && SignalsToWaitFor() is { Length: > 0 } signals)
        {
            WaitedSignals = signals;
            _waited = new WaitableSignals(signals);
        }

        stop.Requested += Wake;
    }

    /// <summary>The numbers of the signals that the main thread waits for, and that are ignored everywhere else.</summary>
    public IReadOnlyList<int> WaitedSignals { get; } = [];

    /// <summary>
    /// Registers the signals that ask for the stop: from here on it is orderly. Called by the main thread, before the first
    /// request is taken, but after the thread that takes it was started: this starts a thread of the runtime's, and starting
    /// both at once takes longer.
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
    }

    /// <summary>
    /// Leaves Ctrl-C (SIGINT) and Ctrl-Break (SIGQUIT) to the console. That takes longer than all that a start does before, so
    /// it is done when the server answers. Called by the main thread.
    /// </summary>
    public void RegisterConsole()
    {
        // The console would read the terminal's description, and switch its keypad over, for keys that nobody reads.
        string? terminal = Environment.GetEnvironmentVariable("TERM");
        Environment.SetEnvironmentVariable("TERM", null);
        Console.CancelKeyPress += OnCancelKeyPress;
        Environment.SetEnvironmentVariable("TERM", terminal);
        DisposeAll(_untilConsole);
        _isConsoleRegistered = true;
    }

    /// <summary>
    /// Keeps the waited signals from the calling thread, one that is older than this object. Until all threads do, a signal
    /// that comes while nobody waits may be lost.
    /// </summary>
    public void BlockWaitedSignals()
    {
        if (OperatingSystem.IsLinux())
        {
            _waited?.Block();
        }
    }

    /// <summary>Waits until the stop is asked for, and carries out what other signals ask for. Called by the main thread.</summary>
    /// <param name="reread">What SIGHUP does to a server without a terminal.</param>
    /// <param name="replace">What SIGUSR2 does.</param>
    public void WaitForStop(Action reread, Action replace)
    {
        if (OperatingSystem.IsLinux() && _waited is not null)
        {
            WaitForSignals(_waited, reread, replace);
        }
        else
        {
            WaitForHangUps(reread);
        }
#if TEST_HOOKS
        _stop.OnStop?.Invoke();
#endif
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

    /// <summary>Those to wait for, unless the process was started to ignore them, as by nohup(1).</summary>
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
    private void WaitForSignals(WaitableSignals waited, Action reread, Action replace)
    {
        while (!_stop.IsRequested)
        {
            switch (waited.Wait())
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
            }
        }

        // The main thread has no more time to wait for a hang-up, which is a second signal from now on.
        if (_hasTerminal && _stop.Reason != HangUpName)
        {
            _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnHangUp));
            waited.Release();
        }
    }

    /// <summary>The same where signals cannot be waited for: there is no SIGUSR2, and SIGHUP is told by its handler.</summary>
    private void WaitForHangUps(Action reread)
    {
        while (true)
        {
            lock (_lock)
            {
                while (!_stop.IsRequested && !_isHangUpPending)
                {
                    Monitor.Wait(_lock);
                }

                if (_stop.IsRequested)
                {
                    return;
                }

                _isHangUpPending = false;
            }

            reread();
        }
    }

    private void Wake()
    {
        if (OperatingSystem.IsLinux())
        {
            _waited?.Wake();
        }

        lock (_lock)
        {
            Monitor.PulseAll(_lock);
        }
    }

    private PosixSignalRegistration Create(PosixSignal signal, string name, int number) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            RequestStop(name, number);
            WaitWhereTheHandlersEndEndsTheProcess();
        });

    private void OnCancelKeyPress(object? sender, ConsoleCancelEventArgs e)
    {
        e.Cancel = true; // This process ends by itself, after its disposal.
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
            WaitWhereTheHandlersEndEndsTheProcess();
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
            return; // The same hang-up once more: both the kernel and the shell tell of it.
        }

        // Until the console has taken over, one Ctrl-C may come both from it and from the registration before it.
        _stop.RequestBySignal(name, number, maySeeTwice: !_isConsoleRegistered);
    }

    /// <summary>On Windows the process ends when the handler returns.</summary>
    private void WaitWhereTheHandlersEndEndsTheProcess()
    {
        if (OperatingSystem.IsWindows())
        {
            _stop.WaitForCompletion();
        }
    }
}
