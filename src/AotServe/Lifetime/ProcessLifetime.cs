using System;
using System.Runtime.InteropServices;
using System.Threading;
using AotServe.Native;

namespace AotServe.Lifetime;

/// <summary>
/// The ways this process is told to stop, brought to one: <see cref="WaitForStop"/> returns on the main thread, which
/// then leaves its scopes; their disposal is the shutdown. A second request to stop calls the cut-off.
/// </summary>
internal sealed class ProcessLifetime : IDisposable
{
    private const int HangUp = 1;
    private const string HangUpName = "SIGHUP";

    private readonly object _lock = new();
    private readonly Thread _main = Thread.CurrentThread;
    private readonly PosixSignalRegistration?[] _registrations = new PosixSignalRegistration?[2];
    private WaitableSignals? _waited;
    private Action? _cutOff;
    private Action? _abandonThread;
    private Action? _dispose;
    private string? _reason;
    private int _secondSignal;
    private bool _consoleRegistered;
    private bool _exiting;
    private bool _completed;
    private bool _hasTerminal;

    /// <summary>Why the stop was asked for (<c>SIGTERM</c>, …); null before.</summary>
    public string? Reason => _reason;

    /// <summary>What a SIGHUP does to a server that was not started from a terminal; null: nothing.</summary>
    public Action? Reread { get; set; }

    /// <summary>The number of the second signal, which cut everything off; 0 where there was none.</summary>
    public int SecondSignal => _secondSignal;

    /// <summary>
    /// Registers SIGTERM, SIGHUP and the end of the process. Before the first request is taken: from then on a stop is
    /// orderly. Called by the main thread.
    /// </summary>
    public void Register()
    {
        _hasTerminal = OperatingSystem.IsWindows() || Posix.HasTerminal(); // Now: once it is gone there is no telling.
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        // First what is waited for: the threads that the registrations start have to block it too.
        if (!OperatingSystem.IsLinux())
            _registrations[1] = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnHangUp);
        else if (!WaitableSignals.IsIgnored(HangUp))
            _waited = new WaitableSignals(HangUp);
        _registrations[0] = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => OnSignal(context, "SIGTERM", 15));
    }

    /// <summary>Says what there is to stop.</summary>
    /// <param name="cutOff">Cuts off what is left, at the second request.</param>
    /// <param name="abandonThread">Called on a thread inside <see cref="Environment.Exit"/>: nobody waits for it then.</param>
    /// <param name="dispose">The whole shutdown, for an exit on the main thread, which cannot leave its scopes.</param>
    public void Attach(Action cutOff, Action abandonThread, Action dispose)
    {
        _cutOff = cutOff;
        _abandonThread = abandonThread;
        _dispose = dispose;
    }

    /// <summary>
    /// Registers Ctrl-C (SIGINT) and Ctrl-Break (SIGQUIT) with the console, and does what else of the signals takes
    /// longer than everything before: so after the server answers.
    /// </summary>
    public void RegisterConsole()
    {
        // The console would read the terminal's description, and switch its keypad over, for keys that nobody reads.
        Environment.SetEnvironmentVariable("TERM", null);
        Console.CancelKeyPress += OnCancelKeyPress;
        _consoleRegistered = true;
        if (OperatingSystem.IsLinux())
            _waited?.BlockOnFinalizerThread();
    }

    /// <summary>Asks for the stop. Any thread may call; the first reason is kept.</summary>
    public void RequestStop(string reason)
    {
        lock (_lock)
        {
            _reason ??= reason;
            Monitor.PulseAll(_lock);
        }

        if (OperatingSystem.IsLinux())
            _waited?.Wake();
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
            while (Volatile.Read(ref _reason) is null)
            {
                if (_waited.Wait() == HangUp && Volatile.Read(ref _reason) is null)
                    OnHangUp();
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
                Monitor.Wait(_lock);
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
            Thread.Sleep(Timeout.Infinite);
        foreach (PosixSignalRegistration? registration in _registrations)
            registration?.Dispose();
        if (_consoleRegistered)
            Console.CancelKeyPress -= OnCancelKeyPress;
    }

    private void OnProcessExit(object? sender, EventArgs e)
    {
        lock (_lock)
        {
            if (_completed)
                return;
            if (Thread.CurrentThread != _main)
                _exiting = true;
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
                Monitor.Wait(_lock);
        }
    }

    private void OnCancelKeyPress(object? sender, ConsoleCancelEventArgs e)
    {
        e.Cancel = true; // This process ends by itself, after its disposal.
        if (e.SpecialKey == ConsoleSpecialKey.ControlC)
            Stop("SIGINT", 2);
        else
            Stop("SIGQUIT", 3);
    }

    private void OnSignal(PosixSignalContext context, string name, int number)
    {
        context.Cancel = true;
        Stop(name, number);
        if (OperatingSystem.IsWindows())
            WaitUntilCompleted(); // There the process is ended when the handler returns.
    }

    private void OnHangUp(PosixSignalContext context)
    {
        context.Cancel = true;
        OnHangUp();
        if (OperatingSystem.IsWindows())
            WaitUntilCompleted();
    }

    /// <summary>
    /// SIGHUP: the terminal went away, if there was one. A server without one rereads its rules (daemon(7)).
    /// </summary>
    private void OnHangUp()
    {
        if (_hasTerminal)
            Stop(HangUpName, HangUp);
        else if (Reread is { } reread)
            reread();
        else
            StandardStreams.Complain("SIGHUP ignored: there are no rules to reread");
    }

    private void Stop(string name, int number)
    {
        bool second;
        lock (_lock)
        {
            if (name == HangUpName && _reason == HangUpName)
                return; // The same hang-up once more: both the kernel and the shell tell of it.
            second = _reason is not null && _secondSignal == 0;
            if (second)
                _secondSignal = number;
        }

        if (second)
            _cutOff?.Invoke();
        else
            RequestStop(name);
    }

    private void WaitUntilCompleted()
    {
        lock (_lock)
        {
            while (!_completed)
                Monitor.Wait(_lock);
        }
    }
}
