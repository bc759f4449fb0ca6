using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using AotServe.Cli;
using AotServe.Handover;
using AotServe.Http;
using AotServe.Lifetime;
using AotServe.Native;
using AotServe.Net;
using AotServe.Sandbox;
using AotServe.Sites;
using AotServe.Workers;

namespace AotServe.Commands;

/// <summary>
/// Serves until a stop is asked for. The composition root: options, site, sockets, sandbox, server, pool; then a wait for
/// the stop, and disposal.
/// </summary>
internal static class ServeCommand
{
    private const int SignalBase = 128;

    /// <summary>Serves, and returns the exit code.</summary>
    public static int Run(ServerOptions options)
    {
        var notifier = new ServiceNotifier(
            Environment.GetEnvironmentVariable, Environment.ProcessId, StandardStreams.WriteError);
        using var lifetime = new ProcessLifetime(notifier, options.DrainDelay + options.ShutdownTimeout);
        try
        {
            return Serve(options, lifetime, notifier);
        }
        catch (Exception e)
        {
            StandardStreams.WriteError(e.ToString());
            return ExitCode.Failure;
        }
    }

    /// <summary>Serves until a stop is asked for. Leaving the scopes, in whatever way, is the shutdown.</summary>
    private static int Serve(ServerOptions options, ProcessLifetime lifetime, ServiceNotifier notifier)
    {
        long started = Environment.TickCount64;
        if (SandboxSetup.ResolveUser(options, out UserAccount? account) is { } nobody)
        {
            StandardStreams.WriteError(nobody);
            return ExitCode.UsageError;
        }

        using var cutOff = new CancellationTokenSource();
        if (ServedSite.TryOpen(options, cutOff.Token, StandardStreams.WriteError, out ServedSite? served) is { } reason)
        {
            StandardStreams.WriteError(reason);
            return ExitCode.UsageError;
        }

        using ServedSite content = served!;
        IRequestHandler site = content.Handler;
#if TEST_HOOKS
        site = new AotServe.TestHooks.HookedSite(site, lifetime);
#endif
        Server? serves = null; // Only when its answers already send clients elsewhere does the health answer say so.
        if (options.Health is { } health)
        {
            site = new HealthCheck(health, site, () => serves is { IsDraining: true } && !lifetime.IsReplaced);
        }

        using var succession = new Succession(options, lifetime, notifier);
        if (succession.TryListen(out IReadOnlyList<Socket> sockets) is { } error)
        {
            StandardStreams.WriteError(error);
            return ExitCode.Failure;
        }

        if (SandboxSetup.Raise(options, account, content, out FinalizerThreadRestriction? wall) is { } exposed)
        {
            StandardStreams.WriteError(exposed);
            return ExitCode.Failure;
        }

        using FinalizerThreadRestriction? remaining = wall;
        lifetime.Prepare();
        IPEndPoint[] addresses = Addresses(sockets);
        using var server = new Server(site, sockets, CreatePoller(options), Limits(options), cutOff, ReportFault)
        {
            Swept = now =>
            {
                notifier.Beat(now);
                content.Sweep(now);
            },
            SweepInterval = notifier.BeatInterval,
        };
        serves = server;
        var poolOptions = new WorkerPoolOptions
        {
            Report = StandardStreams.Report,
            ReportFault = ReportFault,
            ThreadStarted = PrepareThread,
            StartsWithOneWorker = !succession.IsSuccessor,
        };
        using (var pool = new WorkerPool(options.Threads, server, poolOptions))
        {
            lifetime.Register();
            succession.AwaitTurn();
            using var serving = new Serving(
                server, pool, options.DrainDelay, options.ShutdownTimeout, succession.Share, StopAfter(options.ExitAfter, lifetime));
            pool.StartAll();
            using IDisposable? replacement = succession.Prepare(sockets);
            lifetime.Attach(
                cutOff: server.CutOff,
                abandonThread: () =>
                {
                    Server.AbandonCurrentThread();
                    WorkerPool.AbandonCurrentWorker();
                },
                replace: succession.Replace,
                dispose: () =>
                {
                    replacement?.Dispose();
                    serving.Dispose();
                    pool.Dispose();
                });
            if (content.CanReread)
            {
                lifetime.Reread = () => content.Reread(StandardStreams.Report, StandardStreams.WriteError);
            }

            lifetime.RegisterConsole();
            if (ReachOldestThread(lifetime, remaining) is { } unfinished)
            {
                StandardStreams.WriteError(unfinished);
                return ExitCode.Failure;
            }

            string status = $"Serving {ServedSite.NameOf(options)} on {Urls(addresses, options)}, {options.Threads} threads";
            StandardStreams.Report($"{status}, pid {Environment.ProcessId}");
            notifier.Ready(status);
            lifetime.WaitForStop();
        }

        string lost = server.RequestsCutOff > 0 ? $"; cut off {server.RequestsCutOff} requests in flight" : "";
        StandardStreams.Report(
            $"Stopped ({lifetime.Reason}): answered {server.Requests} requests on {server.AcceptedConnections} connections "
            + $"in {(Environment.TickCount64 - started) / 1000.0:0.0} s{lost}");
        return lifetime.SecondSignal > 0 ? SignalBase + lifetime.SecondSignal : server.RequestsCutOff > 0 ? ExitCode.Failure : 0;
    }

