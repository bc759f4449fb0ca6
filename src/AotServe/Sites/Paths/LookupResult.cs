using AotServe.Files;

namespace AotServe.Sites.Paths;

/// <summary>What <see cref="PageLookup"/> found. The path that was looked up is then the path of what was found.</summary>
/// <remarks>No record: what a record adds to an executable (comparison, formatting) has no use here.</remarks>
internal readonly struct LookupResult
{
    /// <summary>Something was found; the outcome says what.</summary>
    public LookupResult(PageOutcome outcome) => (Outcome, Failure) = (outcome, FileOutcome.Found);

    /// <summary>Nothing was found, for that reason.</summary>
    public LookupResult(FileOutcome failure) => (Outcome, Failure) = (PageOutcome.Missing, failure);

    public PageOutcome Outcome { get; }

    /// <summary>Why the outcome is <see cref="PageOutcome.Missing"/>.</summary>
    public FileOutcome Failure { get; }

    /// <summary>Whether there is something to answer with.</summary>
    public bool IsFound => Outcome != PageOutcome.Missing;

    /// <summary>Whether the file system failed, so that it is not known whether there is something.</summary>
    public bool IsFailure => !IsFound && Failure != FileOutcome.NotFound;
}
