using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using AotServe.Lifetime;
using AotServe.Native;
using AotServe.Net;

namespace AotServe.Handover;

/// <summary>
/// Gets this server's listening sockets and hands them over. They are opened, or were passed by a service manager or by the
/// server that this one replaces. On SIGUSR2 they are handed to the server that replaces this one. Called by the main
/// thread.
/// </summary>
/// <param name="options">Where to listen.</param>
/// <param name="replaceTimeout">How long a successor may take until it is ready.</param>
/// <param name="stop">Is asked for the stop once a successor serves.</param>
/// <param name="notifier">Tells the service manager which process it is to watch.</param>
internal sealed class Succession(
    ListenOptions options, TimeSpan replaceTimeout, StopRequest stop, ServiceNotifier notifier) : IDisposable
{
    private readonly List<Socket> _sockets = [];
    private PassedSockets? _passed;
    private Predecessor? _predecessor;
    private Replacement? _replacement;

    /// <summary>Whether this server takes over from one that serves until this one can.</summary>
    public bool IsSuccessor => _predecessor is not null;

    /// <summary>The socket of the operators' pages, which is listening; null: there is none. The caller of <see cref="TryListen"/> owns it.</summary>
    public Socket? AdminSocket { get; private set; }

    /// <summary>Gives what a successor gets to know by the channel and nobody else may; null: there is nothing.</summary>
    public Func<byte[]>? Secret { get; set; }

    /// <summary>What the server that is replaced has sent in this way; null: nothing. Called once, before <see cref="AwaitTurn"/>, where it sends something.</summary>
    public byte[]? ReceiveSecret() => OperatingSystem.IsLinux() ? _predecessor?.ReceiveSecret() : null;

    /// <summary>Who accepts from the sockets' queues if this server stops now.</summary>
    public AcceptQueueOwner QueueOwner
    {
        get
        {
            if (stop.IsReplaced)
            {
                return AcceptQueueOwner.Successor;
            }

            bool isAlone = _passed is null
                || (_passed.AreOwn && OperatingSystem.IsLinux() && _predecessor is not { HasLeft: false });
            return isAlone ? AcceptQueueOwner.ThisServer : AcceptQueueOwner.Shared;
        }
    }

    /// <summary>Opens the sockets, or adopts those that were passed.</summary>
    /// <param name="sockets">Listening; the caller owns them. None where it fails.</param>
    /// <param name="error">One line that says what is wrong.</param>
    public bool TryListen(out List<Socket> sockets, [NotNullWhen(false)] out string? error)
    {
        sockets = [];
        error = null;
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable(PassedSockets.CountVariable) is not null)
        {
            _ = PassedSockets.TryRead(
                Environment.GetEnvironmentVariable, Environment.ProcessId, LinuxProcess.ParentId, out _passed, out error);
            string[] read = [PassedSockets.CountVariable, PassedSockets.ProcessVariable, PassedSockets.NamesVariable, PassedSockets.PredecessorVariable];
            foreach (string variable in read)
            {
                Environment.SetEnvironmentVariable(variable, null); // It is for this process only.
            }

            if (error is not null)
            {
                return false;
            }
        }

        if (!(_passed is not null
            ? TryAdopt(_passed, out sockets, out error)
            : ListeningSockets.TryOpen(options, out sockets, out error)))
        {
            return false;
        }

        // All that is handed over, with that of the operators' pages as the last, where there is one.
        _sockets.AddRange(sockets);
        if (options.HasAdmin && _predecessor is not null && _sockets.Count > 1)
        {
            AdminSocket = _sockets[^1];
            sockets = _sockets[..^1];
        }
        else if (options.HasAdmin)
        {
            if (!ListeningSockets.TryOpenAdmin(options, out Socket? admin, out error))
            {
                ListeningSockets.Close(_sockets, removeFiles: _passed is null);
                sockets = [];
                return false;
            }

            AdminSocket = admin;
            _sockets.Add(admin);
        }

        return true;
    }

    /// <summary>Waits until the server that this one replaces stops accepting. Returns at once where there is none.</summary>
    public void AwaitTurn()
    {
        if (OperatingSystem.IsLinux())
        {
            _predecessor?.AwaitLeave();
        }
    }

    /// <summary>Starts a successor and returns. It is reported if that cannot be done.</summary>
    /// <param name="waitedSignals">The signals that only this process ignores.</param>
    public void StartReplacement(int[] waitedSignals)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        _replacement ??= new Replacement(
            Environment.GetCommandLineArgs(), HandedOver(), replaceTimeout, waitedSignals, stop, notifier);
        _replacement.Start();
    }

    /// <summary>Ends a successor that does not serve yet. Before the sockets are closed.</summary>
    public void CancelReplacement()
    {
        if (OperatingSystem.IsLinux())
        {
            _replacement?.Dispose();
        }
    }

    public void Dispose()
    {
        if (OperatingSystem.IsLinux())
        {
            _predecessor?.Dispose();
        }
    }

    private HandedOverSockets HandedOver()
    {
        int[] descriptors = new int[_sockets.Count];
        for (int i = 0; i < descriptors.Length; i++)
        {
            descriptors[i] = (int)_sockets[i].Handle;
        }

        return new HandedOverSockets { Descriptors = descriptors, Names = _passed?.Names, AreOwn = _passed?.AreOwn ?? true, Secret = Secret };
    }

    private bool TryAdopt(
        PassedSockets passed, out List<Socket> sockets, [NotNullWhen(false)] out string? error)
    {
        if (OperatingSystem.IsLinux())
        {
            foreach (int descriptor in passed.Descriptors)
            {
                _ = FileDescriptor.SetCloseOnExec(descriptor);
            }

            if (passed.HasPredecessor)
            {
                _ = FileDescriptor.SetCloseOnExec(passed.ChannelDescriptor);
                _predecessor = new Predecessor(new Channel(passed.ChannelDescriptor));
            }
        }

        bool isAsked = options.Port != ListenOptions.DefaultPort || !options.IsEverywhere || options.ReusePort;
        if (!ListeningSockets.TryAdopt(passed.Descriptors, out sockets, out error))
        {
            return false;
        }

        if (isAsked && !passed.HasPredecessor)
        {
            StandardStreams.WriteError(
                "--port, --bind and --reuse-port are not used: the sockets were passed in ("u8.Text() + PassedSockets.CountVariable + ")");
        }

        return true;
    }
}
