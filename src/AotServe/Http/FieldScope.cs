namespace AotServe.Http;

/// <summary>The responses that a field set by the owner of a site applies to.</summary>
internal enum FieldScope
{
    /// <summary>Every response: the field describes the site (<c>X-Frame-Options</c>, <c>Set-Cookie</c>).</summary>
    EveryResponse,

    /// <summary>
    /// Status below 400: the field says how long caches may keep the response. With an asset's lifetime of a year, an error
    /// would stay in caches long after its cause is gone.
    /// </summary>
    Caching,

    /// <summary>200 and 206: the field describes the file's content, which an error page or a redirect does not have.</summary>
    Content,
}
