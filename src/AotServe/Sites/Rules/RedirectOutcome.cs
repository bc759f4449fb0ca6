namespace AotServe.Sites.Rules;

/// <summary>What a site's redirects make of a request.</summary>
internal enum RedirectOutcome
{
    /// <summary>No rule is for it.</summary>
    None,

    /// <summary>It is answered with a redirect.</summary>
    Answered,

    /// <summary>It is to be answered with another file, with status 200.</summary>
    Rewritten,

    /// <summary>It is to be answered with another file, with status 404.</summary>
    RewrittenNotFound,

    /// <summary>It is to be answered with another file, whose path turned out to be none.</summary>
    RewrittenToNothing,
}
