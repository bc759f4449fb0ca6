namespace AotServe.Http;

/// <summary>The four forms of a request target (RFC 9112 §3.2).</summary>
internal enum TargetForm
{
    /// <summary><c>/path?query</c>: every method but CONNECT.</summary>
    Origin,

    /// <summary><c>http://authority/path?query</c>; its authority replaces the Host field.</summary>
    Absolute,

    /// <summary><c>host:port</c>: CONNECT only.</summary>
    Authority,

    /// <summary><c>*</c>: OPTIONS only.</summary>
    Asterisk,
}
