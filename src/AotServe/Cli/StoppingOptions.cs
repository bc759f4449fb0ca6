using System;
using System.Diagnostics.CodeAnalysis;

namespace AotServe.Cli;

/// <summary>The options that say when the server stops and how long that may take.</summary>
internal static class StoppingOptions
{
    private const string Stopping = "Stopping";

    public static readonly Option[] All =
    [
        new TextOption
        {
            Name = "health",
            Group = Stopping,
            Placeholder = "PATH",
            Help = "health check at PATH: 200, or 503 while stopping"u8,
            Takes = "a path such as /healthz, without a query"u8,
            Read = TryReadHealthPath,
        },
        new SecondsOption
        {
            Name = "drain-delay",
            Group = Stopping,
            Placeholder = "SECONDS",
            Help = "how long to keep accepting once a stop begins"u8,
            DefaultTime = ServerOptions.DefaultDrainDelay,
            Most = 3600,
            Set = static (options, value) => options with { DrainDelay = TimeSpan.FromMilliseconds(value) },
        },
        new NumberOption
        {
            Name = "exit-after",
            Group = Stopping,
            Placeholder = "N",
            Help = "stop after accepting N connections"u8,
            Default = "never",
            Quantity = "a number of connections"u8,
            Least = 1,
            Most = long.MaxValue,
            Set = static (options, value) => options with { ExitAfter = value },
        },
        new SecondsOption
        {
            Name = "shutdown-timeout",
            Group = Stopping,
            Placeholder = "SECONDS",
            Help = "how long a stop waits for requests"u8,
            DefaultTime = ServerOptions.DefaultShutdownTimeout,
            Most = 86400,
            Set = static (options, value) => options with { ShutdownTimeout = TimeSpan.FromMilliseconds(value) },
        },
        new SecondsOption
        {
            Name = "replace-timeout",
            Group = Stopping,
            Placeholder = "SECONDS",
            Help = "how long a successor may take to start"u8,
            DefaultTime = ServerOptions.DefaultReplaceTimeout,
            Most = 3600,
            Hidden = true,
            Set = static (options, value) => options with { ReplaceTimeout = TimeSpan.FromMilliseconds(value) },
        },
    ];

    private static bool TryReadHealthPath(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        error = null;
        changed = HealthPath.IsUsable(value) ? options with { Health = value } : null;
        return changed is not null;
    }
}
