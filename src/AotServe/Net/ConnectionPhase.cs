namespace AotServe.Net;

/// <summary>What a <see cref="Connection"/> is doing.</summary>
internal enum ConnectionPhase
{
    /// <summary>Between requests, or before the first.</summary>
    Idle,

    /// <summary>A TLS handshake has begun and is not done.</summary>
    Handshaking,

    /// <summary>Part of a head has arrived.</summary>
    ReadingHead,

    /// <summary>The head is complete, the body is not.</summary>
    ReadingBody,

    /// <summary>
    /// The response waits for the work of another thread (<see cref="Http.Deferral"/>). Then the request is handled again.
    /// </summary>
    Deferred,

    /// <summary>One or more responses are in the worker's output. Lasts no longer than a turn.</summary>
    Responding,

    /// <summary>The client has to take more of a response before anything else happens.</summary>
    Sending,

    /// <summary>The response is with the kernel. Whether another request has arrived is the next thing to see.</summary>
    Responded,

    /// <summary>The last response and FIN are sent. What still arrives is discarded.</summary>
    Lingering,
}
