using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Threading;
using AotServe.Native;

namespace AotServe.Lifetime;

/// <summary>
/// The ways this process is told to stop, brought to one: <see cref="WaitForStop"/> returns on the main thread, which
/// then leaves its scopes; their disposal is the shutdown. A second request to stop calls the cut-off.
/// </summary>
/// <param name="notifier">Tells the service manager of the stop and of SIGHUP.</param>
/// <param name="longestStop">How long the stop can take at most.</param>
internal sealed partial class ProcessLifetime(ServiceNotifier notifier, TimeSpan longestStop) : IDisposable
{
    private const int HangUp = 1;
    private const int Interrupt = 2;
    private const int Quit = 3;
    private const int Termination = 15;
    private const int User2 = 12; // as on every Linux that .NET runs on
    private const string HangUpName = "SIGHUP";

    private readonly object _lock = new();
    private readonly Thread _main = Thread.CurrentThread;
    private readonly PosixSignalRegistration?[] _registrations = new PosixSignalRegistration?[2];
    private readonly PosixSignalRegistration?[] _beforeConsole = new PosixSignalRegistration?[2];
    private WaitableSignals? _waited;
    private Action? _cutOff;
    private Action? _abandonThread;
    private Action? _dispose;
    private Action? _replace;
    private string? _reason;
    private int _secondSignal;
    private volatile bool _consoleRegistered;
    private bool _exiting;
    private bool _completed;
    private bool _hasTerminal;
    private volatile bool _replaced;
    private bool _signalledSinceReplaced;

    /// <summary>Why the stop was asked for (<c>SIGTERM</c>, …); null before.</summary>
    public string? Reason => _reason;

    /// <summary>Whether a stop was asked for. Any thread may ask.</summary>
    public bool IsStopping => Volatile.Read(ref _reason) is not null;

    /// <summary>Whether the stop was asked for because another server goes on in this one's place.</summary>
    public bool IsReplaced => _replaced;

    /// <summary>The numbers of the signals that the main thread waits for, and that are ignored everywhere else.</summary>
    public IReadOnlyList<int> WaitedSignals { get; private set; } = [];

    /// <summary>What a SIGHUP does to a server that was not started from a terminal; null: nothing.</summary>
    public Action? Reread { get; set; }

    /// <summary>The number of the second signal, which cut everything off; 0 where there was none.</summary>
    public int SecondSignal => _secondSignal;

    /// <summary>
    /// Sees how this process was started, and keeps to the main thread the signals that it will wait for. Called by the main
    /// thread, before it starts others.
    /// </summary>
    public void Prepare()
    {
        _hasTerminal = OperatingSystem.IsWindows() || Terminal.HasControllingTerminal(); // Now: once it is gone there is no telling.
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        if (OperatingSystem.IsLinux() && WantedSignals() is { Length: > 0 } signals)
        {
            _waited = new WaitableSignals(signals);
        }
    }

    /// <summary>
    /// Registers the signals: from here on a stop is orderly. Before the first request is taken, but after the thread that
    /// will take it was started, for this starts another one, and both at once take longer. Called by the main thread.
    /// </summary>
    public void Register()
    {
        if (!OperatingSystem.IsLinux())
        {
            _registrations[1] = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnHangUp);
        }

