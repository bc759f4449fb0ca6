using System;
using System.Net.Sockets;

namespace AotServe.Net;

/// <summary>
/// Waits for sockets to become ready. At most <see cref="MostWaiting"/> threads call <see cref="Wait"/> at once; any thread
/// may call the rest. Callers may rely only on what both implementations do: after an event of a socket there may be no other
/// until <see cref="Arm"/>, and there may be an event although the socket is not ready.
/// </summary>
internal interface IPoller : IDisposable
{
    /// <summary>How many threads may wait at once; an event goes to one of them.</summary>
    int MostWaiting { get; }

    /// <summary>Starts to watch a socket, for reading. If it can be read already, that is an event too.</summary>
    /// <param name="slot">The number that its events have.</param>
    /// <param name="socket">Not owned.</param>
    /// <exception cref="SocketException">The kernel cannot watch one more.</exception>
    void Add(int slot, Socket socket);

    /// <summary>Watches a socket for writing, too, from now on. Called once, before the first <see cref="Arm"/> for that.</summary>
    /// <param name="slot">The slot it was added with.</param>
    /// <param name="socket">The socket.</param>
    /// <exception cref="SocketException">The kernel cannot watch it.</exception>
    void AddWriting(int slot, Socket socket);

    /// <summary>Asks for the next event of a socket. Called by its owner, when reading or writing would block.</summary>
    /// <param name="slot">The slot it was added with.</param>
    /// <param name="forWriting">Whether it waits to send, rather than to receive.</param>
    void Arm(int slot, bool forWriting);

    /// <summary>Stops watching a socket. Called before it is closed.</summary>
    void Remove(int slot);

    /// <summary>
    /// The same for a socket that another process may have open too. Its events would go on after it is closed here.
    /// </summary>
    void RemoveShared(int slot, Socket socket);

    /// <summary>
    /// Has <paramref name="ready"/> called by whoever waits when a descriptor that is no socket can be read, before the events of sockets that
    /// came with it are handled. It must not wait or throw. False: this poller cannot. Called at most once.
    /// </summary>
    bool Await(int descriptor, Action ready);

    /// <summary>
    /// Waits up to <paramref name="timeoutMs"/> for events, or for <see cref="Wake"/>; returns how many were stored. Does not throw.
    /// A poller that cannot wait any more says so once to whoever made it, and from then on returns after some ms.
    /// </summary>
    int Wait(Span<ReadyEvent> events, int timeoutMs);

    /// <summary>Ends one wait that is in progress, or else the next one.</summary>
    void Wake();
}
