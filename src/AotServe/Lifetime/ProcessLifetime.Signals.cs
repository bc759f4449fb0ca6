using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace AotServe.Lifetime;

/// <content>What each signal does.</content>
internal sealed partial class ProcessLifetime
{
    private void OnCancelKeyPress(object? sender, ConsoleCancelEventArgs e)
    {
        e.Cancel = true; // This process ends by itself, after its disposal.
        if (e.SpecialKey == ConsoleSpecialKey.ControlC)
        {
            Stop("SIGINT", Interrupt);
        }
        else
        {
            Stop("SIGQUIT", Quit);
        }
    }

    private void OnSignal(PosixSignalContext context, string name, int number)
    {
        context.Cancel = true;
        Stop(name, number);
        if (OperatingSystem.IsWindows())
        {
            WaitUntilCompleted(); // There the process is ended when the handler returns.
        }
    }

    private void OnHangUp(PosixSignalContext context)
    {
        context.Cancel = true;
        OnHangUp();
        if (OperatingSystem.IsWindows())
        {
            WaitUntilCompleted();
        }
    }

    /// <summary>
    /// SIGHUP: the terminal went away, if there was one. A server without one rereads its rules (daemon(7)).
    /// </summary>
    private void OnHangUp()
    {
        if (_hasTerminal)
        {
            Stop(HangUpName, HangUp);
            return;
        }

        notifier.Reloading();
        if (Reread is { } reread)
        {
            reread();
        }
        else
        {
            StandardStreams.WriteError("SIGHUP ignored: there are no rules to reread");
        }

        notifier.Reloaded();
    }

    private void Stop(string name, int number)
    {
        bool second;
        lock (_lock)
        {
            if (name == HangUpName && _reason == HangUpName)
            {
                return; // The same hang-up once more: both the kernel and the shell tell of it.
            }

            if (_replaced && !_signalledSinceReplaced)
            {
                _signalledSinceReplaced = true; // It was meant for the service: this process is stopping anyway.
                return;
            }

            // Until the console has taken over, one Ctrl-C may be told of twice, and so is one.
            second = _reason is not null && _secondSignal == 0 && _consoleRegistered;
            if (second)
            {
                _secondSignal = number;
            }
        }

        if (second)
        {
            _cutOff?.Invoke();
        }
        else
        {
            RequestStop(name);
        }
    }

    private void WaitUntilCompleted()
    {
        lock (_lock)
        {
            while (!_completed)
            {
                Monitor.Wait(_lock);
            }
        }
    }
}
