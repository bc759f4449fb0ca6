namespace AotServe.Http;

/// <summary>The four forms of a request target (RFC 9112 §3.2).</summary>
internal enum TargetForm
{
    /// <summary><c>/path?query</c>, of every method but CONNECT.</summary>
    Origin,

    /// <summary><c>http://authority/path?query</c>; its authority takes the place of the Host field.</summary>
    Absolute,

    /// <summary><c>host:port</c>, of CONNECT only.</summary>
    Authority,

    /// <summary><c>*</c>, of OPTIONS only.</summary>
    Asterisk,
}
