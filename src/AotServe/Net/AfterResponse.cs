namespace AotServe.Net;

/// <summary>What a <see cref="Connection"/> does after the response that it is sending.</summary>
internal enum AfterResponse
{
    /// <summary>It reads the next request.</summary>
    ReadRequest,

    /// <summary>It sends FIN and waits for the client's own, since the client may still be sending (RFC 9112 §9.6).</summary>
    Linger,

    /// <summary>It closes. The client said that it sends no more requests, so it need not be waited for.</summary>
    Close,
}
