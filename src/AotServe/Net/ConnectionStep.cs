namespace AotServe.Net;

/// <summary>What a phase of a <see cref="Connection"/> asks for next.</summary>
internal enum ConnectionStep
{
    /// <summary>Go on with the phase that the connection is in now.</summary>
    Continue,

    /// <summary>Send what was gathered, then read more bytes.</summary>
    Receive,

    /// <summary>The socket would block: wait for an event.</summary>
    Wait,

    /// <summary>There is more to do, after other connections had their turn.</summary>
    Yield,

    /// <summary>Close the connection.</summary>
    Close,
}
