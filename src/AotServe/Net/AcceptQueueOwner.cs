namespace AotServe.Net;

/// <summary>
/// Who accepts the connections that wait in the accept queue of a listening socket when this server stops (listen(2)).
/// </summary>
internal enum AcceptQueueOwner
{
    /// <summary>This server alone: no other process has the socket open, and what is not accepted now is lost.</summary>
    ThisServer,

    /// <summary>
    /// Perhaps another process too, such as a service manager or a server before this one: nothing of the socket is changed.
    /// </summary>
    Shared,

    /// <summary>A successor, which has the socket open and serves: the queue is left to it.</summary>
    Successor,
}