        _registrations[0] = PosixSignalRegistration.Create(
            PosixSignal.SIGTERM, context => OnSignal(context, "SIGTERM", Termination));
        _beforeConsole[0] = PosixSignalRegistration.Create(
            PosixSignal.SIGINT, context => OnSignal(context, "SIGINT", Interrupt));
        _beforeConsole[1] = PosixSignalRegistration.Create(
            PosixSignal.SIGQUIT, context => OnSignal(context, "SIGQUIT", Quit));
    }

    /// <summary>Those to wait for, unless the process was started to ignore them, as by nohup(1).</summary>
    [SupportedOSPlatform("linux")]
    private int[] WantedSignals()
    {
        var wanted = new List<int>(2);
        foreach (int signal in (ReadOnlySpan<int>)[HangUp, User2])
        {
            if (!WaitableSignals.IsIgnored(signal))
            {
                wanted.Add(signal);
            }
        }

        WaitedSignals = wanted;
        return [.. wanted];
    }

    /// <summary>Says what there is to stop.</summary>
    /// <param name="cutOff">Cuts off what is left, at the second request.</param>
    /// <param name="abandonThread">Called on a thread inside <see cref="Environment.Exit"/>: nobody waits for it then.</param>
    /// <param name="replace">Starts a server in place of this one, at SIGUSR2; called on the main thread.</param>
    /// <param name="dispose">The whole shutdown, for an exit on the main thread, which cannot leave its scopes.</param>
    public void Attach(Action cutOff, Action abandonThread, Action replace, Action dispose)
    {
        _cutOff = cutOff;
        _abandonThread = abandonThread;
        _replace = replace;
        _dispose = dispose;
    }

    /// <summary>
    /// Leaves Ctrl-C (SIGINT) and Ctrl-Break (SIGQUIT) to the console, which takes longer than all that is done before: so
    /// when the server answers. Called by the main thread.
    /// </summary>
    public void RegisterConsole()
    {
        // The console would read the terminal's description, and switch its keypad over, for keys that nobody reads.
        string? terminal = Environment.GetEnvironmentVariable("TERM");
        Environment.SetEnvironmentVariable("TERM", null);
        Console.CancelKeyPress += OnCancelKeyPress;
        Environment.SetEnvironmentVariable("TERM", terminal);
        foreach (PosixSignalRegistration? registration in _beforeConsole)
        {
            registration?.Dispose();
        }

        _consoleRegistered = true;
    }

    /// <summary>
    /// Has a thread that is older than <see cref="Register"/> leave to the main thread the signals that it waits for. Called on
    /// that thread.
    /// </summary>
    public void LeaveSignals()
    {
        if (OperatingSystem.IsLinux())
        {
            _waited?.Block();
        }
    }

    /// <summary>Asks for the stop. Any thread may call; the first reason is kept.</summary>
    public void RequestStop(string reason)
    {
        lock (_lock)
        {
            if (_reason is null)
            {
                notifier.Stopping(longestStop); // Before the main thread hears of it, since it may be quick.
                Volatile.Write(ref _reason, reason);
            }

            Monitor.PulseAll(_lock);
        }

        if (OperatingSystem.IsLinux())
        {
            _waited?.Wake();
        }
    }

    /// <summary>Asks for the stop because a successor has begun to serve. Any thread may call.</summary>
    public void HandOver(int successor)
    {
        _replaced = true;
        RequestStop($"replaced by process {successor}");
    }

#if TEST_HOOKS
    /// <summary>Run by the main thread when a stop was asked for, in the tests of what it may do there.</summary>
    public Action? OnStop { get; set; }
#endif

    /// <summary>Returns when a stop was asked for. Called by the main thread.</summary>
    public void WaitForStop()
    {
        if (OperatingSystem.IsLinux() && _waited is not null)
        {
            while (!IsStopping)
            {
                int signal = _waited.Wait();
                if (IsStopping)
                {
                    break;
                }

                if (signal == HangUp)
                {
                    OnHangUp();
                }
                else if (signal == User2)
                {
                    _replace?.Invoke();
                }
            }

            // This thread has no more time to wait for a hang-up, which is now a second signal.
            if (_hasTerminal && _reason != HangUpName)
            {
                _registrations[1] = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnHangUp);
                _waited.Release();
            }
        }

        lock (_lock)
        {
            while (_reason is null)
            {
                Monitor.Wait(_lock);
            }
        }

#if TEST_HOOKS
        OnStop?.Invoke();
#endif
    }

    /// <summary>
    /// Says that everything is disposed. Where <see cref="Environment.Exit"/> on another thread has started the stop, it
    /// ends the process from here on, with its exit code, and this does not return.
    /// </summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _completed = true;
            Monitor.PulseAll(_lock);
        }

        if (_exiting && Thread.CurrentThread == _main)
        {
            Thread.Sleep(Timeout.Infinite);
        }

        foreach (PosixSignalRegistration? registration in _registrations)
        {
            registration?.Dispose();
        }

        if (_consoleRegistered)
        {
            Console.CancelKeyPress -= OnCancelKeyPress;
        }
    }

    private void OnProcessExit(object? sender, EventArgs e)
    {
        lock (_lock)
        {
            if (_completed)
            {
                return;
            }

            if (Thread.CurrentThread != _main)
            {
                _exiting = true;
            }
        }

        RequestStop("Environment.Exit");
        if (Thread.CurrentThread == _main)
        {
            _dispose?.Invoke();
            return;
        }

        _abandonThread?.Invoke();
        lock (_lock)
        {
            while (!_completed)
            {
                Monitor.Wait(_lock);
            }
        }
    }
}
