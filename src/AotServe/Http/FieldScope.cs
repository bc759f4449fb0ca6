namespace AotServe.Http;

/// <summary>Which answers a field that the owner of a site sets belongs on, by what it speaks of.</summary>
internal enum FieldScope
{
    /// <summary>Every answer: what it says holds of the site (<c>X-Frame-Options</c>, <c>Set-Cookie</c>).</summary>
    EveryAnswer,

    /// <summary>
    /// Answers below 400: how long they may be kept. An error that carried an asset's year would outlive its cause.
    /// </summary>
    Caching,

    /// <summary>200 and 206: it describes the content, and an error page or a redirect has other content.</summary>
    Content,
}