    /// <summary>
    /// Does what is left to do on the runtime's own thread: it takes a garbage collection, so it is done when the server
    /// answers.
    /// </summary>
    /// <returns>Null, or why the process must not go on: one line.</returns>
    private static string? ReachOldestThread(ProcessLifetime lifetime, FinalizerThreadRestriction? remaining)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        string? error = null;
        bool reached = FinalizerThread.Run(() =>
        {
            lifetime.LeaveSignals();
            if (OperatingSystem.IsLinux())
            {
                remaining?.TryApply(out error);
            }
        });
        remaining?.Dispose();
        return reached ? error : "the runtime's own thread cannot be reached, to give up its rights";
    }

    private static IPoller CreatePoller(ServerOptions options) =>
        OperatingSystem.IsLinux() && !options.PortablePoller ? new EpollPoller() : new SelectPoller();

    private static ConnectionLimits Limits(ServerOptions options)
    {
        // As many connections as descriptors allow, less some for files and for the process itself.
        long descriptors = OperatingSystem.IsWindows() ? 0 : Posix.RaiseDescriptorLimit();
        long places = descriptors == 0 ? int.MaxValue : Math.Max(1, descriptors - Math.Min(64 + ServedSite.MostKeptOpen, descriptors / 2));
        // A container may have little memory: an eighth of it for buffers, of which the platform's pool keeps more than are
        // taken, and as much for connections, about 1 KiB each.
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        long share = memory / 8;
        return new ConnectionLimits
        {
            HeadTimeout = (long)options.HeadTimeout.TotalMilliseconds,
            StallTimeout = (long)options.StallTimeout.TotalMilliseconds,
            LeastRate = options.LeastRate,
            IdleTimeout = (long)options.IdleTimeout.TotalMilliseconds,
            RequestsPerConnection = options.MaxRequests,
            Connections = Math.Min(options.MaxConnections ?? long.MaxValue, Math.Min(places, share / 1024)),
            ConnectionsPerAddress = options.MaxPerAddress,
            // Linux has a sixteenth of it at most for all that TCP keeps, and gives a connection 4 MiB: half of that for these.
            FreelySending = Math.Max(1, memory / (128 * 1024 * 1024)),
            BufferBytes = Math.Min(options.BufferMebibytes * 1024 * 1024, share),
        };
    }

    private static Action<long>? StopAfter(long? connections, ProcessLifetime lifetime) => connections is null
        ? null
        : accepted =>
        {
            if (accepted >= connections)
            {
                lifetime.RequestStop("--exit-after");
            }
        };

    /// <summary>Where the sockets listen. Asked while they are sure to be open; put into words when clients are served.</summary>
    private static IPEndPoint[] Addresses(IReadOnlyList<Socket> sockets)
    {
        var addresses = new IPEndPoint[sockets.Count];
        for (int i = 0; i < addresses.Length; i++)
        {
            addresses[i] = (IPEndPoint)sockets[i].LocalEndPoint!;
        }

        return addresses;
    }

    /// <summary>What a user can open: an address that means all interfaces is shown as localhost.</summary>
    private static string Urls(IPEndPoint[] addresses, ServerOptions options)
    {
        bool all = false;
        string[] urls = new string[addresses.Length];
        for (int i = 0; i < urls.Length; i++)
        {
            IPEndPoint endPoint = addresses[i];
            bool any = endPoint.Address.Equals(IPAddress.Any) || endPoint.Address.Equals(IPAddress.IPv6Any);
            all |= any;
            urls[i] = any ? $"http://localhost:{endPoint.Port}" : $"http://{endPoint}";
        }

        return string.Join(" ", urls) + (all && options.Bind.Count == 0 ? " (all interfaces)" : "");
    }

    /// <summary>
    /// Called on each worker's thread. Only with a short slice does a worker give way: it loses what is left of the slice
    /// when it does (sched_yield(2), Linux 6.18).
    /// </summary>
    private static bool PrepareThread(string name)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        Posix.NameThread(name);
        return TimeSlice.TryShorten();
    }

    private static void ReportFault(Exception e) => StandardStreams.WriteError("a request failed: " + OneLine(e));

    private static string OneLine(Exception e) => $"{e.GetType().Name}: {e.Message}".ReplaceLineEndings(" ");
}
