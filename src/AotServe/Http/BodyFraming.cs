namespace AotServe.Http;

/// <summary>How the length of a request's body is determined (RFC 9112 §6).</summary>
internal enum BodyFraming
{
    /// <summary>There is no body: neither Content-Length nor Transfer-Encoding, or a Content-Length of 0.</summary>
    None,

    /// <summary>Exactly <see cref="RequestHead.ContentLength"/> bytes, more than 0.</summary>
    ContentLength,

    /// <summary>The chunked coding (RFC 9112 §7.1), decoded by <see cref="ChunkedDecoder"/>.</summary>
    Chunked,
}
