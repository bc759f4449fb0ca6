using System.Collections.Generic;

namespace AotServe.Sandbox;

/// <summary>What <see cref="ProcessSandbox"/> leave to the process.</summary>
internal sealed record SandboxOptions
{
    /// <summary>The full paths of the folders whose files, and those beneath, are served.</summary>
    public required IReadOnlyList<string> Served { get; init; }

    /// <summary>
    /// The full path of a folder of which a file is read now and then; null: none. All of its files can be: one that is
    /// written anew is another file, and no rule can be made for it before it is there.
    /// </summary>
    public string? Reread { get; init; }

    /// <summary>Whether symbolic links in the folders may lead anywhere, so that all files have to be readable.</summary>
    public bool ReadsAnywhere { get; init; }

    /// <summary>Whether a Landlock ruleset refuses everything else.</summary>
    public bool Sandbox { get; init; } = true;

    /// <summary>Whom to become; null: whoever started the process.</summary>
    public UserAccount? Account { get; init; }
}
