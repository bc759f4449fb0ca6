using System;
using System.Net.Sockets;

namespace AotServe.Net;

/// <summary>
/// Waits for sockets to become ready. <see cref="Wait"/> is called by no more than <see cref="MostWaiting"/> threads at
/// once, everything else by any.
/// The contract is the weaker one of its two forms: after an event for a slot none need come until <see cref="Arm"/>,
/// and an event may come for nothing.
/// </summary>
internal interface IPoller : IDisposable
{
    /// <summary>How many threads may wait at once; an event goes to one of them.</summary>
    int MostWaiting { get; }

    /// <summary>Starts watching a socket; a state that it is in already is an event too.</summary>
    void Add(int slot, Socket socket);

    /// <summary>Says that its owner has done what it could with a socket and waits for the next event.</summary>
    /// <param name="slot">The slot it was added with.</param>
    /// <param name="forWriting">Whether it waits to send, rather than to receive.</param>
    void Arm(int slot, bool forWriting);

    /// <summary>Stops watching; called before the socket is closed.</summary>
    void Remove(int slot);

    /// <summary>
    /// The same for a socket that another process may have open too, whose events would go on after it is closed here.
    /// </summary>
    void RemoveShared(int slot, Socket socket);

    /// <summary>
    /// Waits up to <paramref name="timeoutMs"/> for events, or for <see cref="Wake"/>; returns how many were stored.
    /// </summary>
    int Wait(Span<ReadyEvent> events, int timeoutMs);

    /// <summary>Ends one wait that is under way, or else the next one.</summary>
    void Wake();
}
