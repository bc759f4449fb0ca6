namespace AotServe.Http;

/// <summary>What a handler wants done with the body of a request before it answers.</summary>
internal enum BodyUse
{
    /// <summary>
    /// Frame and validate it, keep none of it. Where it is longer than <see cref="HttpLimits.Body"/>, or the client
    /// waits for <c>100 Continue</c>, the answer goes out without it and the connection closes.
    /// </summary>
    Discard,

    /// <summary>Read it whole and hand it to the handler; longer than <see cref="HttpLimits.Body"/> is 413.</summary>
    Read,
}
