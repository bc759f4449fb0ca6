using System;

namespace AotServe.Fuzzing;

/// <summary>What is wrong with a message, as <see cref="ReferenceReader"/> sees it; several at a time.</summary>
[Flags]
internal enum Flaws
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A LF without CR ends a line.</summary>
    BareLineFeed = 1 << 0,

    /// <summary>The request line is not <c>method SP target SP HTTP/d.d</c>.</summary>
    RequestLine = 1 << 1,

    /// <summary>The target is not of a form that its method has.</summary>
    Target = 1 << 2,

    /// <summary>The major version is not 1.</summary>
    MajorVersion = 1 << 3,

    /// <summary>A field line is not a token, a colon and a value of allowed bytes.</summary>
    FieldLine = 1 << 4,

    /// <summary>A field line begins with whitespace.</summary>
    Folded = 1 << 5,

    /// <summary>Whitespace before the colon.</summary>
    SpaceBeforeColon = 1 << 6,

    /// <summary>HTTP/1.1 without Host.</summary>
    NoHost = 1 << 7,

    /// <summary>More than one Host.</summary>
    SeveralHosts = 1 << 8,

    /// <summary>Host is no host with an optional port.</summary>
    Host = 1 << 9,

    /// <summary>Content-Length is no number, begins with a superfluous zero, or is beyond 2⁶³ − 1.</summary>
    Length = 1 << 10,

    /// <summary>More than one Content-Length line.</summary>
    SeveralLengths = 1 << 11,

    /// <summary>Content-Length and Transfer-Encoding.</summary>
    LengthAndCoding = 1 << 12,

    /// <summary>Transfer-Encoding says anything but <c>chunked</c>.</summary>
    Coding = 1 << 13,

    /// <summary>Transfer-Encoding in HTTP/1.0.</summary>
    CodingInHttp10 = 1 << 14,

    /// <summary>An expectation other than <c>100-continue</c>.</summary>
    Expectation = 1 << 15,

    /// <summary>The line before a chunk's data is malformed.</summary>
    ChunkLine = 1 << 16,

    /// <summary>A chunk's data does not end where its size says.</summary>
    ChunkEnd = 1 << 17,

    /// <summary>A trailer is malformed.</summary>
    Trailer = 1 << 18,

    /// <summary>Longer than the server's limits allow.</summary>
    TooLarge = 1 << 19,
}
