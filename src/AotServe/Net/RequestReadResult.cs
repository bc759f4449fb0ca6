namespace AotServe.Net;

/// <summary>How far a <see cref="RequestReader"/> got with the next request.</summary>
internal enum RequestReadResult
{
    /// <summary>It needs more bytes.</summary>
    Incomplete,

    /// <summary>The request is complete and can be answered.</summary>
    Complete,

    /// <summary>It breaks a rule (<see cref="RequestReader.Rejection"/>): the response says which, and is the last.</summary>
    Rejected,

    /// <summary>It cannot be read (<see cref="RequestReader.ErrorStatus"/>): the response says so, and is the last.</summary>
    Failed,

    /// <summary>The client has far more connections than its share: this one is to close.</summary>
    Refused,
}
