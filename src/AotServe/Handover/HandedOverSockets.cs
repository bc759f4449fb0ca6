using System;

namespace AotServe.Handover;

/// <summary>What a server hands over to the one that replaces it.</summary>
internal sealed class HandedOverSockets
{
    /// <summary>The descriptors of the listening sockets. They stay open here until the stop.</summary>
    public required int[] Descriptors { get; init; }

    /// <summary>Their <c>LISTEN_FDNAMES</c>; null: they came without.</summary>
    public string? Names { get; init; }

    /// <summary>
    /// Gives what nobody else may know, which goes by the channel, since an environment can be read by others of the same user; null:
    /// there is nothing.
    /// </summary>
    public Func<byte[]>? Secret { get; init; }

    /// <summary>Whether no process but servers of this kind can have them open.</summary>
    public bool AreOwn { get; init; }
}
