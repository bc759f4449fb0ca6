namespace AotServe.Http;

/// <summary>What knows whether a connection may persist after the answer that is being written (RFC 9112 §9.3).</summary>
internal interface IPersistence
{
    /// <summary>Whether another request would be answered on it.</summary>
    bool MayPersist { get; }
}
