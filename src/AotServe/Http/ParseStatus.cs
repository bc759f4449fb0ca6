namespace AotServe.Http;

/// <summary>The result of parsing a request's head, or more of its body, from the bytes received so far.</summary>
internal enum ParseStatus
{
    /// <summary>Valid so far; more bytes are needed.</summary>
    Incomplete,

    /// <summary>The head, or the body, is complete and valid.</summary>
    Complete,

    /// <summary>The bytes violate a rule or a limit: see <see cref="Rejection"/>. The connection must close.</summary>
    Rejected,
}
