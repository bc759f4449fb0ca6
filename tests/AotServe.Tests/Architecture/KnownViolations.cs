using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace AotServe.Tests.Architecture;

/// <summary>
/// What breaks a rule today and is about to be mended. Every list here must end up empty; the tests fail too when an
/// entry is no longer needed.
/// </summary>
internal static class KnownViolations
{
    /// <summary>As <see cref="Directions.Violations"/> tells them.</summary>
    public static readonly string[] Directions =
    [
        "AotServe.Handover.Succession uses AotServe.Cli.ServerOptions",
    ];

    /// <summary>As <see cref="Directions.Circles"/> tells them.</summary>
    public static readonly string[] Circles = [];

    /// <summary>As <see cref="HouseRules.Partials"/> tells them.</summary>
    public static readonly string[] Partials =
    [
        "src/AotServe/Files/LinuxRootFolder.Listing.cs: LinuxRootFolder is partial",
        "src/AotServe/Files/LinuxRootFolder.cs: LinuxRootFolder is partial",
        "src/AotServe/Lifetime/ProcessLifetime.Signals.cs: ProcessLifetime is partial",
        "src/AotServe/Lifetime/ProcessLifetime.cs: ProcessLifetime is partial",
        "src/AotServe/Native/LinuxFiles.Folders.cs: LinuxFiles is partial",
        "src/AotServe/Native/LinuxFiles.cs: LinuxFiles is partial",
        "src/AotServe/Net/Connection.Answering.cs: Connection is partial",
        "src/AotServe/Net/Connection.Reading.cs: Connection is partial",
        "src/AotServe/Net/Connection.Waiting.cs: Connection is partial",
        "src/AotServe/Net/Connection.cs: Connection is partial",
        "src/AotServe/Net/Server.Stopping.cs: Server is partial",
        "src/AotServe/Net/Server.cs: Server is partial",
    ];

    /// <summary>As <see cref="HouseRules.SetLater"/> tells them.</summary>
    public static readonly string[] SetLater = ["src/AotServe/Net/Server.cs: = null!"];

    /// <summary>Fails the test that finds anything else than what is listed here, and says all of it.</summary>
    public static void AssertNoOthers(IEnumerable<string> found, IEnumerable<string> known)
    {
        string[] all = [.. found];
        string[] wrong = [.. all.Except(known), .. known.Except(all).Select(line => $"No longer found, so no longer to be listed in {nameof(KnownViolations)}: {line}")];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }
}
