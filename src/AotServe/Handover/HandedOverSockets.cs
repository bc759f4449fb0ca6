using System.Collections.Generic;

namespace AotServe.Handover;

/// <summary>What a server hands over to the one that replaces it.</summary>
internal sealed class HandedOverSockets
{
    /// <summary>The descriptors of the listening sockets. They stay open here until the stop.</summary>
    public required IReadOnlyList<int> Descriptors { get; init; }

    /// <summary>Their <c>LISTEN_FDNAMES</c>; null: they came without.</summary>
    public string? Names { get; init; }

    /// <summary>Whether no process but servers of this kind can have them open.</summary>
    public bool AreOwn { get; init; }
}
