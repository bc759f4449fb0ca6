using System;

namespace AotServe.Http;

/// <summary>The error response to each <see cref="Rejection"/>.</summary>
internal static class RejectionExtensions
{
    /// <summary>The status code: 4xx or 5xx.</summary>
    public static int Status(this Rejection rejection) => rejection switch
    {
        Rejection.RequestLineTooLong => 414,
        Rejection.MethodTooLong => 501,
        Rejection.UnsupportedExpectation => 417,
        Rejection.FieldSectionTooLarge => 431,
        Rejection.TooManyFieldLines => 431,
        Rejection.TrailerSectionTooLarge => 431,
        Rejection.UnsupportedTransferCoding => 501,
        Rejection.UnsupportedVersion => 505,
        _ => 400,
    };

    /// <summary>One sentence in ASCII for the error page: what is wrong with the request.</summary>
    public static ReadOnlySpan<byte> Detail(this Rejection rejection) => rejection switch
    {
        Rejection.BadLineEnd => "A line does not end in CR LF."u8,
        Rejection.BadMethod => "The request does not begin with a method and one space."u8,
        Rejection.BadTarget => "The request target is malformed, or not of a form that its method has."u8,
        Rejection.BadVersion => "The request line does not end in an HTTP version."u8,
        Rejection.UnsupportedVersion => "This server speaks HTTP/1.1 and HTTP/1.0."u8,
        Rejection.MethodTooLong => "This server does not know that method."u8,
        Rejection.RequestLineTooLong => "The request line is longer than 8 KiB."u8,
        Rejection.BadFieldName => "A header line does not begin with a name and a colon."u8,
        Rejection.SpaceBeforeColon => "A header line has whitespace between its name and the colon."u8,
        Rejection.FoldedField => "A header line begins with whitespace."u8,
        Rejection.BadFieldValue => "A header line has a control character in its value."u8,
        Rejection.FieldSectionTooLarge => "The header section is larger than 32 KiB."u8,
        Rejection.TooManyFieldLines => "There are more than 100 header lines."u8,
        Rejection.MissingHost => "An HTTP/1.1 request needs a Host header."u8,
        Rejection.RepeatedHost => "There is more than one Host header."u8,
        Rejection.BadHost => "The Host header is not a host with an optional port."u8,
        Rejection.BadContentLength => "The Content-Length is not a number, or too large."u8,
        Rejection.RepeatedContentLength => "There is more than one Content-Length."u8,
        Rejection.LengthAndTransferEncoding => "There are both a Content-Length and a Transfer-Encoding."u8,
        Rejection.BadTransferEncoding => "The Transfer-Encoding is malformed, or does not end in chunked."u8,
        Rejection.TransferEncodingInHttp10 => "HTTP/1.0 has no Transfer-Encoding."u8,
        Rejection.UnsupportedTransferCoding => "The only transfer coding known here is chunked."u8,
        Rejection.UnsupportedExpectation => "The only expectation known here is 100-continue."u8,
        Rejection.BadChunkSize => "A chunk's size is not a hexadecimal number of at most 15 digits."u8,
        Rejection.BadChunkExtension => "A chunk extension is malformed."u8,
        Rejection.ChunkExtensionsTooLong => "The chunk extensions are too long."u8,
        Rejection.BadChunkEnd => "A chunk's data is not followed by CR LF."u8,
        Rejection.TrailerSectionTooLarge => "The trailer section is larger than 8 KiB or has more than 100 lines."u8,
        Rejection.BadProxyHeader => "Connections to this server begin with a header of the PROXY protocol, and this one is missing or malformed."u8,
        _ => default,
    };
}
