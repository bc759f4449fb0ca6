using System.Collections.Generic;

namespace AotServe.EndToEndTests.Harness;

/// <summary>How to start a server.</summary>
internal sealed record ServerStart
{
    /// <summary>The path of the executable.</summary>
    public required string Binary { get; init; }

    /// <summary>The command line.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>What the environment has besides this process's own (from which every AOTSERVE_… is taken out).</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// A shell script that runs <c>"$0" "$@"</c>, the server with its arguments, with <c>exec</c>, so that the process
    /// stays the same. Null: no shell.
    /// </summary>
    public string? Shell { get; init; }

    /// <summary>Whether the server's stdout and stderr are read at all; if not, they fill up.</summary>
    public bool ReadOutput { get; init; } = true;
}
