namespace AotServe.Sites.Representations;

/// <summary>The result of evaluating the preconditions of a request.</summary>
internal enum PreconditionOutcome
{
    /// <summary>The request is answered normally.</summary>
    Hold,

    /// <summary>The client has the current representation: 304.</summary>
    NotModified,

    /// <summary>The client has the current representation, under the tag that it had before its bytes were known: 304.</summary>
    SameVersion,

    /// <summary>The resource is not in the state that the client requires: 412.</summary>
    Failed,
}
