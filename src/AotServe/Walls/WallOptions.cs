using System.Collections.Generic;

namespace AotServe.Walls;

/// <summary>What <see cref="KernelWalls"/> leave to the process.</summary>
internal sealed record WallOptions
{
    /// <summary>The full paths of the folders whose files, and those beneath, may be read.</summary>
    public required IReadOnlyList<string> Readable { get; init; }

    /// <summary>Whether a Landlock ruleset refuses everything else.</summary>
    public bool Sandbox { get; init; } = true;

    /// <summary>Whom to become; null: whoever started the process.</summary>
    public UserAccount? Account { get; init; }
}
