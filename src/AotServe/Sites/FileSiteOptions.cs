namespace AotServe.Sites;

/// <summary>What one <see cref="FileSite"/> serves and how. The program fills it in from the command line.</summary>
internal sealed record FileSiteOptions
{
    /// <summary>The folder whose files are served.</summary>
    public required string Root { get; init; }
}
