namespace AotServe.Net;

/// <summary>How far an attempt to send got.</summary>
internal enum SendResult
{
    /// <summary>Everything is with the kernel.</summary>
    Done,

    /// <summary>The socket's buffer is full: the client has to take some of it first.</summary>
    Blocked,

    /// <summary>The socket would take more, but this turn has sent its share: other connections come first.</summary>
    Yield,

    /// <summary>The connection broke, or the file ended before it should have: only closing is left.</summary>
    Failed,

    /// <summary>The file of the body cannot be read, and no byte of the response was sent: another can take its place.</summary>
    Unreadable,
}
