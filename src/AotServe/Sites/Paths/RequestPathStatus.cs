namespace AotServe.Sites.Paths;

/// <summary>The result of turning a request's path into a file's (see <see cref="RequestPath"/>).</summary>
internal enum RequestPathStatus
{
    /// <summary>The path names something beneath the root, which may or may not exist.</summary>
    Valid,

    /// <summary>A <c>%</c> that two hexadecimal digits do not follow (RFC 3986 §2.1): 400.</summary>
    InvalidEncoding,

    /// <summary>A NUL byte, plain or encoded, which would end a C string early: 400.</summary>
    NulByte,

    /// <summary>More <c>..</c> segments than folders before them: 400.</summary>
    AboveRoot,

    /// <summary>
    /// Well formed, but no file that may be served can have that name: a dot file's, one with a slash in it, one that is too long. An
    /// unknown address like any other.
    /// </summary>
    NoFile,
}
