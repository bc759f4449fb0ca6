using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Threading;
using AotServe.Buffers;
using AotServe.Cli;
using AotServe.Handover;
using AotServe.Http;
using AotServe.Lifetime;
using AotServe.Native;
using AotServe.Net;
using AotServe.Sandbox;
using AotServe.Sites;
using AotServe.Tls;
using AotServe.Workers;

namespace AotServe.Commands;

/// <summary>
/// Serves until a stop is asked for. The composition root: options, site, sockets, sandbox, server, pool; then a wait for
/// the stop, and disposal.
/// </summary>
internal static class ServeCommand
{
    private const int SignalBase = 128;

    /// <summary>The server itself has about ten, and a client takes two with a file: with fewer it would start, and hardly serve.</summary>
    private const int LeastDescriptors = 16;

    /// <summary>Serves, and returns the exit code.</summary>
    /// <param name="options">What to serve, and how.</param>
    /// <param name="startedAt">When the process was started, on the clock of <see cref="Stopwatch"/>.</param>
    public static int Run(ServerOptions options, long startedAt)
    {
        var notifier = new ServiceNotifier(
            Environment.GetEnvironmentVariable, Environment.ProcessId, StandardStreams.WriteError);
        using var stop = new StopRequest(notifier, options.DrainDelay + options.ShutdownTimeout);
        try
        {
            return Serve(options, stop, notifier, startedAt);
        }
        catch (Exception e)
        {
            if (e is OutOfMemoryException)
            {
                // A thread could not be started: neither can that one, and it says why.
                NativeStart.StartRuntimeThread();
            }

            StandardStreams.WriteError(StartFailure.Describe(e));
            return ExitCode.Failure;
        }
    }

    private static int Serve(ServerOptions options, StopRequest stop, ServiceNotifier notifier, long startedAt)
    {
        long started = Environment.TickCount64;

        // What later depends on random numbers does not go on without: found out now, and not by the first request.
        RandomBytes.Fill(stackalloc byte[sizeof(long)]);
        ConnectionLimits limits = Limits(options);
        var buffers = new BufferBudget(limits.BufferBytes);
        if (!SandboxSetup.TryResolveUser(options, out UserAccount? account, out string? error)
            || !Observers.TryOpen(options, account, static name => PrepareThread(name), out Observers? opening, out error)
            || !ServedSite.TryOpen(options, buffers, stop.CutOffToken, StandardStreams.WriteError, out ServedSite? opened, out error)
            || !SecureSockets.TryOpen(options, StandardStreams.WriteError, out TlsServer? secure, out error))
        {
            return Fail(error, ExitCode.UsageError);
        }

        using ServedSite site = opened;
        using Observers observers = opening;
        using TlsServer? tls = secure;
        bool hasReport = options.Metrics is not null || options.Status is not null || options.Listen.HasAdmin;
        OperatorReport? report = hasReport ? new OperatorReport(options, site, tls, observers, startedAt) : null;
        var drain = new DrainState();
        ListenOptions listen = account is { } owner ? options.Listen with { SocketOwner = (owner.User, owner.Group) } : options.Listen;
        using var succession = new Succession(listen, options.ReplaceTimeout, stop, notifier);
        if (!succession.TryListen(out List<Socket> sockets, out error)
            || !SandboxSetup.TryRestrict(options, account, site, report, out error))
        {
            return Fail(error, ExitCode.Failure);
        }

        if (account is not null)
        {
            SecureSockets.WarnUnreadable(options.Tls, StandardStreams.WriteError);
        }

        SecureSockets.ShareKeys(tls, succession);
        using var signals = new StopSignals(stop);
        var addresses = new ServedAddresses(sockets, succession.AdminSocket, options.Listen, tls is not null);
        string status = addresses.Describe(ServedSite.NameOf(options), options.Threads);
        IPoller poller = CreatePoller(options, stop);
        site.WatchFolders(poller.Await);
        using var server = new Server(
            RequestHandlers.Assign(sockets, succession.AdminSocket, options, site, stop, drain, report, tls), poller, limits, buffers, drain, stop.CutOffToken, ReportFault,
            options.Threads, WorkerOptions(signals.Wake))
        {
            Accepted = StopAfter(options.ExitAfter, stop),
            Swept = now =>
            {
                notifier.Beat(now);
                site.Sweep(now);
                report?.Sweep(now);
                if (TlsSupport.IsBuiltIn)
                {
                    tls?.Keys.Rotate(now);
                }
            },
            SweepInterval = notifier.BeatInterval,
            Report = StandardStreams.WriteError,
            Trace = options.Verbose ? StandardStreams.Report : null,
            Observer = observers.Exchanges,
            PlainHandler = tls is null ? null : new HttpsHint(),
        };

        site.AddReaders(server.Pool.Readers);

        // A successor has clients at once, so it starts all workers, and may be told to stop while it waits for its turn.
        report?.Attach(server, status, succession.IsSuccessor);
        long asked;
        observers.Start();
        bool isReadyFirst = succession.IsSuccessor || !OperatingSystem.IsLinux();
        if (isReadyFirst)
        {
            server.Pool.Start();
            signals.Register();
            succession.AwaitTurn();
        }

        using (new RunningServer(server, succession, stop, drain, options.DrainDelay, options.ShutdownTimeout, observers))
        {
            if (!isReadyFirst)
            {
                server.Pool.Start(1); // It answers the first request while the rest is made ready.
                signals.Register();
                server.Pool.Start();
            }

            signals.RegisterConsole();
            NativeStart.StartRuntimeThread();
            StandardStreams.Report(string.Create(
                CultureInfo.InvariantCulture, stackalloc char[512],
                $"{status}, ready in {Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds:0.0} ms, pid {Environment.ProcessId}"));
            if (addresses.Admin is { } admin)
            {
                StandardStreams.Report($"Status, metrics and health on {admin}");
            }

            if (options.Dev)
            {
                StandardStreams.Report("--dev: folders are listed, no file is kept in memory, and each request gets a line in the log"u8.Text());
            }

            foreach (string hint in site.Hints)
            {
                StandardStreams.Report(hint);
            }

            notifier.Ready(status);
            signals.WaitForStop(
                reread: () => Reread(site, tls, notifier),
                replace: () => Replace(site, succession, signals),
                reopen: observers.Reopen,
                idle: () => server.Pool.Look() ? WorkQueue.LookInterval : Timeout.Infinite);
            asked = Stopwatch.GetTimestamp();
        }

        string lost = server.RequestsCutOff > 0 ? $"; cut off {server.RequestsCutOff} requests in flight" : "";
        StandardStreams.Report(
            string.Create(
                CultureInfo.InvariantCulture, stackalloc char[512],
                $"Stopped ({stop.Reason}): answered {server.Requests} requests on {server.Connections.Accepted} connections in {(Environment.TickCount64 - started) / 1000.0:0.0} s{lost}; the stop took {Stopwatch.GetElapsedTime(asked).TotalMilliseconds:0.0} ms"));
        return stop.SecondSignal > 0 ? SignalBase + stop.SecondSignal
            : server.RequestsCutOff > 0 || stop.IsFailure ? ExitCode.Failure
            : ExitCode.Success;
    }

