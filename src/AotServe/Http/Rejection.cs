namespace AotServe.Http;

/// <summary>
/// Why a request was rejected before the handler saw it. <see cref="RejectionExtensions"/> has the status and the sentence
/// for each.
/// </summary>
internal enum Rejection
{
    /// <summary>Not rejected.</summary>
    None,

    /// <summary>A line that ends in CR without LF, or in LF without CR (RFC 9112 §2.2).</summary>
    BadLineEnd,

    /// <summary>The method is not a token followed by one space (RFC 9112 §3.1).</summary>
    BadMethod,

    /// <summary>
    /// The request target has a byte outside of visible ASCII or a <c>\</c> before its query, or a form that its method does not allow.
    /// </summary>
    BadTarget,

    /// <summary>The target is not followed by <c>HTTP/d.d</c> and the end of the line (RFC 9112 §2.3).</summary>
    BadVersion,

    /// <summary>A well-formed version whose major number is not 1.</summary>
    UnsupportedVersion,

    /// <summary>More than <see cref="HttpLimits.RequestLine"/>.</summary>
    RequestLineTooLong,

    /// <summary>The same, with a method longer than any that exists (RFC 9112 §3).</summary>
    MethodTooLong,

    /// <summary>A field name that is not a token followed by a colon (RFC 9112 §5).</summary>
    BadFieldName,

    /// <summary>Whitespace between field name and colon (RFC 9112 §5.1).</summary>
    SpaceBeforeColon,

    /// <summary>A field line that begins with whitespace: obs-fold (RFC 9112 §5.2), or the first line (§2.2).</summary>
    FoldedField,

    /// <summary>A control byte in a field value (RFC 9110 §5.5).</summary>
    BadFieldValue,

    /// <summary>More than <see cref="HttpLimits.FieldSection"/>.</summary>
    FieldSectionTooLarge,

    /// <summary>More than <see cref="HttpLimits.FieldLines"/>.</summary>
    TooManyFieldLines,

    /// <summary>An HTTP/1.1 request without Host (RFC 9112 §3.2).</summary>
    MissingHost,

    /// <summary>More than one Host.</summary>
    RepeatedHost,

    /// <summary>A Host that is not <c>uri-host [":" port]</c>, with a host that is not empty.</summary>
    BadHost,

    /// <summary>A Content-Length that is not a decimal number, begins with a superfluous zero, or is above 2⁶³ − 1 (RFC 9112 §6.3).</summary>
    BadContentLength,

    /// <summary>More than one Content-Length, equal or not.</summary>
    RepeatedContentLength,

    /// <summary>Both Content-Length and Transfer-Encoding (RFC 9112 §6.1).</summary>
    LengthAndTransferEncoding,

    /// <summary>A transfer coding list that is malformed, or does not end in chunked (RFC 9112 §6.3).</summary>
    BadTransferEncoding,

    /// <summary>Transfer-Encoding in HTTP/1.0: the framing must be treated as faulty (RFC 9112 §6.1).</summary>
    TransferEncodingInHttp10,

    /// <summary>A well-formed transfer coding list with a coding other than chunked.</summary>
    UnsupportedTransferCoding,

    /// <summary>An expectation other than <c>100-continue</c> (RFC 9110 §10.1.1).</summary>
    UnsupportedExpectation,

    /// <summary>A chunk size that is not 1 to 15 hexadecimal digits (RFC 9112 §7.1).</summary>
    BadChunkSize,

    /// <summary>A malformed chunk extension (RFC 9112 §7.1.1).</summary>
    BadChunkExtension,

    /// <summary>More than <see cref="HttpLimits.ChunkLine"/> or <see cref="HttpLimits.ChunkExtensions"/>.</summary>
    ChunkExtensionsTooLong,

    /// <summary>Chunk data that is not followed by CRLF.</summary>
    BadChunkEnd,

    /// <summary>More than <see cref="HttpLimits.TrailerSection"/> or <see cref="HttpLimits.FieldLines"/>.</summary>
    TrailerSectionTooLarge,

    /// <summary>A connection that has to begin with a header of the PROXY protocol, and does not.</summary>
    BadProxyHeader,
}
