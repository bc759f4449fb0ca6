namespace AotServe.Http;

/// <summary>What came of looking for a request's head, or for more of its body, in the bytes received so far.</summary>
internal enum ParseStatus
{
    /// <summary>Nothing is wrong so far; more bytes are needed.</summary>
    Incomplete,

    /// <summary>The head, or the body, is complete and valid.</summary>
    Complete,

    /// <summary>The bytes break a rule or a limit, see the <see cref="Rejection"/>; the connection must close.</summary>
    Rejected,
}
