namespace AotServe.Sites.Representations;

/// <summary>What the preconditions of a request lead to.</summary>
internal enum PreconditionOutcome
{
    /// <summary>The request is answered as if there were none.</summary>
    Hold,

    /// <summary>The client has what it would get: 304.</summary>
    NotModified,

    /// <summary>The client wants an answer only for another state of the resource: 412.</summary>
    Failed,
}
