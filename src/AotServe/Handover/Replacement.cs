using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.Versioning;
using System.Threading;
using AotServe.Lifetime;
using AotServe.Native;

namespace AotServe.Handover;

/// <summary>
/// SIGUSR2: starts the program that now lies where this one was started from, with the same arguments, environment and
/// listening sockets. When it reports that it is ready to accept, it is told to, and this process stops. A successor that
/// cannot be started, ends, or does not report in time is ended; it has accepted nobody, so no client is lost.
/// </summary>
/// <param name="arguments">The command line, from the program's name on.</param>
/// <param name="sockets">What is handed over.</param>
/// <param name="timeout">How long the successor may take until it reports.</param>
/// <param name="waitedSignals">The signals that only this process ignores.</param>
/// <param name="stop">Is asked for the stop once a successor serves.</param>
/// <param name="notifier">Tells the service manager whom to watch then.</param>
[SupportedOSPlatform("linux")]
internal sealed class Replacement(
    string[] arguments, HandedOverSockets sockets, TimeSpan timeout, int[] waitedSignals, StopRequest stop,
    ServiceNotifier notifier)
    : IDisposable
{
    private const string Deleted = " (deleted)";
    private const int NoProcess = 0;

    private readonly object _lock = new();
    private Thread? _waiting;
    private Channel? _channel;
    private int _successor;
    private bool _cancelled;

    /// <summary>
    /// Starts a successor and returns; another thread waits for it. A second call meanwhile is reported and changes nothing.
    /// Called by the main thread, which also closes the sockets.
    /// </summary>
    public void Start()
    {
        lock (_lock)
        {
            if (_successor != NoProcess)
            {
                StandardStreams.WriteError($"SIGUSR2 ignored: process {_successor} is already being started");
                return;
            }

            if (Environment.ProcessId == 1)
            {
                StandardStreams.WriteError("SIGUSR2 ignored: this is process 1, whose end would be that of its container"u8.Text());
                return;
            }

            _waiting?.Join(); // The thread for the last one has reported a failure and is about to end.
            _waiting = null;
            string path = ProgramPath(LinuxProcess.ExecutedPath, arguments[0]);
            int result = Channel.Create(out Channel near, out Channel far);
            if (result < 0)
            {
                Fail(path, "no channel to it: " + Errno.Describe(-result));
                return;
            }

            if (sockets.Secret is { } secret)
            {
                Predecessor.SendSecret(near, secret()); // So little that it waits in the channel.
            }

            result = ChildProcess.Start(
                path, arguments, SuccessorEnvironment(), [.. sockets.Descriptors, far.Descriptor], waitedSignals, out int pid);
            far.Dispose();
            if (result < 0)
            {
                near.Dispose();
                Fail(path, $"{Errno.Describe(-result)} ({-result})");
                return;
            }

            _channel = near;
            _successor = pid;
            _waiting = new Thread(() => AwaitSuccessor(near, pid, path)) { Name = "replacement", IsBackground = true };
            _waiting.Start();
        }
    }

    /// <summary>
    /// Ends a successor that does not serve yet, because this process is to stop, and not to be replaced. If it serves, its
    /// channel stays open: the channel closes when this process has ended.
    /// </summary>
    public void Dispose()
    {
        Thread? waiting;
        lock (_lock)
        {
            _cancelled = true;
            waiting = _waiting;
            if (_successor != NoProcess && !stop.IsReplaced)
            {
                _channel!.Cancel();
            }
        }

        waiting?.Join();
    }

    /// <summary>The path that this program was started by, since what lies there may not be this program any more.</summary>
    /// <param name="executed">What the kernel was asked to execute, if known.</param>
    /// <param name="invoked">The name in the argument list, which may be anything.</param>
    internal static string ProgramPath(string? executed, string invoked)
    {
        if (IsPath(executed))
        {
            return executed!;
        }

        if (invoked.StartsWith('/'))
        {
            return invoked;
        }

        // Started by a descriptor (fexecve(3)).
        string own = new FileInfo("/proc/self/exe").LinkTarget ?? invoked;
        return own.EndsWith(Deleted, StringComparison.Ordinal) ? own[..^Deleted.Length] : own;

        static bool IsPath(string? path) => path is { Length: > 0 }
            && !path.StartsWith("/dev/fd/", StringComparison.Ordinal) && !path.StartsWith("/proc/", StringComparison.Ordinal);
    }

    private string[] SuccessorEnvironment()
    {
        var variables = new List<string>();
        string own = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            // Without this variable the watchdog is for any process (sd_watchdog_enabled(3)). The successor's id is not known yet.
            if (variable.Key is not ServiceNotifier.WatchdogProcessVariable || variable.Value is not string pid || pid != own)
            {
                variables.Add($"{variable.Key}={variable.Value}");
            }
        }

        variables.Add($"{PassedSockets.CountVariable}={sockets.Descriptors.Length}");
        variables.Add($"{PassedSockets.PredecessorVariable}={Environment.ProcessId}:{(sockets.AreOwn ? "own" : "shared")}");
        if (sockets.Names is not null)
        {
            variables.Add($"{PassedSockets.NamesVariable}={sockets.Names}");
        }

        return [.. variables];
    }

    private void AwaitSuccessor(Channel channel, int pid, string path)
    {
        int report = channel.Receive((int)timeout.TotalMilliseconds);
        string why = "it did not report within " + timeout.TotalSeconds + " s";
        lock (_lock)
        {
            if (report == Predecessor.Ready && TryHandOver(channel, pid))
            {
                return;
            }
        }

        // It may hang, and it has accepted no connection, so it can be killed.
        _ = ChildProcess.Kill(pid);
        int status = ChildProcess.WaitForEnd(pid);
        if (report == Channel.Closed)
        {
            why = status < 0 ? "it ended" : (status & 0x7F) == 0 ? $"it ended with exit code {(status >> 8) & 0xFF}" : "it was killed";
        }

        lock (_lock)
        {
            channel.Dispose();
            _successor = NoProcess;
            if (!_cancelled)
            {
                Fail(path, why);
            }
        }
    }

    /// <summary>Lets the successor accept, unless a stop was asked for first. It cannot be taken back.</summary>
    private bool TryHandOver(Channel channel, int pid)
    {
        if (_cancelled || stop.IsRequested)
        {
            return false;
        }

        // First, so that the manager believes what the successor tells it.
        notifier.MainProcessIs(pid);
        if (channel.Send(Predecessor.Go) < 0)
        {
            notifier.MainProcessIs(Environment.ProcessId);
            return false;
        }

        notifier.StopSending();
        stop.RequestForSuccessor(pid);
        return true;
    }

    private static void Fail(string path, string why) =>
        StandardStreams.WriteError($"SIGUSR2: {path} did not take over: {why}; this server goes on");
}
