namespace AotServe.Http;

/// <summary>The limits on what a client may send, in bytes unless named otherwise.</summary>
internal static class HttpLimits
{
    /// <summary>The longest request line, without its CRLF. Above it: 414.</summary>
    public const int RequestLine = 8 * 1024;

    /// <summary>The longest field section: all lines with their CRLFs. Above it: 431.</summary>
    public const int FieldSection = 32 * 1024;

    /// <summary>The largest number of field lines in a field section. Above it: 431.</summary>
    public const int FieldLines = 100;

    /// <summary>
    /// The longest body that is read for a handler (above it: 413), and the longest that is read and discarded to keep the
    /// connection.
    /// </summary>
    public const int Body = 1024 * 1024;

    /// <summary>The longest first line of a chunk: size and extensions, without the CRLF.</summary>
    public const int ChunkLine = 4 * 1024;

    /// <summary>The largest total length of all chunk extensions in one body.</summary>
    public const int ChunkExtensions = 16 * 1024;

    /// <summary>The longest trailer section of a chunked body, which also has at most <see cref="FieldLines"/> lines.</summary>
    public const int TrailerSection = 8 * 1024;
}
