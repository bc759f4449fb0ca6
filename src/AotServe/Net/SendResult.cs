namespace AotServe.Net;

/// <summary>What came of sending.</summary>
internal enum SendResult
{
    /// <summary>Everything is with the kernel.</summary>
    Done,

    /// <summary>The client has to take some of it first.</summary>
    Blocked,

    /// <summary>A good deal was sent and the socket would take more: let others have a turn.</summary>
    Yield,

    /// <summary>The connection broke, or the file ended before it should have: only closing is left.</summary>
    Failed,
}
