namespace AotServe.Http;

/// <summary>Decides whether a connection may persist after the response being written (RFC 9112 §9.3).</summary>
internal interface IPersistence
{
    /// <summary>Whether the server would answer another request on this connection.</summary>
    bool MayPersist { get; }
}
