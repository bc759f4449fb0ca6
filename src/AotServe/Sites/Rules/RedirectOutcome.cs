namespace AotServe.Sites.Rules;

/// <summary>What the redirect rules of a site did with a request.</summary>
internal enum RedirectOutcome
{
    /// <summary>No rule applies.</summary>
    None,

    /// <summary>A redirect was written to the response, or 414 if its target would be too long.</summary>
    Answered,

    /// <summary>The path was replaced by that of another file, to be answered with status 200.</summary>
    Rewritten,

    /// <summary>The path was replaced by that of another file, to be answered with status 404.</summary>
    RewrittenNotFound,

    /// <summary>The path should have been replaced, but the target is not the path of any file: 404.</summary>
    RewrittenToNothing,
}
