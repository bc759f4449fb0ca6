namespace AotServe.Http;

/// <summary>The limits on what a client may send, in one place. Bytes unless named otherwise.</summary>
internal static class HttpLimits
{
    /// <summary>The longest request line, without its CRLF: 414 above it.</summary>
    public const int RequestLine = 8 * 1024;

    /// <summary>The longest field section, all lines with their CRLFs: 431 above it.</summary>
    public const int FieldSection = 32 * 1024;

    /// <summary>The most field lines in a field section: 431 above it.</summary>
    public const int FieldLines = 100;

    /// <summary>The longest head: request line, field section, and the line ends around them.</summary>
    public const int Head = RequestLine + FieldSection + 8;

    /// <summary>
    /// The longest body, where one is read (413 above it), and the longest that is read and discarded to keep a
    /// connection where none is wanted.
    /// </summary>
    public const int Body = 1024 * 1024;

    /// <summary>The longest line that begins a chunk: its size, its extensions, without the CRLF.</summary>
    public const int ChunkLine = 4 * 1024;

    /// <summary>The longest sum of all chunk extensions in one body.</summary>
    public const int ChunkExtensions = 16 * 1024;

    /// <summary>The longest trailer section of a chunked body; it has at most <see cref="FieldLines"/> lines too.</summary>
    public const int TrailerSection = 8 * 1024;
}
