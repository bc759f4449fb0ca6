namespace AotServe.Net;

/// <summary>How long a client may take for what, in milliseconds.</summary>
internal static class Timeouts
{
    /// <summary>For a whole head, from its first byte: 408 after it.</summary>
    public const int Head = 10_000;

    /// <summary>For the next bytes of a body: 408 after it.</summary>
    public const int Body = 30_000;

    /// <summary>For a client to take more of an answer: cut off after it.</summary>
    public const int Send = 30_000;

    /// <summary>For the next request on a connection, and for the first: closed after it.</summary>
    public const int Idle = 60_000;

    /// <summary>For a client to close its side after the last answer, while what it still sends is discarded.</summary>
    public const int Linger = 2_000;

    /// <summary>During a stop, a connection that was active this short a time before may still send a request …</summary>
    public const int RecentlyActive = 1_000;

    /// <summary>… for this long.</summary>
    public const int LastRequest = 500;
}