    private static int Fail(string error, int exitCode)
    {
        StandardStreams.WriteError(error);
        return exitCode;
    }

    private static WorkerPoolOptions WorkerOptions(Action wakeMain) => new()
    {
        WatchNeeded = wakeMain,
        Report = StandardStreams.Report,
        ReportFault = ReportFault,
        ThreadStarted = PrepareThread,
        MostActive = Environment.ProcessorCount, // Those that this process may use: its affinity, and a container's quota.
        InitialWorkers = 0, // There is no work before the server starts.
    };

    private static void Reread(ServedSite site, TlsServer? tls, ServiceNotifier notifier)
    {
        notifier.Reloading();
        if (site.CanReread)
        {
            site.Reread(StandardStreams.Report, StandardStreams.WriteError);
        }

        if (TlsSupport.IsBuiltIn && tls is not null)
        {
            SecureSockets.Reread(tls, StandardStreams.Report, StandardStreams.WriteError);
        }
        else if (!site.CanReread)
        {
            StandardStreams.WriteError("SIGHUP ignored: there are no rules to reread"u8.Text());
        }

        notifier.Reloaded();
    }

    /// <summary>A successor lives within the sandbox of this process, and could not serve what this one cannot.</summary>
    private static void Replace(ServedSite site, Succession succession, StopSignals signals)
    {
        if (site.Absence is { } absence)
        {
            StandardStreams.WriteError("SIGUSR2 ignored: " + absence);
            return;
        }

        succession.StartReplacement(signals.WaitedSignals);
    }

    private static IPoller CreatePoller(ServerOptions options, StopRequest stop)
    {
        void Stop(string why)
        {
            StandardStreams.WriteError("the sockets cannot be waited for any more, so the server stops: "u8.Text() + why);
            stop.RequestByFailure("the poller failed");
        }

        return OperatingSystem.IsLinux() && !options.UsesPortablePoller ? new EpollPoller(Stop) : new SelectPoller(Stop);
    }

    private static ConnectionLimits Limits(ServerOptions options)
    {
        // As many connections as descriptors allow, less some for files and for the process itself.
        long descriptors = OperatingSystem.IsWindows() ? 0 : DescriptorLimit.Raise();
        if (descriptors is > 0 and < LeastDescriptors)
        {
            throw new Win32Exception(Errno.ProcessFilesExhausted);
        }

        long most = descriptors <= 0 ? int.MaxValue : Math.Max(1, descriptors - Math.Min(64 + CacheLimits.MostOpenFiles, descriptors / 2));
        most = options.UsesPortablePoller ? Math.Min(most, SelectPoller.MostConnections) : most;

        // A container may have little memory. An eighth of it is for buffers, because .NET's pool keeps more than are in use,
        // and an eighth for connections, which need about 1 KiB each, or with TLS 16.
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        long eighth = memory / 8;
        return options.Limits with
        {
            Connections = Math.Min(options.Limits.Connections, Math.Min(most, eighth / (options.Tls.IsOn ? 16 * 1024 : 1024))),
            // Linux uses at most a sixteenth of the memory for TCP. These take a megabyte each, and so a small part of that.
            LargeSendBuffers = Math.Max(4, memory / (256 * 1024 * 1024)),
            BufferBytes = Math.Min(options.Limits.BufferBytes, eighth),
        };
    }

    private static Action<long>? StopAfter(long? connections, StopRequest stop) => connections is null
        ? null
        : accepted =>
        {
            if (accepted >= connections)
            {
                stop.Request("--exit-after");
            }
        };

    /// <summary>
    /// Names a worker's thread and shortens its time slice; called on that thread. Returns whether the worker should yield:
    /// it loses the rest of its slice when it does (sched_yield(2), Linux 6.18), so only if the slice is short.
    /// </summary>
    private static bool PrepareThread(string name)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        _ = LinuxThread.SetName(name);
        return LinuxThread.ShortenTimeSlice() == 0;
    }

    private static void ReportFault(Exception e) => ReportFault(e, null);

    private static void ReportFault(Exception e, string? request) =>
        StandardStreams.WriteError($"a request failed{(request is null ? "" : $" ({request})")}: {e.GetType().Name}: {ErrorText.Describe(e)}");
}
