using System;
using System.Diagnostics.CodeAnalysis;
using AotServe.Cli;
using AotServe.Files;
using AotServe.Lifetime;
using AotServe.Native;
using AotServe.Observation;
using AotServe.Sandbox;

namespace AotServe.Commands;

/// <summary>What takes note of the requests, as the options ask. Made by the main thread; any thread may call the rest.</summary>
internal sealed class Observers : IDisposable
{
    private readonly AccessLog? _log;

    private Observers(AccessLog? log, ExchangeObserver? observer) => (_log, Exchanges) = (log, observer);

    /// <summary>Counts and logs the requests; null: nobody asked for that.</summary>
    public ExchangeObserver? Exchanges { get; }

    /// <summary>Opens the log. Called before the process gives up the rights that this takes.</summary>
    /// <param name="options">Where it is, and what it says.</param>
    /// <param name="account">The user to be; a log that is made here is that user's. Null: no other.</param>
    /// <param name="threadStarted">Called first on the thread that writes the log, with its name: like a worker, it is not to wait long for a processor.</param>
    /// <param name="observers">The caller owns them. They serve from <see cref="Start"/> on.</param>
    /// <param name="error">What is wrong, in one line.</param>
    public static bool TryOpen(
        ServerOptions options,
        UserAccount? account,
        Action<string> threadStarted,
        [NotNullWhen(true)] out Observers? observers,
        [NotNullWhen(false)] out string? error)
    {
        error = null;
        observers = null;
        AccessLogOptions logged = options.AccessLog;
        HiddenNames? skip = null;
        if (logged.Skip.Length > 0 && !HiddenNames.TryRead(logged.Skip, ignoreCase: false, "--log-skip", out skip, out error))
        {
            return false;
        }

        AccessLog? log = null;
        if (logged.File is { } file)
        {
            bool isNew = account is not null && !System.IO.Path.Exists(file);
            log = new AccessLog(file, StandardStreams.WriteError, options.ShutdownTimeout, threadStarted);
            if (log.Open() is { } wrong)
            {
                error = $"--access-log: {Quoted.Text(file)} cannot be written to: {wrong}; choose a file that this user may write to";
                return false;
            }

            if (isNew && OperatingSystem.IsLinux())
            {
                _ = LinuxFiles.ChangeOwner(file, account!.Value.User, account.Value.Group);
            }
        }

        bool isCounted = options.Metrics is not null || options.Status is not null || options.Listen.HasAdmin;
        ExchangeObserver? observer = log is null && !isCounted
            ? null
            : new ExchangeObserver(log, logged, skip, options.AuthFile is null ? null : new UserNames());
        observers = new Observers(log, observer);
        return true;
    }

    /// <summary>How many lines were added to the log, and how many were dropped.</summary>
    public (long Lines, long Dropped) CountLines() => _log is null ? default : (_log.Lines, _log.Dropped);

    /// <summary>Starts what writes the log. Called once, when all threads that are started from now on have the process's restrictions.</summary>
    public void Start() => _log?.Start();

    /// <summary>Opens the log anew: log rotation has renamed it.</summary>
    public void Reopen() => _log?.Reopen();

    /// <summary>Writes all that is logged. Called when no request is answered any more; a second call does nothing.</summary>
    public void Dispose() => _log?.Dispose();
}
