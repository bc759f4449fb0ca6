namespace AotServe.Http;

/// <summary>What the connection does with the body of a request before the handler answers.</summary>
internal enum BodyUse
{
    /// <summary>
    /// Read and validate it, then discard it. If it is longer than <see cref="HttpLimits.Body"/>, or the client waits for
    /// <c>100 Continue</c>, the response is sent without reading it, and the connection closes.
    /// </summary>
    Discard,

    /// <summary>Read all of it and pass it to the handler; 413 if it is longer than <see cref="HttpLimits.Body"/>.</summary>
    Read,
}
