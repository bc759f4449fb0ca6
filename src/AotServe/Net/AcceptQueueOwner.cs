namespace AotServe.Net;

/// <summary>Whose the connections are that wait in the queue of a listening socket when this server stops.</summary>
internal enum AcceptQueueOwner
{
    /// <summary>No other process has the socket open: what is not accepted now is lost.</summary>
    Alone,

    /// <summary>Another process (a service manager, a server before this one) may have it open: nothing of it is changed.</summary>
    Shared,

    /// <summary>Another server has it open and serves: the queue is left to it.</summary>
    Theirs,
}
