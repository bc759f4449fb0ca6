using System;
using System.Collections.Generic;
using System.Net.Sockets;
using AotServe.Cli;
using AotServe.Lifetime;
using AotServe.Native;
using AotServe.Net;

namespace AotServe.Handover;

/// <summary>
/// Where this server's listening sockets come from and whom they go to: they are opened, or were passed in by a service
/// manager or by a server that this one replaces; and on SIGUSR2 they are handed to the server that replaces this one.
/// Called by the main thread.
/// </summary>
internal sealed class Succession(ServerOptions options, ProcessLifetime lifetime, ServiceNotifier notifier) : IDisposable
{
    private PassedSockets? _inheritance;
    private Predecessor? _predecessor;
    private Replacement? _replacement;

    /// <summary>Whether this server takes over from one that serves until this one can.</summary>
    public bool IsSuccessor => _predecessor is not null;

    /// <summary>Opens the sockets, or takes them over.</summary>
    /// <returns>Null, and the sockets, which the caller owns; or one line that says what is wrong, and no sockets.</returns>
    public string? TryListen(out IReadOnlyList<Socket> sockets)
    {
        sockets = [];
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable(PassedSockets.CountVariable) is not null)
        {
            _inheritance = PassedSockets.Read(
                Environment.GetEnvironmentVariable, Environment.ProcessId, LinuxProcess.ParentId, out string? error);
            string[] read = [PassedSockets.CountVariable, PassedSockets.ProcessVariable, PassedSockets.NamesVariable, PassedSockets.PredecessorVariable];
            foreach (string variable in read)
            {
                Environment.SetEnvironmentVariable(variable, null); // They were for this process only.
            }

            if (error is not null)
            {
                return error;
            }

            if (_inheritance is not null)
            {
                return TakeOver(_inheritance, out sockets);
            }
        }

        return ListeningSockets.TryOpen(options.Bind, options.Port, options.ReusePort, out sockets);
    }

    /// <summary>Where there is a server to be replaced: returns when it stops accepting, so that this one may begin.</summary>
    public void AwaitTurn()
    {
        if (OperatingSystem.IsLinux())
        {
            _predecessor?.AwaitLeave();
        }
    }

    /// <summary>
    /// Makes ready to hand the sockets to a successor; null where the system has no such thing. Disposing it, before the
    /// sockets are closed, ends a successor that does not serve yet.
    /// </summary>
    public IDisposable? Prepare(IReadOnlyList<Socket> sockets)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        int[] descriptors = new int[sockets.Count];
        for (int i = 0; i < descriptors.Length; i++)
        {
            descriptors[i] = (int)sockets[i].Handle;
        }

        var handedOver = new HandedOverSockets(descriptors, _inheritance?.Names, _inheritance?.AreOwn ?? true);
        return _replacement = new Replacement(
            Environment.GetCommandLineArgs(), handedOver, options.ReplaceTimeout, lifetime, notifier);
    }

    /// <summary>Starts a successor, after <see cref="Prepare"/>.</summary>
    public void Replace()
    {
        if (OperatingSystem.IsLinux())
        {
            _replacement?.Begin();
        }
    }

    /// <summary>Whose the queues of the sockets are if this server stops now. Any thread may ask.</summary>
    public AcceptQueueOwner Share()
    {
        if (lifetime.IsReplaced)
        {
            return AcceptQueueOwner.Theirs;
        }

        bool isAlone = _inheritance is null
            || (_inheritance.AreOwn && OperatingSystem.IsLinux() && _predecessor is not { HasLeft: false });
        return isAlone ? AcceptQueueOwner.Alone : AcceptQueueOwner.Shared;
    }

    public void Dispose()
    {
        if (OperatingSystem.IsLinux())
        {
            _predecessor?.Dispose();
        }
    }

    private string? TakeOver(PassedSockets inheritance, out IReadOnlyList<Socket> sockets)
    {
        if (OperatingSystem.IsLinux())
        {
            foreach (int descriptor in inheritance.Descriptors)
            {
                _ = FileDescriptor.SetCloseOnExec(descriptor);
            }

            if (inheritance.HasPredecessor)
            {
                _ = FileDescriptor.SetCloseOnExec(inheritance.ChannelDescriptor);
                _predecessor = new Predecessor(new Channel(inheritance.ChannelDescriptor));
            }
        }

        string? error = ListeningSockets.TryAdopt(inheritance.Descriptors, out sockets);
        bool asked = options.Port != ServerOptions.DefaultPort || options.Bind.Count > 0 || options.ReusePort;
        if (error is null && asked && !inheritance.HasPredecessor)
        {
            StandardStreams.WriteError(
                $"--port, --bind and --reuse-port are not used: the sockets were passed in ({PassedSockets.CountVariable})");
        }

        return error;
    }
}
