namespace AotServe.Sites.Rules;

/// <summary>What the redirect rules of a site did with a request.</summary>
internal enum RedirectOutcome
{
    /// <summary>No rule applies.</summary>
    None,

    /// <summary>A redirect was written to the response, or 414 if its target would be too long.</summary>
    Answered,

    /// <summary>The path was replaced by that of another file, to be answered with status 200.</summary>
    Rewritten = 200,

    /// <summary>The same with status 404. The status is the value, here and for those that follow.</summary>
    RewrittenNotFound = 404,

    /// <summary>The same with status 410.</summary>
    RewrittenGone = 410,

    /// <summary>The same with status 451.</summary>
    RewrittenForLegalReasons = 451,

    /// <summary>The same with status 503.</summary>
    RewrittenUnavailable = 503,
}
