using System.Collections.Generic;

namespace AotServe.Handover;

/// <summary>What a server hands over to the one that replaces it.</summary>
/// <param name="Descriptors">Of the listening sockets; they stay open here until the stop.</param>
/// <param name="Names">Their LISTEN_FDNAMES, where they came with such.</param>
/// <param name="AreOwn">Whether no other process but servers of this kind can have them open.</param>
internal sealed record HandedOverSockets(IReadOnlyList<int> Descriptors, string? Names, bool AreOwn);
